package dev.pare.kernel;

import dev.pare.graph.Activation;
import java.util.Arrays;

/** Filters over channels: each weight that is not zero times all places that it is laid on. */
abstract class FilterKernel implements Kernel {
  private final int channels;
  private final int groups;
  private final int height;
  private final int width;
  private final Activation activation;
  private final Matrix weights;
  private final float[] biases;

  /**
   * @param height of the filters
   * @param width of the filters
   */
  FilterKernel(Place place, int groups, int height, int width, Activation activation) {
    channels = place.input().channels();
    this.groups = groups;
    this.height = height;
    this.width = width;
    this.activation = activation;
    weights = place.matrix(0);
    biases = place.vector(1);
  }

  @Override
  public final void run(float[][] inputs, float[] output) {
    int[] filters = new int[weights.rows()];
    float[] factors = new float[filters.length];
    int readPlaces = inputs[0].length / channels;
    int places = output.length / filters.length;
    for (int f = 0; f < filters.length; f++) {
      Arrays.fill(output, f * places, (f + 1) * places, biases[f]);
    }
    for (int tap = 0; tap < weights.columns(); tap++) {
      int count = weights.column(tap, filters, factors);
      for (int i = 0; i < count; i++) {
        if (factors[i] != 0) {
          int from = channel(tap, group(filters[i])) * readPlaces;
          add(factors[i], row(tap), tap % width, inputs[0], from, output, filters[i] * places);
        }
      }
    }
    Activations.apply(activation, output);
  }

  @Override
  public final void runAll(float[][][] inputs, float[][] output) {
    int[] filters = new int[weights.rows()];
    float[] factors = new float[filters.length];
    int readPlaces = inputs[0].length / channels;
    int places = output.length / filters.length;
    for (int i = 0; i < output.length; i++) {
      Arrays.fill(output[i], biases[i / places]);
    }
    for (int tap = 0; tap < weights.columns(); tap++) {
      int count = nonzeros(weights.column(tap, filters, factors), filters, factors);
      for (int next = 0; next < count; ) {
        int first = next;
        int group = group(filters[first]);
        while (next < count && group(filters[next]) == group) {
          next++;
        }
        int end = next;
        int from = channel(tap, group) * readPlaces;
        forEachPlace(
            row(tap),
            tap % width,
            (in, out) ->
                Products.add(
                    inputs[0][from + in], filters, factors, first, end, output, out, places));
      }
    }
    for (float[] numbers : output) {
      Activations.apply(activation, numbers);
    }
  }

  /** Leaves out those of zero, as one example does. */
  private static int nonzeros(int count, int[] filters, float[] factors) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (factors[i] != 0) {
        filters[kept] = filters[i];
        factors[kept++] = factors[i];
      }
    }
    return kept;
  }

  private int group(int filter) {
    return filter / (weights.rows() / groups);
  }

  /** The channel that filters of a group read by a weight. */
  private int channel(int tap, int group) {
    return group * (channels / groups) + tap / (height * width);
  }

  /** The row of a weight within its filter. */
  private int row(int tap) {
    return tap % (height * width) / width;
  }

  /**
   * Adds the products of a weight.
   *
   * @param ky place of the weight in its filter
   * @param kx place of the weight in its filter
   * @param from where the channel that it reads begins
   * @param to where the channel that it makes begins
   */
  abstract void add(float weight, int ky, int kx, float[] input, int from, float[] output, int to);

  /**
   * Calls for each place that a weight is laid on: first what is read there, then what is made,
   * both within their channels.
   */
  abstract void forEachPlace(int ky, int kx, Plane.Places places);
}
