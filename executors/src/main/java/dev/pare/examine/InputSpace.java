package dev.pare.examine;

import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Gru;
import dev.pare.graph.Lstm;
import dev.pare.graph.Node;
import dev.pare.graph.SelfAttention;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What inputs look like, by training examples. Of images (more than one row and column) the unit of
 * change is the range of all their values; of tables it is each feature's standard deviation.
 */
final class InputSpace {
  private final ExampleShape shape;
  private final boolean image;
  private final float[] mean;
  private final float[] unit;
  private final float[] low;
  private final float[] high;

  private InputSpace(
      ExampleShape shape, boolean image, float[] mean, float[] unit, float[] low, float[] high) {
    this.shape = shape;
    this.image = image;
    this.mean = mean;
    this.unit = unit;
    this.low = low;
    this.high = high;
  }

  /** Of what a network reads: the steps of a sequence are no rows of an image. */
  static InputSpace of(ExampleShape shape, Examples training, Architecture reads) {
    return of(shape, training, hasPlaces(shape) && !readsSteps(reads));
  }

  /** Of a shape alone. */
  static InputSpace of(ExampleShape shape, Examples training) {
    return of(shape, training, hasPlaces(shape));
  }

  private static boolean hasPlaces(ExampleShape shape) {
    return shape.height() > 1 && shape.width() > 1;
  }

  private static boolean readsSteps(Architecture reads) {
    return IntStream.range(0, reads.layers().size())
        .filter(i -> reads.nodes().get(i).inputs().contains(Node.NETWORK_INPUT))
        .mapToObj(i -> reads.layers().get(i).whole())
        .anyMatch(
            layer ->
                layer instanceof Lstm || layer instanceof Gru || layer instanceof SelfAttention);
  }

  private static InputSpace of(ExampleShape shape, Examples training, boolean image) {
    int features = training.features();
    double[] sums = new double[features];
    double[] squares = new double[features];
    float[] low = new float[features];
    float[] high = new float[features];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    float[] row = new float[features];
    float[] first = new float[features];
    for (int i = 0; i < training.size(); i++) {
      training.copyFeatures(i, row, 0);
      if (i == 0) {
        System.arraycopy(row, 0, first, 0, features);
      }
      for (int f = 0; f < features; f++) {
        // From the first row on: squares of values far from zero would hide how little they differ.
        double difference = (double) row[f] - first[f];
        sums[f] += difference;
        squares[f] += difference * difference;
        low[f] = Math.min(low[f], row[f]);
        high[f] = Math.max(high[f], row[f]);
      }
    }
    float[] mean = new float[features];
    float[] unit = new float[features];
    for (int f = 0; f < features; f++) {
      double m = sums[f] / training.size();
      mean[f] = (float) (first[f] + m);
      unit[f] = (float) Math.sqrt(Math.max(0, squares[f] / training.size() - m * m));
    }
    InputSpace space = new InputSpace(shape, image, mean, unit, low, high);
    if (image) {
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
    return image;
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
