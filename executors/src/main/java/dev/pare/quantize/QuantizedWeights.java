package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedTensor;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.TrainableParameters;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Weights of few values.
 *
 * @param variables to be trained
 * @param tensors of the weights as they are when it is asked for: from a weight tensor of the whole
 *     network to what a file holds
 */
public record QuantizedWeights(
    TrainableParameters variables, Supplier<Function<ParameterTensor, CompressedTensor>> tensors) {
  public QuantizedWeights {
    requireNonNull(variables, "variables is null");
    requireNonNull(tensors, "tensors is null");
  }

  /** Tensors that are chosen already. */
  public static QuantizedWeights of(
      TrainableParameters variables, Function<ParameterTensor, CompressedTensor> tensors) {
    return new QuantizedWeights(variables, () -> tensors);
  }
}
