package dev.pare.quantize;

import dev.pare.artifact.PowerTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/** Powers of two, trained through the straight-through estimator (Zhou et al. 2017). */
final class PowerOfTwoQuantizer implements Quantizer {
  @Override
  public String name() {
    return "power-of-two";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS);
  }

  @Override
  public boolean usesOrigin() {
    return false;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();

    PowerOfTwoWeights weights = new PowerOfTwoWeights(start, settings.bits());
    return new QuantizedWeights(
        weights,
        () -> {
          LevelChoice.Levels levels =
              choice.after(weights, start, weights::levels, weights::levels);
          return tensor ->
              new PowerTensor(
                  levels.expanded(tensor, reduction), weights.least(reduction.part(tensor)));
        });
  }
}
