package dev.pare.graph;

/** Networks without layers of factors: products are multiplied out, in double precision. */
public final class ReferenceFactors {
  private ReferenceFactors() {}

  /** The architecture with inner layers in the place of those of factors. */
  public static Architecture architecture(Architecture factored) {
    return factored.with(i -> factored.layers().get(i).whole());
  }

  /** The parameters of {@link #architecture}. */
  public static double[] parameters(Architecture factored, double[] parameters) {
    Architecture whole = architecture(factored);
    double[] values = new double[whole.parameters()];
    for (ParameterTensor tensor : whole.tensors()) {
      for (int row = 0; row < tensor.rows(); row++) {
        for (int column = 0; column < tensor.columns(); column++) {
          values[tensor.offset() + row * tensor.columns() + column] =
              value(factored, parameters, tensor.name(), row, column);
        }
      }
    }
    return values;
  }

  private static double value(
      Architecture factored, double[] parameters, String name, int row, int column) {
    double value = 0;
    ParameterTensor left = null;
    for (ParameterTensor tensor : factored.tensors()) {
      if (tensor.name().equals(name) || tensor.name().equals(name + ".S")) {
        value += parameters[tensor.offset() + row * tensor.columns() + column];
      } else if (tensor.name().equals(name + ".U")) {
        left = tensor;
      } else if (tensor.name().equals(name + ".V") && left != null) {
        for (int k = 0; k < tensor.rows(); k++) {
          value +=
              parameters[left.offset() + row * left.columns() + k]
                  * parameters[tensor.offset() + k * tensor.columns() + column];
        }
      }
    }
    return value;
  }
}
