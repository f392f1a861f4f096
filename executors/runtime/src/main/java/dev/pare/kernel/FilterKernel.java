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
    float[] factors = new float[weights.rows()];
    int readPlaces = inputs[0].length / channels;
    int places = output.length / factors.length;
    int filters = factors.length / groups;
    for (int f = 0; f < factors.length; f++) {
      Arrays.fill(output, f * places, (f + 1) * places, biases[f]);
    }
    for (int tap = 0; tap < weights.columns(); tap++) {
      weights.column(tap, factors);
      int ky = tap % (height * width) / width;
      int kx = tap % width;
      for (int f = 0; f < factors.length; f++) {
        if (factors[f] != 0) {
          int channel = f / filters * (channels / groups) + tap / (height * width);
          add(factors[f], ky, kx, inputs[0], channel * readPlaces, output, f * places);
        }
      }
    }
    Activations.apply(activation, output);
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
}
