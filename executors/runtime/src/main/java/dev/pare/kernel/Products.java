package dev.pare.kernel;

/**
 * Products of weights and the numbers that several examples have in one place. The loops are over
 * whole arrays, from their first number on, because only such loops become vector instructions.
 */
final class Products {
  private Products() {}

  static boolean isZero(float[] numbers) {
    for (float number : numbers) {
      if (number != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds the products of one place with some weights.
   *
   * @param rows of the weights
   * @param from the first weight
   * @param to after the last one
   * @param first where the products of row 0 are added
   * @param step from there to those of the next row
   */
  static void add(
      float[] numbers,
      int[] rows,
      float[] weights,
      int from,
      int to,
      float[][] targets,
      int first,
      int step) {
    int i = from;
    // Four at a time, so that numbers are read once for them.
    for (; i + 4 <= to; i += 4) {
      add(
          numbers,
          weights[i],
          targets[first + rows[i] * step],
          weights[i + 1],
          targets[first + rows[i + 1] * step],
          weights[i + 2],
          targets[first + rows[i + 2] * step],
          weights[i + 3],
          targets[first + rows[i + 3] * step]);
    }
    for (; i < to; i++) {
      add(numbers, weights[i], targets[first + rows[i] * step]);
    }
  }

  static void add(float[] numbers, float weight, float[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] += weight * numbers[i];
    }
  }

  private static void add(
      float[] numbers,
      float weight0,
      float[] target0,
      float weight1,
      float[] target1,
      float weight2,
      float[] target2,
      float weight3,
      float[] target3) {
    for (int i = 0; i < numbers.length; i++) {
      float number = numbers[i];
      target0[i] += weight0 * number;
      target1[i] += weight1 * number;
      target2[i] += weight2 * number;
      target3[i] += weight3 * number;
    }
  }
}
