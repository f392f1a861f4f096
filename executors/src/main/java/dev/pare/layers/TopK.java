package dev.pare.layers;

/** Finds the least of many numbers, exactly as many as asked. */
public final class TopK {
  private TopK() {}

  /**
   * The {@code count}-th smallest of the first {@code size} values, counted from 1. Reorders them.
   *
   * <p>Hoare's selection with the middle of three as pivot: linear on all that training produces.
   */
  public static float smallest(float[] values, int size, int count) {
    return smallest(values, 0, size, count);
  }

  /** The same of the values from one index up to another. */
  static float smallest(float[] values, int from, int to, int count) {
    int low = from;
    int high = to - 1;
    int wanted = from + count - 1;
    while (low < high) {
      float pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float swapped = values[i];
          values[i] = values[j];
          values[j] = swapped;
          i++;
          j--;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        return values[wanted];
      }
    }
    return values[low];
  }

  private static float middle(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
