package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A constant. Its arrays are shared, and nobody writes to them. */
final class Tensor implements Value {
  private final Type type;
  private final int[] dims;
  private final float[] floats;
  private final long[] wholes;

  /** What numbers a tensor has. */
  enum Type {
    FLOAT,
    WHOLE,
    TRUTH
  }

  private Tensor(Type type, int[] dims, float[] floats, long[] wholes) {
    this.type = requireNonNull(type, "type is null");
    this.dims = dims;
    this.floats = floats;
    this.wholes = wholes;
    int length = type == Type.FLOAT ? floats.length : wholes.length;
    if (Dimensions.size(dims) != length) {
      throw new OnnxException(
          "a tensor of %s with %d numbers".formatted(Dimensions.text(dims), length));
    }
  }

  static Tensor of(int[] dims, float... values) {
    return new Tensor(Type.FLOAT, dims, values, new long[0]);
  }

  static Tensor of(int[] dims, long... values) {
    return new Tensor(Type.WHOLE, dims, new float[0], values);
  }

  /** Of numbers that are 0 for false and 1 for true. */
  static Tensor truths(int[] dims, long... values) {
    return new Tensor(Type.TRUTH, dims, new float[0], values);
  }

  Type type() {
    return type;
  }

  @Override
  public int[] dims() {
    return dims;
  }

  int size() {
    return type == Type.FLOAT ? floats.length : wholes.length;
  }

  /** A number of any type. */
  double number(int index) {
    return type == Type.FLOAT ? floats[index] : wholes[index];
  }

  /**
   * Its whole numbers.
   *
   * @throws OnnxException if they are not
   */
  long[] wholes() {
    if (type == Type.FLOAT) {
      throw new OnnxException("whole numbers are expected, not floats");
    }
    return wholes;
  }

  /** Its numbers as floats. */
  float[] floats() {
    if (type == Type.FLOAT) {
      return floats;
    }
    float[] values = new float[wholes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = wholes[i];
    }
    return values;
  }

  boolean isZero() {
    for (int i = 0; i < size(); i++) {
      if (number(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Some of its numbers, or all in another order. */
  Tensor select(IndexMap selection) {
    int[] from = selection.from();
    if (from == null) {
      return new Tensor(type, selection.dims(), floats, wholes);
    }
    float[] someFloats = new float[type == Type.FLOAT ? from.length : 0];
    long[] someWholes = new long[type == Type.FLOAT ? 0 : from.length];
    for (int i = 0; i < from.length; i++) {
      if (type == Type.FLOAT) {
        someFloats[i] = floats[from[i]];
      } else {
        someWholes[i] = wholes[from[i]];
      }
    }
    return new Tensor(type, selection.dims(), someFloats, someWholes);
  }

  /** The same with zeros in place of all others. */
  Tensor keep(IntPredicate which) {
    float[] someFloats = floats.clone();
    long[] someWholes = wholes.clone();
    for (int i = 0; i < size(); i++) {
      if (!which.test(i)) {
        if (type == Type.FLOAT) {
          someFloats[i] = 0;
        } else {
          someWholes[i] = 0;
        }
      }
    }
    return new Tensor(type, dims, someFloats, someWholes);
  }

  @Override
  public String toString() {
    return type + " " + Arrays.toString(dims);
  }
}
