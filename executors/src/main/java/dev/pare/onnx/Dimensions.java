package dev.pare.onnx;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Sides of tensors. */
final class Dimensions {
  /** Of a tensor whose numbers are all there. */
  static final int MOST_NUMBERS = 1 << 30;

  /** Of a tensor that is computed, which a file of few bytes may want. */
  static final int MOST_COMPUTED = 1 << 24;

  static final int MOST_SIDES = 8;

  private Dimensions() {}

  /**
   * How many numbers a tensor has.
   *
   * @throws OnnxException if a side is negative, or they are more than an array takes
   */
  static int size(int... dims) {
    if (dims.length > MOST_SIDES) {
      throw new OnnxException("a tensor of %d axes; at most %d".formatted(dims.length, MOST_SIDES));
    }
    long size = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new OnnxException("a tensor of " + text(dims) + ": sides must not be negative");
      }
      size *= dim;
      if (size > MOST_NUMBERS) {
        throw new OnnxException(
            "a tensor of %s: at most %d numbers".formatted(text(dims), MOST_NUMBERS));
      }
    }
    return (int) size;
  }

  /**
   * How many numbers a tensor has that is computed for one example.
   *
   * @throws OnnxException if they are too many
   */
  static int computed(int... dims) {
    int size = size(dims);
    if (size > MOST_COMPUTED) {
      throw new OnnxException(
          "%s numbers: at most %d of an example".formatted(text(dims), MOST_COMPUTED));
    }
    return size;
  }

  /** As {@code 1×16×5×5}. */
  static String text(int... dims) {
    return dims.length == 0
        ? "one number"
        : Arrays.stream(dims).mapToObj(String::valueOf).collect(Collectors.joining("×"));
  }

  /**
   * An axis counted from the front.
   *
   * @param axis negative from the end
   */
  static int axis(long axis, int rank) {
    long front = axis < 0 ? axis + rank : axis;
    if (front < 0 || front >= rank) {
      throw new OnnxException("axis %d of a tensor of %d axes".formatted(axis, rank));
    }
    return (int) front;
  }

  /** What one is that both are stretched to, by the rules of NumPy. */
  static int[] broadcast(int[] one, int[] other) {
    int rank = Math.max(one.length, other.length);
    int[] all = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int a = i <= one.length ? one[one.length - i] : 1;
      int b = i <= other.length ? other[other.length - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new OnnxException("%s does not go with %s".formatted(text(one), text(other)));
      }
      all[rank - i] = a == 1 ? b : a;
    }
    computed(all);
    return all;
  }

  /** For each number of a tensor of sides {@code to}, which one of a stretched one it is. */
  static int[] stretched(int[] from, int[] to) {
    int[] strides = new int[to.length];
    int stride = 1;
    for (int i = 1; i <= from.length; i++) {
      strides[to.length - i] = from[from.length - i] == 1 ? 0 : stride;
      stride *= from[from.length - i];
    }
    return strided(to, 0, strides);
  }

  /** Flat places of a tensor of sides {@code to} that steps through another one. */
  static int[] strided(int[] to, int first, int[] strides) {
    int[] places = new int[size(to)];
    int[] at = new int[to.length];
    int place = first;
    for (int i = 0; i < places.length; i++) {
      places[i] = place;
      for (int axis = to.length - 1; axis >= 0; axis--) {
        place += strides[axis];
        if (++at[axis] < to[axis]) {
          break;
        }
        place -= strides[axis] * to[axis];
        at[axis] = 0;
      }
    }
    return places;
  }

  /** Steps from one number to the next along each axis. */
  static int[] strides(int[] dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }
}
