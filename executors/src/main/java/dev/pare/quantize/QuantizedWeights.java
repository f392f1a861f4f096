package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedTensor;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.Schedule;
import dev.pare.train.Technique;
import dev.pare.train.TrainableParameters;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Weights of few values.
 *
 * @param variables to be trained
 * @param schedule of what happens between the steps
 * @param tensors of the weights as they are when it is asked for: from a weight tensor of the whole
 *     network to what a file holds
 */
public record QuantizedWeights(
    TrainableParameters variables,
    Schedule schedule,
    Supplier<Function<ParameterTensor, CompressedTensor>> tensors) {
  public QuantizedWeights {
    requireNonNull(variables, "variables is null");
    requireNonNull(schedule, "schedule is null");
    requireNonNull(tensors, "tensors is null");
  }

  /** Nothing happens between the steps. */
  public QuantizedWeights(
      TrainableParameters variables,
      Supplier<Function<ParameterTensor, CompressedTensor>> tensors) {
    this(variables, Schedule.NONE, tensors);
  }

  /** Tensors that are chosen already. */
  public static QuantizedWeights of(
      TrainableParameters variables, Function<ParameterTensor, CompressedTensor> tensors) {
    return new QuantizedWeights(variables, () -> tensors);
  }

  /** How the weights of an architecture are trained. */
  public Technique technique(Architecture architecture) {
    return Technique.of(architecture, variables, schedule);
  }
}
