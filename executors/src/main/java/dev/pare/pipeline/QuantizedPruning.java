package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.LevelTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.ParameterTensor;
import dev.pare.sparsify.Pruning;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pruning of a quantized network: weights become zero, what those of constant inputs contributed
 * goes into biases, and nothing else changes.
 */
final class QuantizedPruning {
  private final DistillationData distillation;

  QuantizedPruning(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /** Whether weights of a network are held in another way than as floats. */
  static boolean isQuantized(CompressedNetwork network) {
    return network.tensors().stream()
        .anyMatch(
            tensor -> !(tensor instanceof FloatTensor || tensor instanceof SparseFloatTensor));
  }

  CompressedNetwork run(Prune settings, CompressedNetwork student, long seed) {
    check(settings);
    ReducedNetwork reduction =
        ReducedNetwork.ofInputs(student.toNetwork(), distillation.constants());
    MaskedWeights weights = Pruning.remaining(settings, reduction.network());
    Pruning pruning =
        new Pruning(
            settings, reduction, weights, distillation.calibration(settings, reduction, seed));
    float[] pruned = reduction.expand(pruning.network()).parameters();
    List<CompressedTensor> tensors = new ArrayList<>();
    List<ParameterTensor> places = student.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = student.tensors().get(i);
      ParameterTensor place = places.get(i);
      tensors.add(
          switch (place.role()) {
            case WEIGHT, LEFT_FACTOR, RIGHT_FACTOR, SPARSE_RESIDUAL ->
                thinned(tensor, pruned, place);
            // What constant inputs contributed, whose weights are gone, is in the biases now.
            case BIAS -> tensor instanceof FloatTensor ? floats(pruned, place) : tensor;
            case GAMMA, BETA, SLOPE, MEAN, VARIANCE -> tensor;
          });
    }
    return student.withTensors(tensors);
  }

  private static void check(Prune settings) {
    if (settings.training().epochs() > 0
        || Saliencies.of(settings.saliency()).updates()
        || settings.initialization() != Prune.Initialization.TEACHER
        || settings.schedule() != Prune.Schedule.ONE_SHOT) {
      throw new UnsupportedNetworkException(
          "a quantized network can be pruned in one shot, without training, by saliencies that"
              + " leave the other weights as they are");
    }
    if (settings.granularity().kind() == Granularity.Kind.HEAD
        || settings.granularity().kind() == Granularity.Kind.LAYER) {
      throw new UnsupportedNetworkException(
          "granularity = " + settings.granularity() + ": must go before quantization");
    }
  }

  private static FloatTensor floats(float[] parameters, ParameterTensor place) {
    return new FloatTensor(
        place.rows(), place.columns(), Arrays.copyOfRange(parameters, place.offset(), place.end()));
  }

  private static CompressedTensor thinned(
      CompressedTensor tensor, float[] pruned, ParameterTensor place) {
    if (!(tensor instanceof LevelTensor quantized)) {
      throw new UnsupportedNetworkException(
          "weights of a network that cannot become zero one by one");
    }
    LevelMatrix levels = quantized.levels();
    short[] left = new short[levels.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = pruned[place.offset() + i] == 0 ? 0 : (short) levels.at(i);
    }
    return quantized.withLevels(new LevelMatrix(levels.rows(), levels.columns(), left));
  }
}
