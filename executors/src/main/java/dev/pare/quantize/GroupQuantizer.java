package dev.pare.quantize;

import dev.pare.artifact.GroupedTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * Symmetric, equal steps, one scale a group of weights of an output unit; trained through the
 * straight-through estimator.
 */
final class GroupQuantizer implements Quantizer {
  @Override
  public String name() {
    return "uniform-group";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS, Parameter.GROUP);
  }

  @Override
  public boolean usesRuns() {
    return true;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();

    UniformWeights weights = UniformWeights.grouped(start, settings.bits(), settings.group());
    return new QuantizedWeights(
        weights,
        () -> {
          LevelChoice.Levels levels =
              choice.after(weights, start, weights::levels, weights::levels);
          return tensor ->
              GroupedTensor.of(
                  levels.expanded(tensor, reduction),
                  Math.min(settings.group(), tensor.columns()),
                  weights.scales(tensor));
        });
  }
}
