package dev.pare.kernel;

import dev.pare.graph.Shape;
import java.util.List;

/**
 * The shapes and parameters of a kernel's layer.
 *
 * @param inputs shapes of what it reads
 * @param output shape of what it makes
 * @param parameters of its layer, in the layer's order
 */
record Place(List<Shape> inputs, Shape output, List<Matrix> parameters) {
  Place {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  Shape input() {
    return inputs.get(0);
  }

  Matrix matrix(int index) {
    return parameters.get(index);
  }

  /** A parameter of one row. */
  float[] vector(int index) {
    Matrix matrix = parameters.get(index);
    float[] values = new float[matrix.columns()];
    float[] value = new float[1];
    for (int i = 0; i < values.length; i++) {
      matrix.column(i, value);
      values[i] = value[0];
    }
    return values;
  }
}
