package dev.pare.train;

import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Gru;
import dev.pare.graph.Lstm;
import dev.pare.graph.Node;
import dev.pare.graph.SelfAttention;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What inputs look like, by training examples. Of images (more than one row and column) the unit of
 * change is the range of all their values; of tables it is each feature's standard deviation.
 */
public final class InputSpace {
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
  public static InputSpace of(ExampleShape shape, Examples training, Architecture reads) {
    return of(shape, training, training.size(), hasPlaces(shape) && !readsSteps(reads));
  }

  /** Of a shape alone. */
  public static InputSpace of(ExampleShape shape, Examples training) {
    return of(shape, training, training.size(), hasPlaces(shape));
  }

  /**
   * Of the first of some examples alone.
   *
   * @param count how many
   * @param reads what networks read; null if that is not known
   */
  public static InputSpace ofFirst(
      int count, ExampleShape shape, Examples examples, @Nullable Architecture reads) {
    boolean image = hasPlaces(shape) && (reads == null || !readsSteps(reads));
    return of(shape, examples, count, image);
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

  private static InputSpace of(ExampleShape shape, Examples training, int count, boolean image) {
    int features = training.features();
    double[] sums = new double[features];
    double[] squares = new double[features];
    float[] low = new float[features];
    float[] high = new float[features];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    float[] row = new float[features];
    float[] first = new float[features];
    for (int i = 0; i < count; i++) {
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
      double m = sums[f] / count;
      mean[f] = (float) (first[f] + m);
      unit[f] = (float) Math.sqrt(Math.max(0, squares[f] / count - m * m));
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

  /**
   * Some of the features, which are no image any more; the units stay.
   *
   * @param kept their indices
   */
  public InputSpace select(int[] kept) {
    return new InputSpace(
        new ExampleShape(kept.length, 1, 1),
        false,
        selected(mean, kept),
        selected(unit, kept),
        selected(low, kept),
        selected(high, kept));
  }

  private static float[] selected(float[] values, int[] kept) {
    float[] selected = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      selected[i] = values[kept[i]];
    }
    return selected;
  }

  public boolean isImage() {
    return image;
  }

  public ExampleShape shape() {
    return shape;
  }

  public int features() {
    return unit.length;
  }

  /** The mean of a feature. */
  public float mean(int feature) {
    return mean[feature];
  }

  /** By how much a change of 1 changes a feature. */
  public float unit(int feature) {
    return unit[feature];
  }

  /** The least value of a feature. */
  public float low(int feature) {
    return low[feature];
  }

  /** The largest value of a feature. */
  public float high(int feature) {
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
  public void ball(float[] input, int offset, double eps, float[] least, float[] most) {
    for (int f = 0; f < unit.length; f++) {
      float x = input[offset + f];
      float radius = (float) (eps * unit[f]);
      least[offset + f] = Math.min(x, Math.max(low[f], x - radius));
      most[offset + f] = Math.max(x, Math.min(high[f], x + radius));
    }
  }

  /**
   * A feature after a step of an attack along the sign of a gradient, within the ball. Either way
   * is as far: an example at an end of a range must be able to come back to it.
   *
   * @param value where it is
   * @param input the example's own value
   * @param least the least that it may become
   * @param most the most that it may become
   * @param stride share of the way to the farthest value
   */
  public static float step(
      float value, float input, float least, float most, double stride, float gradient) {
    float way = Math.max(most - input, input - least) * Math.signum(gradient);
    return Math.max(least, Math.min(most, (float) (value + stride * way)));
  }

  /** A value of a feature within its ball, at random. */
  public static float draw(float least, float most, SplittableRandom random) {
    return (float) Math.min(most, least + random.nextDouble() * ((double) most - least));
  }
}
