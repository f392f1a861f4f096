package dev.pare.quantize;

import dev.pare.artifact.CodebookTensor;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * A k-means codebook a tensor, its centroids trained by their gradients (Han, Mao and Dally 2016).
 */
final class CodebookQuantizer implements Quantizer {
  @Override
  public String name() {
    return "codebook";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS);
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();

    CodebookWeights weights =
        choice
            .of(start)
            .map(chosen -> CodebookWeights.chosen(start, settings.bits(), chosen))
            .orElseGet(() -> new CodebookWeights(start, settings.bits()));
    LevelChoice.Levels levels = weights::levels;
    return QuantizedWeights.of(
        weights,
        tensor ->
            new CodebookTensor(
                levels.expanded(tensor, reduction), weights.codebook(reduction.part(tensor))));
  }
}
