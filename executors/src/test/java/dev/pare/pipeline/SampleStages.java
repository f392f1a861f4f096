package dev.pare.pipeline;

import dev.pare.candidate.Encode;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.pipeline.StageTask.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A small teacher, what it teaches, and stages for its students. */
final class SampleStages {
  static final StageKey TEACHER = key('0');
  static final Provenance PROVENANCE =
      new Provenance(7, "1.2.3", "17.0.1", "Linux amd64", "OpenBLAS", "0@host");

  private SampleStages() {}

  static StageKey key(char digit) {
    return new StageKey(String.valueOf(digit).repeat(64));
  }

  static Network teacher() {
    return Initialization.random(
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(new Dense(8, Activation.RELU), new Dense(3, Activation.SOFTMAX))),
        5);
  }

  static DistillationData distillation() {
    SplittableRandom random = new SplittableRandom(3);
    Examples train = MemoryExamples.clusters(120, 6, 3, random);
    return new DistillationData(
        train,
        train.size(),
        MemoryExamples.clusters(40, 6, 3, random),
        Evaluator.logits(teacher(), train));
  }

  static Training training(double learningRate) {
    return new Training(2, 16, learningRate, Training.Decay.COSINE, 0, 4, 0.7);
  }

  static Prune prune(double learningRate) {
    return new Prune(
        0.5,
        null,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.6,
        training(learningRate));
  }

  static Quantize quantize() {
    return new Quantize(2, Quantize.Quantizer.CODEBOOK, 0, training(0.001));
  }

  /** Runs a task in this thread, with a cache of its own. */
  static List<StageReport> run(StageStore store, DistillationData distillation, StageTask task) {
    return new StageRunner(store, distillation, new ProductCache(0), task, PROVENANCE).run();
  }

  /** A task of steps one after the other, with the keys of the given digits; the last is kept. */
  static StageTask task(StageKey parent, String digits, StageSettings... settings) {
    List<StageTask.Step> steps = new ArrayList<>();
    StageKey from = parent;
    for (int i = 0; i < settings.length; i++) {
      StageKey key = key(digits.charAt(i));
      boolean last = i == settings.length - 1;
      steps.add(step(key, from, settings[i], last ? Product.KEPT : Product.PASSED_ON));
      from = key;
    }
    return new StageTask(steps);
  }

  static StageTask.Step step(
      StageKey key, StageKey parent, StageSettings settings, Product product) {
    return new StageTask.Step(key, parent, settings, product);
  }

  /** The whole way of a candidate in one task. */
  static StageTask candidate() {
    return task(TEACHER, "123", prune(0.001), quantize(), new Encode(Encode.Precision.FLOAT32));
  }
}
