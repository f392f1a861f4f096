package dev.pare.layers;

import dev.pare.graph.SparseActivation;
import java.util.Arrays;

/**
 * A sparse activation. Where it is not differentiable gradients pass as {@link
 * SparseActivation.Rule} says: of what is left, and of binary ones from zero to the level (the
 * clipped straight-through estimator of Hubara et al. 2016, clipped as Choi et al. 2018 do).
 */
final class SparseActivationPass extends LayerPass {
  /** Examples whose largest numbers are found together: as many as a line of the cache holds. */
  private static final int BLOCK = 16;

  private final SparseActivation layer;
  private final LayerPass input;

  /** The positive numbers of some examples, a row each. */
  private final float[] numbers;

  /** Of each of these examples, how many numbers are positive, then how many ties may win. */
  private final int[] counts = new int[BLOCK];

  /** Of each of these examples, the least number that wins. */
  private final float[] least = new float[BLOCK];

  SparseActivationPass(SparseActivation layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    boolean compete = layer.rule() == SparseActivation.Rule.TOP_K;
    this.numbers = new float[compete ? Math.multiplyExact(shape().size(), BLOCK) : 0];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int size = shape().size() * batch;
    switch (layer.rule()) {
      case THRESHOLD -> threshold(input.output(), layer.level(), output(), size);
      case BINARY -> binary(input.output(), layer.level(), output(), size);
      case TOP_K -> {
        for (int example = 0; example < batch; example += BLOCK) {
          compete(example, Math.min(BLOCK, batch - example), batch);
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
      case THRESHOLD, TOP_K -> passLeft(output(), outputGradient(), input.outputGradient(), size);
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

  /** Leaves the largest numbers of some examples side by side. */
  private void compete(int first, int examples, int batch) {
    float[] from = input.output();
    int size = shape().size();
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      int at = i * batch + first;
      for (int e = 0; e < examples; e++) {
        float number = from[at + e];
        if (number > 0) {
          numbers[e * size + counts[e]++] = number;
        }
      }
    }
    for (int e = 0; e < examples; e++) {
      findLeast(e, e * size);
    }
    // Of equal ones the first in the order of channels, then places: that of a flat vector.
    int height = shape().height();
    int width = shape().width();
    for (int c = 0; c < shape().channels(); c++) {
      for (int y = 0; y < height; y++) {
        int line = (y * shape().channels() + c) * width;
        for (int x = 0; x < width; x++) {
          leave((line + x) * batch + first, examples);
        }
      }
    }
  }

  /** Which numbers of one example win: those above the least, and so many of its equals. */
  private void findLeast(int example, int from) {
    int positive = counts[example];
    if (positive <= layer.k()) {
      least[example] = 0;
      counts[example] = 0;
      return;
    }
    int to = from + positive;
    least[example] = TopK.smallest(numbers, from, to, positive - layer.k() + 1);
    int ties = layer.k();
    for (int i = from; i < to; i++) {
      ties -= numbers[i] > least[example] ? 1 : 0;
    }
    counts[example] = ties;
  }

  private void leave(int at, int examples) {
    float[] from = input.output();
    float[] to = output();
    for (int e = 0; e < examples; e++) {
      float number = from[at + e];
      boolean wins = number > least[e] || number == least[e] && number > 0 && counts[e]-- > 0;
      to[at + e] = wins ? number : 0;
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
