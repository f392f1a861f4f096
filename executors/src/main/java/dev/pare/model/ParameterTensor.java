package dev.pare.model;

import java.io.Serializable;

/**
 * Where one tensor lies in a network's flat parameters.
 *
 * @param name the layer's index and DL4J's name of the parameter, as {@code 0_W}
 * @param role what it is for
 * @param layer index of its layer
 * @param offset of its first value
 * @param rows output units or filters, four a unit of an LSTM; 1 for a bias
 * @param columns inputs of one unit (channel-major, then kernel rows and columns); the units for a
 *     bias
 */
public record ParameterTensor(String name, Role role, int layer, int offset, int rows, int columns)
    implements Serializable {
  /** What a tensor is for. */
  public enum Role {
    WEIGHT,
    BIAS,
    /** A normalization's factor. */
    GAMMA,
    /** A normalization's summand. */
    BETA,
    /** Batch normalization's running mean, which is not trained. */
    MEAN,
    /** Batch normalization's running variance, which is not trained. */
    VARIANCE
  }

  /** How many values it has. */
  public int size() {
    return rows * columns;
  }

  /** Index after its last value. */
  public int end() {
    return offset + size();
  }
}
