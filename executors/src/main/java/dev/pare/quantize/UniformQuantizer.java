package dev.pare.quantize;

import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * Symmetric, equal steps, trained through the straight-through estimator.
 *
 * @param sharing which weights share a scale
 */
record UniformQuantizer(String name, UniformWeights.Sharing sharing) implements Quantizer {
  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS);
  }

  @Override
  public boolean hasEqualSteps() {
    return true;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();

    UniformWeights weights = new UniformWeights(start, settings.bits(), sharing);
    return trained(weights, start, reduction, choice);
  }

  /** Weights whose levels are chosen when they have been trained. */
  static QuantizedWeights trained(
      UniformWeights weights, Network start, ReducedNetwork reduction, LevelChoice choice) {
    return new QuantizedWeights(
        weights,
        () -> {
          LevelChoice.Levels levels =
              choice.after(weights, start, weights::levels, weights::levels);
          return tensor ->
              new UniformTensor(
                  levels.expanded(tensor, reduction), weights.scales(tensor, reduction));
        });
  }
}
