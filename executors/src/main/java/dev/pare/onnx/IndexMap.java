package dev.pare.onnx;

import org.jspecify.annotations.Nullable;

/**
 * How one tensor is made of the numbers of another.
 *
 * @param dims of what is made
 * @param from for each of its numbers, the flat place in the other one; null: the same place
 */
record IndexMap(int[] dims, int @Nullable [] from) {
  /** All numbers where they are, with other sides. */
  static IndexMap reshaped(int... dims) {
    return new IndexMap(dims, null);
  }
}
