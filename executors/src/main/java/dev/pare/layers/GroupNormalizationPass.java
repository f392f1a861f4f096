package dev.pare.layers;

import dev.pare.graph.GroupNormalization;
import java.util.Arrays;

/**
 * Group normalization (Wu and He 2018) over the places of each example's groups of channels. Loops
 * run along the examples of a batch, for one number after another.
 */
final class GroupNormalizationPass extends LayerPass {
  private final GroupNormalization layer;
  private final LayerPass input;
  private final int channels;

  private final int groups;

  /** Channels of a group. */
  private final int width;

  private final int gamma;
  private final int beta;

  /** The input less its mean, over its deviation. */
  private final float[] normalized;

  /** One over the deviation, of each group and example. */
  private final float[] inverse;

  private final float[] means;
  private final float[] products;

  /**
   * @param gamma index of the first factor among the parameters; the summands follow
   */
  GroupNormalizationPass(GroupNormalization layer, LayerPass input, int gamma, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.channels = shape().channels();
    this.groups = layer.groupsOf(channels);
    this.width = channels / groups;
    this.gamma = gamma;
    this.beta = gamma + channels;
    this.normalized = new float[output().length];
    this.inverse = new float[groups * largestBatch];
    this.means = new float[inverse.length];
    this.products = new float[Math.max(inverse.length, shape().width() * largestBatch)];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + shape().size();
  }

  private interface Element {
    /**
     * @param at where its examples are
     * @param group where those of its group are
     */
    void at(int at, int group, int channel);
  }

  private void forEach(int batch, Element element) {
    int at = 0;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < shape().width(); x++) {
          element.at(at, c / width * batch, c);
          at += batch;
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] in = input.output();
    float[] out = output();
    float share = 1f / (width * shape().places());
    int all = groups * batch;
    Arrays.fill(means, 0, all, 0);
    forEach(
        batch,
        (at, group, c) -> {
          for (int i = 0; i < batch; i++) {
            means[group + i] += share * in[at + i];
          }
        });
    Arrays.fill(inverse, 0, all, 0);
    forEach(
        batch,
        (at, group, c) -> {
          for (int i = 0; i < batch; i++) {
            float deviation = in[at + i] - means[group + i];
            inverse[group + i] += share * deviation * deviation;
          }
        });
    for (int i = 0; i < all; i++) {
      inverse[i] = 1 / (float) Math.sqrt(inverse[i] + layer.epsilon());
    }
    forEach(
        batch,
        (at, group, c) -> {
          float factor = parameters[gamma + c];
          float summand = parameters[beta + c];
          for (int i = 0; i < batch; i++) {
            float n = (in[at + i] - means[group + i]) * inverse[group + i];
            normalized[at + i] = n;
            out[at + i] = factor * n + summand;
          }
        });
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    float[] from = outputGradient();
    int row = shape().width() * batch;
    Arrays.fill(gradient, gamma, beta + channels, 0);
    for (int line = 0; line < shape().height() * channels; line++) {
      int at = line * row;
      gradient[beta + line % channels] += Sums.of(from, at, row);
      for (int i = 0; i < row; i++) {
        products[i] = from[at + i] * normalized[at + i];
      }
      gradient[gamma + line % channels] += Sums.of(products, 0, row);
    }
    if (input instanceof InputPass) {
      return;
    }
    // The means of the normalized values' gradient and of its product with them.
    float share = 1f / (width * shape().places());
    Arrays.fill(means, 0, groups * batch, 0);
    Arrays.fill(products, 0, groups * batch, 0);
    forEach(
        batch,
        (at, group, c) -> {
          float factor = share * parameters[gamma + c];
          for (int i = 0; i < batch; i++) {
            float scaled = factor * from[at + i];
            means[group + i] += scaled;
            products[group + i] += scaled * normalized[at + i];
          }
        });
    float[] to = input.outputGradient();
    forEach(
        batch,
        (at, group, c) -> {
          float factor = parameters[gamma + c];
          for (int i = 0; i < batch; i++) {
            to[at + i] =
                inverse[group + i]
                    * (factor * from[at + i]
                        - means[group + i]
                        - normalized[at + i] * products[group + i]);
          }
        });
  }
}
