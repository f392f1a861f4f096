package dev.pare.quantize;

import dev.pare.artifact.CodebookTensor;
import dev.pare.candidate.Quantize;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * Zero, one negative and one positive value a tensor, both trained (Zhu et al. 2017); small weights
 * become zero.
 */
final class TernaryQuantizer implements Quantizer {
  @Override
  public String name() {
    return "ternary";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of();
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {

    TernaryWeights choosing = new TernaryWeights(reduction.network());
    TernaryWeights weights =
        new TernaryWeights(choice.before(reduction.network(), choosing::levels));
    LevelChoice.Levels levels = weights::levels;
    return QuantizedWeights.of(
        weights,
        tensor ->
            new CodebookTensor(
                levels.expanded(tensor, reduction), weights.codebook(reduction.part(tensor))));
  }
}
