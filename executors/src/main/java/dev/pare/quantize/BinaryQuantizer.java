package dev.pare.quantize;

import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * A sign and one scale an output unit, at the start the mean magnitude of its weights (Rastegari et
 * al. 2016) and trained from there.
 */
final class BinaryQuantizer implements Quantizer {
  @Override
  public String name() {
    return "binary";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of();
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {

    UniformWeights choosing = weights(reduction.network());
    UniformWeights weights = weights(choice.before(reduction.network(), choosing::levels));
    LevelChoice.Levels levels = weights::levels;
    return QuantizedWeights.of(
        weights,
        tensor ->
            new UniformTensor(
                levels.expanded(tensor, reduction), weights.scales(tensor, reduction)));
  }

  private static UniformWeights weights(Network start) {
    return new UniformWeights(start, 1, UniformWeights.Sharing.ROW);
  }
}
