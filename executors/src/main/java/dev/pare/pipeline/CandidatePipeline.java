package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.candidate.Activate;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.graph.Network;
import dev.pare.rewrite.BiasPrecision;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.FoldedNormalization;
import dev.pare.rewrite.TablePrecision;
import dev.pare.rewrite.WrittenNetwork;
import java.util.Arrays;

/** The stages that change a student. */
final class CandidatePipeline {
  private final DistillationData distillation;

  CandidatePipeline(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /**
   * Runs one stage.
   *
   * @param student left as it is
   * @param seed of all that is random in the stage
   */
  CompressedNetwork run(StageSettings settings, CompressedNetwork student, long seed) {
    return switch (settings.kind()) {
      case FACTORIZE ->
          withOrigin(
              new FactorizeStage(distillation).run((Factorize) settings, student, seed), student);
      case ACTIVATE -> new ActivateStage(distillation).run((Activate) settings, student, seed);
      case REGULARIZE ->
          withOrigin(
              new RegularizeStage(distillation).run((Regularize) settings, student, seed), student);
      case PRUNE -> new PruneStage(distillation).run((Prune) settings, student, seed);
      case QUANTIZE -> new Quantization(distillation, (Quantize) settings, seed).run(student);
      case ENCODE -> encode((Encode) settings, student).network();
    };
  }

  /** The same with the product's file, which encoding has written anyway. */
  WrittenNetwork written(StageSettings settings, CompressedNetwork student, long seed) {
    return settings.kind() == StageSettings.Kind.ENCODE
        ? encode((Encode) settings, student)
        : WrittenNetwork.of(run(settings, student, seed));
  }

  /** The origin stays where all units do, in their order. */
  private static CompressedNetwork withOrigin(
      CompressedNetwork product, CompressedNetwork student) {
    return product.architecture().equals(student.architecture())
        ? product.withOrigin(student.origin())
        : product;
  }

  /** The same function, up to the precision asked for, in fewer bytes. */
  private WrittenNetwork encode(Encode settings, CompressedNetwork student) {
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
    return EquivalentNetworks.smallest(
        rounded.withPreparation(distillation.preparation()), settings.origin());
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
