package dev.pare.layers;

import dev.pare.model.Layer;

/**
 * A sparse activation. Where it is not differentiable gradients pass as {@link Layer.Rule} says: of
 * what is left, and of binary ones from zero to the level (the clipped straight-through estimator
 * of Hubara et al. 2016, clipped as Choi et al. 2018 do).
 */
final class SparseActivationPass extends LayerPass {
  private final Layer.SparseActivation layer;
  private final LayerPass input;

  /** The positive numbers of one example. */
  private final float[] numbers;

  SparseActivationPass(Layer.SparseActivation layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.numbers = new float[layer.rule() == Layer.Rule.WINNERS ? shape().size() : 0];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int size = shape().size() * batch;
    switch (layer.rule()) {
      case THRESHOLD -> threshold(input.output(), layer.level(), output(), size);
      case BINARY -> binary(input.output(), layer.level(), output(), size);
      case WINNERS -> {
        for (int example = 0; example < batch; example++) {
          compete(input.output(), output(), example, batch);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    int size = shape().size() * batch;
    switch (layer.rule()) {
      case THRESHOLD, WINNERS -> passLeft(output(), outputGradient(), input.outputGradient(), size);
      case BINARY ->
          passWithin(input.output(), layer.level(), outputGradient(), input.outputGradient(), size);
    }
  }

  private static void threshold(float[] from, float least, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = from[i] >= least ? from[i] : 0;
    }
  }

  private static void binary(float[] from, float level, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = from[i] >= level / 2 ? level : 0;
    }
  }

  /** Leaves the winners of one example. */
  private void compete(float[] from, float[] to, int example, int batch) {
    int positive = 0;
    for (int i = 0; i < shape().size(); i++) {
      float number = from[i * batch + example];
      if (number > 0) {
        numbers[positive++] = number;
      }
    }
    float least = 0;
    int ties = 0;
    if (positive > layer.winners()) {
      least = Selection.smallest(numbers, positive, positive - layer.winners() + 1);
      ties = layer.winners();
      for (int i = 0; i < positive; i++) {
        ties -= numbers[i] > least ? 1 : 0;
      }
    }
    // Of equal ones the first in the order of channels, then places: that of a flat vector.
    int height = shape().height();
    int width = shape().width();
    for (int c = 0; c < shape().channels(); c++) {
      for (int y = 0; y < height; y++) {
        int line = (y * shape().channels() + c) * width;
        for (int x = 0; x < width; x++) {
          int at = (line + x) * batch + example;
          float number = from[at];
          boolean wins = number > least || number == least && number > 0 && ties-- > 0;
          to[at] = wins ? number : 0;
        }
      }
    }
  }

  private static void passLeft(float[] output, float[] gradient, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = output[i] != 0 ? gradient[i] : 0;
    }
  }

  private static void passWithin(
      float[] input, float level, float[] gradient, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = input[i] >= 0 && input[i] <= level ? gradient[i] : 0;
    }
  }
}
