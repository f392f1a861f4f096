package dev.pare.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The features that have one and the same value in all of some examples, and that value: dark
 * borders of images, columns of a table that were never filled in.
 *
 * <p>Immutable.
 */
public final class ConstantFeatures {
  private final boolean[] constant;
  private final float[] values;
  private final int count;

  private ConstantFeatures(boolean[] constant, float[] values, int count) {
    this.constant = constant;
    this.values = values;
    this.count = count;
  }

  /** None of {@code features} features is constant. */
  public static ConstantFeatures none(int features) {
    return new ConstantFeatures(new boolean[features], new float[features], 0);
  }

  /**
   * Those of {@code examples}: none if there are no examples. One pass, which ends where none is
   * left. What is not a number is never constant.
   */
  public static ConstantFeatures of(Examples examples) {
    int features = examples.features();
    if (examples.size() == 0) {
      return none(features);
    }
    float[] values = new float[features];
    examples.copyFeatures(0, values, 0);
    int[] left = IntStream.range(0, features).filter(f -> !Float.isNaN(values[f])).toArray();
    int count = left.length;
    float[] row = new float[features];
    for (int example = 1; example < examples.size() && count > 0; example++) {
      examples.copyFeatures(example, row, 0);
      int still = 0;
      for (int i = 0; i < count; i++) {
        int feature = left[i];
        if (row[feature] == values[feature]) {
          left[still++] = feature;
        }
      }
      count = still;
    }
    boolean[] constant = new boolean[features];
    for (int feature : Arrays.copyOf(left, count)) {
      constant[feature] = true;
    }
    return new ConstantFeatures(constant, values, count);
  }

  /** How many features there are, constant or not. */
  public int features() {
    return constant.length;
  }

  /** How many of them are constant. */
  public int count() {
    return count;
  }

  /** Whether a feature is constant. */
  public boolean isConstant(int feature) {
    return constant[feature];
  }

  /**
   * The raw value of a constant feature.
   *
   * @throws IllegalArgumentException if it is not constant
   */
  public float value(int feature) {
    if (!constant[feature]) {
      throw new IllegalArgumentException("feature " + feature + " is not constant");
    }
    return values[feature];
  }
}
