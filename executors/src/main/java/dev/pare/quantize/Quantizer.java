package dev.pare.quantize;

import dev.pare.artifact.LevelTensor;
import dev.pare.candidate.Quantize;
import dev.pare.sparsify.ReducedNetwork;
import java.util.Set;

/**
 * A way to restrict a network's weights to few values. Stateless; its result depends on its
 * arguments alone.
 */
public interface Quantizer {
  /** Settings that not every quantizer goes by. */
  enum Parameter {
    /** {@link Quantize#bits()}. */
    BITS,
    /** {@link Quantize#group()}. */
    GROUP,
    /** {@link Quantize#vectorDimension()}. */
    VECTOR_DIMENSION,
    /** {@link Quantize#rate()}. */
    RATE
  }

  /** How {@code quantize.quantizer} names it: lower-case words between hyphens. */
  String name();

  /** The settings that make a difference to it beside those that do to all. */
  Set<Parameter> parameters();

  /**
   * Whether runs of a row's weights belong together, so that the order of units must be that of the
   * file. The network is whole then, elsewhere without units that can be left out.
   */
  default boolean usesRuns() {
    return false;
  }

  /** Whether weights that are zero stay so, and can become zero afterwards, one by one. */
  default boolean hasSingleWeights() {
    return true;
  }

  /**
   * Whether a weight is a whole number times the step of its tensor or its output unit, as
   * arithmetic in integers needs it.
   */
  default boolean hasEqualSteps() {
    return false;
  }

  /** Whether the initial weights make the codes of its values shorter. */
  default boolean usesOrigin() {
    return !usesRuns();
  }

  /**
   * The weights of a network, to be trained within the restriction.
   *
   * @param reduction whose {@link ReducedNetwork#network()} is quantized, and whose original
   *     network the tensors are for
   * @param choice of levels by their bits
   * @param seed of what is random
   * @return tensors that are {@link LevelTensor}s if this {@link #hasSingleWeights()}
   */
  QuantizedWeights quantize(
      Quantize settings, ReducedNetwork reduction, LevelChoice choice, long seed);
}
