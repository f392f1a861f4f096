package dev.pare.data;

import java.util.Arrays;

/** Labels that come one after the other; memory grows as they do. */
final class GrowingLabels {
  private int[] labels = new int[1 << 6];
  private int size;

  void add(int label) {
    if (size == labels.length) {
      labels = Arrays.copyOf(labels, GrowingFloats.grown(labels.length, size + 1));
    }
    labels[size++] = label;
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(labels, size);
  }
}
