package dev.pare.layers;

import dev.pare.graph.BatchNormalization;
import dev.pare.model.Dl4jNetworks;

/**
 * Batch normalization (Ioffe and Szegedy 2015), with its activation. Running statistics follow the
 * batch's, the variance as the mean square deviation, as DL4J's do.
 */
final class BatchNormalizationPass extends LayerPass {
  private final BatchNormalization layer;
  private final LayerPass input;
  private final int channels;
  private final int gamma;
  private final int beta;
  private final int mean;
  private final int variance;
  private final float[] batchMean;
  private final float[] batchVariance;

  /** The input less its mean, over its deviation. */
  private final float[] normalized;

  private final float[] products;

  /**
   * @param gamma index of the first factor among the parameters; summands, means and variances
   *     follow
   */
  BatchNormalizationPass(BatchNormalization layer, LayerPass input, int gamma, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.channels = shape().channels();
    this.gamma = gamma;
    this.beta = gamma + channels;
    this.mean = beta + channels;
    this.variance = mean + channels;
    this.batchMean = new float[channels];
    this.batchVariance = new float[channels];
    this.normalized = new float[output().length];
    this.products = new float[shape().width() * largestBatch];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + shape().size();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    if (mode == Mode.TRAINING) {
      measure(row);
    }
    for (int c = 0; c < channels; c++) {
      boolean training = mode == Mode.TRAINING;
      float centre = training ? batchMean[c] : parameters[mean + c];
      float inverse = inverseDeviation(training ? batchVariance[c] : parameters[variance + c]);
      for (int y = 0; y < shape().height(); y++) {
        int at = (y * channels + c) * row;
        scale(
            input.output(), normalized, output(), at, row, centre, inverse, parameters[gamma + c]);
        RowActivation.forward(layer.activation(), parameters[beta + c], output(), at, row);
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int row = shape().width() * batch;
    float count = (float) shape().height() * row;
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      float dot = 0;
      for (int y = 0; y < shape().height(); y++) {
        int at = (y * channels + c) * row;
        sum += RowActivation.backward(layer.activation(), output(), outputGradient(), at, row);
        dot += dot(outputGradient(), normalized, at, row);
      }
      gradient[beta + c] = sum;
      gradient[gamma + c] = dot;
      float step = (float) (1 - Dl4jNetworks.MEAN_DECAY);
      gradient[mean + c] = step * (parameters[mean + c] - batchMean[c]);
      gradient[variance + c] = step * (parameters[variance + c] - batchVariance[c]);
      if (!(input instanceof InputPass)) {
        float factor = parameters[gamma + c] * inverseDeviation(batchVariance[c]);
        for (int y = 0; y < shape().height(); y++) {
          int at = (y * channels + c) * row;
          centre(
              outputGradient(),
              normalized,
              input.outputGradient(),
              at,
              row,
              factor,
              sum / count,
              dot / count);
        }
      }
    }
  }

  private float inverseDeviation(float squared) {
    return (float) (1 / Math.sqrt(squared + layer.epsilon()));
  }

  private void measure(int row) {
    float count = (float) shape().height() * row;
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (int y = 0; y < shape().height(); y++) {
        sum += Sums.of(input.output(), (y * channels + c) * row, row);
      }
      batchMean[c] = sum / count;
      float squares = 0;
      for (int y = 0; y < shape().height(); y++) {
        int at = (y * channels + c) * row;
        squareDeviations(input.output(), at, row, batchMean[c], products);
        squares += Sums.of(products, 0, row);
      }
      batchVariance[c] = squares / count;
    }
  }

  private static void squareDeviations(
      float[] values, int from, int length, float mean, float[] target) {
    for (int i = 0; i < length; i++) {
      float deviation = values[from + i] - mean;
      target[i] = deviation * deviation;
    }
  }

  private static void scale(
      float[] values,
      float[] normalized,
      float[] target,
      int from,
      int length,
      float mean,
      float inverse,
      float factor) {
    for (int i = from; i < from + length; i++) {
      float n = (values[i] - mean) * inverse;
      normalized[i] = n;
      target[i] = factor * n;
    }
  }

  private float dot(float[] one, float[] other, int from, int length) {
    for (int i = 0; i < length; i++) {
      products[i] = one[from + i] * other[from + i];
    }
    return Sums.of(products, 0, length);
  }

  private static void centre(
      float[] gradient,
      float[] normalized,
      float[] target,
      int from,
      int length,
      float factor,
      float mean,
      float dot) {
    for (int i = from; i < from + length; i++) {
      target[i] = factor * (gradient[i] - mean - normalized[i] * dot);
    }
  }
}
