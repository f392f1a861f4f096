package dev.pare.examine;

import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import java.util.Arrays;

/**
 * What inputs look like, by training examples. Of images (more than one row and column) the unit of
 * change is the range of all their values; of tables it is each feature's standard deviation.
 */
final class InputSpace {
  private final ExampleShape shape;
  private final float[] mean;
  private final float[] unit;
  private final float[] low;
  private final float[] high;

  private InputSpace(ExampleShape shape, float[] mean, float[] unit, float[] low, float[] high) {
    this.shape = shape;
    this.mean = mean;
    this.unit = unit;
    this.low = low;
    this.high = high;
  }

  static InputSpace of(ExampleShape shape, Examples training) {
    int features = training.features();
    double[] sums = new double[features];
    double[] squares = new double[features];
    float[] low = new float[features];
    float[] high = new float[features];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    float[] row = new float[features];
    for (int i = 0; i < training.size(); i++) {
      training.copyFeatures(i, row, 0);
      for (int f = 0; f < features; f++) {
        sums[f] += row[f];
        squares[f] += (double) row[f] * row[f];
        low[f] = Math.min(low[f], row[f]);
        high[f] = Math.max(high[f], row[f]);
      }
    }
    float[] mean = new float[features];
    float[] unit = new float[features];
    for (int f = 0; f < features; f++) {
      double m = sums[f] / training.size();
      mean[f] = (float) m;
      unit[f] = (float) Math.sqrt(Math.max(0, squares[f] / training.size() - m * m));
    }
    InputSpace space = new InputSpace(shape, mean, unit, low, high);
    if (space.isImage()) {
      float least = least(low);
      float most = -least(negated(high));
      Arrays.fill(low, least);
      Arrays.fill(high, most);
      Arrays.fill(unit, most - least);
    }
    return space;
  }

  private static float least(float[] values) {
    float least = values[0];
    for (float value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  private static float[] negated(float[] values) {
    float[] negated = values.clone();
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -negated[i];
    }
    return negated;
  }

  boolean isImage() {
    return shape.height() > 1 && shape.width() > 1;
  }

  ExampleShape shape() {
    return shape;
  }

  int features() {
    return unit.length;
  }

  /** The mean of a feature. */
  float mean(int feature) {
    return mean[feature];
  }

  /** By how much a change of 1 changes a feature. */
  float unit(int feature) {
    return unit[feature];
  }

  /** The least value of a feature. */
  float low(int feature) {
    return low[feature];
  }

  /** The largest value of a feature. */
  float high(int feature) {
    return high[feature];
  }

  /**
   * The inputs at most {@code eps} units from one, within the values that features take; the input
   * itself is always among them.
   *
   * @param input one example from {@code offset} on
   * @param least written from {@code offset} on
   * @param most written from {@code offset} on
   */
  void ball(float[] input, int offset, double eps, float[] least, float[] most) {
    for (int f = 0; f < unit.length; f++) {
      float x = input[offset + f];
      float radius = (float) (eps * unit[f]);
      least[offset + f] = Math.min(x, Math.max(low[f], x - radius));
      most[offset + f] = Math.max(x, Math.min(high[f], x + radius));
    }
  }
}
