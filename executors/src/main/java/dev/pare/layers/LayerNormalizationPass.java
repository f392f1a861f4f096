package dev.pare.layers;

import dev.pare.graph.LayerNormalization;
import java.util.Arrays;

/**
 * Layer normalization (Ba, Kiros and Hinton 2016) over the channels of each place. Loops run along
 * a row of places and examples, for one channel after another.
 */
final class LayerNormalizationPass extends LayerPass {
  private final LayerNormalization layer;
  private final LayerPass input;
  private final int channels;
  private final int gamma;
  private final int beta;

  /** The input less its mean, over its deviation. */
  private final float[] normalized;

  /** One over the deviation, a place. */
  private final float[] inverse;

  private final float[] mean;
  private final float[] products;

  /**
   * @param gamma index of the first factor among the parameters; the summands follow
   */
  LayerNormalizationPass(LayerNormalization layer, LayerPass input, int gamma, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.channels = shape().channels();
    this.gamma = gamma;
    this.beta = gamma + channels;
    this.normalized = new float[output().length];
    this.inverse = new float[output().length / channels];
    this.mean = new float[shape().width() * largestBatch];
    this.products = new float[mean.length];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + shape().size();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    float share = 1f / channels;
    for (int y = 0; y < shape().height(); y++) {
      int from = y * channels * row;
      Arrays.fill(mean, 0, row, 0);
      for (int c = 0; c < channels; c++) {
        add(input.output(), from + c * row, share, mean, row);
      }
      Arrays.fill(products, 0, row, 0);
      for (int c = 0; c < channels; c++) {
        addSquares(input.output(), from + c * row, mean, share, products, row);
      }
      invert(products, layer.epsilon(), inverse, y * row, row);
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        normalize(input.output(), at, mean, inverse, y * row, normalized, row);
        scale(normalized, at, parameters[gamma + c], parameters[beta + c], output(), row);
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int row = shape().width() * batch;
    float share = 1f / channels;
    Arrays.fill(gradient, gamma, beta + channels, 0);
    for (int y = 0; y < shape().height(); y++) {
      int from = y * channels * row;
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        gradient[beta + c] += Sums.of(outputGradient(), at, row);
        multiply(outputGradient(), normalized, at, products, row);
        gradient[gamma + c] += Sums.of(products, 0, row);
      }
      if (input instanceof InputPass) {
        continue;
      }
      // The means, over channels, of the normalized values' gradient and of its product with them.
      Arrays.fill(mean, 0, row, 0);
      Arrays.fill(products, 0, row, 0);
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        float factor = share * parameters[gamma + c];
        add(outputGradient(), at, factor, mean, row);
        addProducts(outputGradient(), normalized, at, factor, products, row);
      }
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        centre(
            outputGradient(),
            normalized,
            at,
            parameters[gamma + c],
            mean,
            products,
            inverse,
            y * row,
            input.outputGradient(),
            row);
      }
    }
  }

  private static void add(float[] from, int at, float factor, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += factor * from[at + i];
    }
  }

  private static void addSquares(
      float[] from, int at, float[] mean, float factor, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      float deviation = from[at + i] - mean[i];
      to[i] += factor * deviation * deviation;
    }
  }

  private static void invert(float[] variance, float epsilon, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] = 1 / (float) Math.sqrt(variance[i] + epsilon);
    }
  }

  private static void normalize(
      float[] from, int at, float[] mean, float[] inverse, int inverseAt, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] = (from[at + i] - mean[i]) * inverse[inverseAt + i];
    }
  }

  private static void scale(
      float[] from, int at, float factor, float summand, float[] to, int length) {
    for (int i = at; i < at + length; i++) {
      to[i] = factor * from[i] + summand;
    }
  }

  private static void multiply(float[] one, float[] other, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = one[at + i] * other[at + i];
    }
  }

  private static void addProducts(
      float[] one, float[] other, int at, float factor, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += factor * one[at + i] * other[at + i];
    }
  }

  private static void centre(
      float[] gradient,
      float[] normalized,
      int at,
      float factor,
      float[] mean,
      float[] dot,
      float[] inverse,
      int inverseAt,
      float[] to,
      int length) {
    for (int i = 0; i < length; i++) {
      float centred = factor * gradient[at + i] - mean[i] - normalized[at + i] * dot[i];
      to[at + i] = inverse[inverseAt + i] * centred;
    }
  }
}
