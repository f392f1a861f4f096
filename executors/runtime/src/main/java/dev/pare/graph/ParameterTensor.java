package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Where one tensor lies in a network's flat parameters.
 *
 * @param parameter the tensor
 * @param layer index of its layer
 * @param offset of its first value
 */
public record ParameterTensor(Parameter parameter, int layer, int offset) implements Serializable {
  public ParameterTensor {
    requireNonNull(parameter, "parameter is null");
  }

  /** The layer's index and the parameter's name, as {@code 0_W}. */
  public String name() {
    return layer + "_" + parameter.name();
  }

  /** What it is for. */
  public Parameter.Role role() {
    return parameter.role();
  }

  /** Whether inputs are multiplied by it. */
  public boolean isWeight() {
    return role().isWeight();
  }

  /** Output units or filters, four a unit of an LSTM; 1 for a bias. */
  public int rows() {
    return parameter.rows();
  }

  /** Inputs of one unit, channel-major, then kernel rows and columns; the units for a bias. */
  public int columns() {
    return parameter.columns();
  }

  /** How many values it has. */
  public int size() {
    return parameter.size();
  }

  /** Index after its last value. */
  public int end() {
    return offset + size();
  }
}
