package dev.pare.train;

import dev.pare.candidate.Averaging;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Distillation.Logits;
import dev.pare.candidate.Distillation.Loss;
import dev.pare.candidate.Distillation.Relation;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.ParameterTensor;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Processor time of a training step of LeNet-300-100 with 2 % of its weights, 256 examples a batch,
 * by each loss: the least of five runs.
 */
class LossBenchmark {
  private static final Architecture LENET =
      new Architecture(
          new InputShape(784, 1, 1, 255),
          List.of(
              new Dense(300, Activation.RELU),
              new Dense(100, Activation.RELU),
              new Dense(10, Activation.SOFTMAX)));
  private static final int EXAMPLES = 256 * 16;
  private static final int EPOCHS = 8;

  private static Distillation of(Loss loss, Logits logits, Relation relation) {
    return new Distillation(0, loss, logits, 1, 8, null, null, relation, null);
  }

  @Test
  void timesAStepByEachLoss() {
    Examples examples = new RandomExamples(EXAMPLES, 784, 10);
    float[] teacher = new float[EXAMPLES * 10];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = (float) random.nextDouble(-4, 4);
    }
    BatchLoss labels = DistillationLoss.ofLabels(examples, 0);
    Map<String, BatchLoss> losses = new LinkedHashMap<>();
    losses.put("labels", labels);
    for (Loss loss : Loss.values()) {
      for (Logits logits : Logits.values()) {
        losses.put(
            loss + " " + logits,
            DistillationLoss.ofTeacher(examples, teacher, 4, 0.7, of(loss, logits, Relation.NONE)));
      }
    }
    for (Relation relation : Relation.values()) {
      if (relation != Relation.NONE) {
        Distillation settings = of(Loss.SOFT_TARGETS, Logits.RAW, relation);
        losses.put(relation.name(), new RelationLoss(labels, settings, teacher, 10));
      }
    }
    Map<String, Double> least = new LinkedHashMap<>();
    for (int run = 0; run < 5; run++) {
      losses.forEach((name, loss) -> least.merge(name, milliseconds(examples, loss), Math::min));
    }
    least.forEach((name, ms) -> System.out.printf(Locale.ROOT, "%-32s %6.2f ms%n", name, ms));
  }

  private static double milliseconds(Examples examples, BatchLoss loss) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(LENET, 1));
    SplittableRandom random = new SplittableRandom(2);
    for (ParameterTensor tensor : LENET.weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (random.nextInt(50) != 0) {
          weights.prune(i);
        }
      }
    }
    Training training =
        new Training(
            EPOCHS,
            256,
            1e-3,
            Training.Decay.COSINE,
            0,
            4,
            0.7,
            Distillation.USUAL,
            Averaging.NONE,
            null);
    Trainer trainer = new Trainer(LENET, examples, EXAMPLES, loss, training, 0, 6);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    trainer.train(weights, Schedule.NONE);
    long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return (after - before) / 1e6 / trainer.steps();
  }
}
