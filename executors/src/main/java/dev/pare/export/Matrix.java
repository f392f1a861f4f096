package dev.pare.export;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.UniformTensor;

/** A weight's values in the order that a model has them in. */
final class Matrix {
  /** The largest level of 8 bits, and of either sign. */
  static final int MOST = 127;

  private final CompressedTensor tensor;
  private final Rows order;
  private final Layout layout;
  private final float[] values;
  private float[] leastSteps = {};

  /** What lies side by side. */
  enum Layout {
    /** The values of a row. */
    ROWS,
    /** Those of a column: the matrix is transposed. */
    COLUMNS
  }

  /**
   * @param order which of the tensor's rows each row is
   */
  Matrix(CompressedTensor tensor, Rows order, Layout layout) {
    this.tensor = tensor;
    this.order = order;
    this.layout = layout;
    float[] own = tensor.toFloats();
    this.values = new float[own.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = own[place(i)];
    }
  }

  /** Where the tensor has a value. */
  private int place(int index) {
    int columns = tensor.columns();
    int column = layout == Layout.ROWS ? index % columns : index / tensor.rows();
    return order.at(row(index)) * columns + column;
  }

  /** The row of a value. */
  int row(int index) {
    return layout == Layout.ROWS ? index / tensor.columns() : index % tensor.rows();
  }

  /** The values themselves, not a copy. */
  float[] values() {
    return values;
  }

  /** Bytes of the values as floats. */
  long bytes() {
    return (long) Float.BYTES * values.length;
  }

  /** Puts the values where the tensor has them. */
  void restore(float[] target, int offset) {
    for (int i = 0; i < values.length; i++) {
      target[offset + place(i)] = values[i];
    }
  }

  boolean isTransposed() {
    return layout == Layout.COLUMNS;
  }

  /**
   * Which of a weight's sides the rows are.
   *
   * @param dims of a weight that is not transposed: rows come first, but for sides of 1
   */
  int axis(int[] dims) {
    int axis = 0;
    while (dims[axis] != tensor.rows()) {
      axis++;
    }
    return axis;
  }

  /** Has steps be so large at least, each of a row. */
  void leastSteps(float[] least) {
    leastSteps = least;
  }

  /** Of each row, from one level of 8 bits to the next, above 0. */
  float[] steps() {
    float[] steps = new float[tensor.rows()];
    boolean own =
        tensor instanceof UniformTensor uniform
            && uniform.levels().highest() <= MOST
            && uniform.levels().lowest() >= -MOST;
    float[] whole = tensor.toFloats();
    for (int row = 0; row < steps.length; row++) {
      int from = order.at(row) * tensor.columns();
      steps[row] =
          own
              ? ((UniformTensor) tensor).scale(order.at(row))
              : step(whole, from, from + tensor.columns());
    }
    // A row of zeros may have any: one as fine as another row's, since biases are rounded by it.
    float least = Float.POSITIVE_INFINITY;
    for (float step : steps) {
      least = step > 0 ? Math.min(least, step) : least;
    }
    for (int row = 0; row < steps.length; row++) {
      steps[row] = steps[row] > 0 ? steps[row] : Float.isFinite(least) ? least : 1;
      if (leastSteps.length > 0) {
        steps[row] = Math.max(steps[row], leastSteps[row]);
      }
    }
    return steps;
  }

  /** The smallest value, if the others are multiples of it, or what the largest one asks for. */
  private static float step(float[] values, int from, int to) {
    float least = Float.POSITIVE_INFINITY;
    float most = 0;
    for (int i = from; i < to; i++) {
      float size = Math.abs(values[i]);
      least = size > 0 ? Math.min(least, size) : least;
      most = Math.max(most, size);
    }
    boolean whole = most <= MOST * least;
    for (int i = from; i < to && whole; i++) {
      whole = Math.round(values[i] / least) * least == values[i];
    }
    return whole ? least : most / MOST;
  }
}
