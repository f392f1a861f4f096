package dev.pare.quantize;

import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/** Equal steps, one scale a tensor, trained with the bits of the levels in the loss. */
record EntropyPenalizedQuantizer() implements Quantizer {
  @Override
  public String name() {
    return "entropy-penalized";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.RATE);
  }

  @Override
  public boolean hasEqualSteps() {
    return true;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();
    EntropyPenalizedWeights weights = new EntropyPenalizedWeights(start, settings.lambda());
    return new QuantizedWeights(
        weights,
        weights,
        () -> {
          LevelChoice.Levels levels =
              choice.after(weights, start, weights::levels, weights::levels);
          return tensor ->
              new UniformTensor(
                  levels.expanded(tensor, reduction),
                  new float[] {weights.scale(reduction.part(tensor))});
        });
  }
}
