package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.BiasPrecision;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.EquivalentNetworks;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.FoldedNormalization;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.TablePrecision;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.model.Network;
import dev.pare.sparsify.MagnitudePruning;
import dev.pare.sparsify.Reduction;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import dev.pare.train.Variables;
import java.util.Arrays;

/** The stages that change a student. */
final class CandidatePipeline {
  private final Lessons lessons;

  CandidatePipeline(Lessons lessons) {
    this.lessons = requireNonNull(lessons, "lessons is null");
  }

  /**
   * Runs one stage.
   *
   * @param student left as it is
   * @param seed of all that is random in the stage
   */
  CompressedNetwork run(StageSettings settings, CompressedNetwork student, long seed) {
    return switch (settings.kind()) {
      case PRUNE -> prune((Prune) settings, student.toNetwork(), seed).withOrigin(student.origin());
      case QUANTIZE ->
          new Quantization(lessons, (Quantize) settings, seed)
              .run(student)
              .withOrigin(student.origin());
      case ENCODE -> encode((Encode) settings, student);
    };
  }

  /** Weights are still to go here, and zero ones may come back: only inputs can be left out. */
  private CompressedNetwork prune(Prune settings, Network student, long seed) {
    Reduction reduction = Reduction.ofInputs(student, lessons.constants());
    MaskedWeights weights = new MaskedWeights(reduction.network());
    MagnitudePruning pruning = new MagnitudePruning(settings, reduction, weights);
    train(reduction, settings.training(), weights, pruning, seed);
    pruning.prune();
    return floats(reduction.expand(weights.network()));
  }

  /** The same function, up to the precision asked for, in fewer bytes. */
  private static CompressedNetwork encode(Encode settings, CompressedNetwork student) {
    CompressedNetwork folded =
        settings.batchNormalization() == BatchNormalization.FOLD
            ? FoldedNormalization.apply(student)
            : student;
    CompressedNetwork simple = EquivalentNetworks.simplify(folded);
    CompressedNetwork normalized =
        switch (settings.normalizationPrecision()) {
          case FLOAT32 -> simple;
          case FLOAT16 -> BiasPrecision.FLOAT16.applyToNormalization(simple);
          case FLOAT8 -> BiasPrecision.FLOAT8.applyToNormalization(simple);
        };
    CompressedNetwork rounded =
        switch (settings.precision()) {
          case FLOAT32 -> normalized;
          case FLOAT16 -> BiasPrecision.FLOAT16.apply(TablePrecision.FLOAT16.apply(normalized));
          case UNIFORM8 -> BiasPrecision.UNIFORM8.apply(TablePrecision.FLOAT16.apply(normalized));
          case FLOAT8 -> BiasPrecision.UNIFORM8.apply(TablePrecision.FLOAT8.apply(normalized));
        };
    return EquivalentNetworks.smallest(rounded);
  }

  private void train(
      Reduction reduction, Training training, Variables variables, Schedule schedule, long seed) {
    if (training.epochs() > 0) {
      new Trainer(
              reduction.network().architecture(),
              reduction.examples(lessons.examples()),
              lessons.originals(),
              lessons.loss(training),
              training,
              0,
              seed)
          .train(variables, schedule);
    }
  }

  /**
   * A network with weights and biases as floats; zero weights are left out where that is smaller.
   */
  static CompressedNetwork floats(Network network) {
    float[] parameters = network.parameters();
    return Quantization.network(
        network.architecture(),
        tensor -> {
          float[] values = Arrays.copyOfRange(parameters, tensor.offset(), tensor.end());
          boolean sparse = false;
          for (float value : values) {
            sparse |= value == 0;
          }
          return sparse
              ? SparseFloatTensor.of(tensor.rows(), tensor.columns(), values)
              : new FloatTensor(tensor.rows(), tensor.columns(), values);
        },
        tensor -> Arrays.copyOfRange(parameters, tensor.offset(), tensor.end()));
  }
}
