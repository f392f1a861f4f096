package dev.pare.quantize;

import dev.pare.artifact.ProductTensor;
import dev.pare.candidate.Quantize;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * Words for several weights at once, from a k-means codebook a tensor, trained by their gradients
 * (Gong et al. 2014; Stock et al. 2020). Only a word's worth of zeros stays zero.
 */
final class ProductQuantizer implements Quantizer {
  @Override
  public String name() {
    return "product";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.BITS, Parameter.VECTOR_DIMENSION);
  }

  @Override
  public boolean usesRuns() {
    return true;
  }

  @Override
  public boolean hasSingleWeights() {
    return false;
  }

  @Override
  public QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed) {
    Network start = reduction.network();

    ProductWeights weights =
        new ProductWeights(
            start,
            settings.bits(),
            settings.vectorDimension(),
            choice.of(start).orElse(null),
            seed);
    return QuantizedWeights.of(
        weights,
        tensor -> {
          short[] codes = weights.codes(tensor);
          return new ProductTensor(
              tensor.columns(),
              weights.dimension(tensor),
              new LevelMatrix(tensor.rows(), codes.length / tensor.rows(), codes),
              weights.words(tensor));
        });
  }
}
