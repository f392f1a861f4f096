package dev.pare.layers;

import dev.pare.graph.Activation;
import dev.pare.graph.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Maximum pooling of 2×2 windows side by side, the usual one: columns first, in loops as long as a
 * line of the image. Of several largest values the gradient goes to one, in the left column before
 * the right one and above before below.
 */
final class MaximumOfFourPass extends LayerPass {
  private final LayerPass input;
  private final @Nullable Finish finish;

  /** The larger of each two values of a column. */
  private final float[] columns;

  private final float[] columnsGradient;

  /**
   * What the layer before leaves to be done after pooling, a quarter of the work: the largest of
   * four is the same before and after a bias and an activation that never falls.
   *
   * @param biases index of the first bias among the parameters, one a channel
   */
  record Finish(Activation activation, int biases) {}

  /**
   * @param shape of the output
   */
  MaximumOfFourPass(LayerPass input, Shape shape, @Nullable Finish finish, int largestBatch) {
    super(shape, largestBatch);
    this.input = input;
    this.finish = finish;
    this.columns =
        new float[shape.height() * shape.channels() * input.shape().width() * largestBatch];
    this.columnsGradient = new float[input.shape().width() * largestBatch];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode)
        + (long) shape().height() * shape().channels() * input.shape().width();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int line = input.shape().width() * batch;
    int outLine = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        int at = y * shape().channels() + c;
        int above = (2 * y * shape().channels() + c) * line;
        larger(input.output(), above, above + shape().channels() * line, columns, at * line, line);
        for (int x = 0; x < shape().width(); x++) {
          int left = at * line + 2 * x * batch;
          larger(columns, left, left + batch, output(), at * outLine + x * batch, batch);
        }
        if (finish != null) {
          float bias = parameters[finish.biases() + c];
          RowActivation.forward(finish.activation(), bias, output(), at * outLine, outLine);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    int line = input.shape().width() * batch;
    int outLine = shape().width() * batch;
    int covered = 2 * shape().width() * batch;
    if (input.shape().height() % 2 == 1) {
      int lines = shape().height() * 2 * shape().channels();
      Arrays.fill(
          input.outputGradient(), lines * line, lines * line + shape().channels() * line, 0);
    }
    Arrays.fill(columnsGradient, covered, Math.max(covered, line), 0);
    if (finish != null) {
      Arrays.fill(gradient, finish.biases(), finish.biases() + shape().channels(), 0);
    }
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        int at = y * shape().channels() + c;
        if (finish != null) {
          gradient[finish.biases() + c] +=
              RowActivation.backward(
                  finish.activation(), output(), outputGradient(), at * outLine, outLine);
        }
        for (int x = 0; x < shape().width(); x++) {
          share(
              columns,
              at * line + 2 * x * batch,
              outputGradient(),
              at * outLine + x * batch,
              columnsGradient,
              2 * x * batch,
              batch);
        }
        int above = (2 * y * shape().channels() + c) * line;
        int below = above + shape().channels() * line;
        split(
            input.output(),
            above,
            columns,
            at * line,
            columnsGradient,
            input.outputGradient(),
            below,
            line);
      }
    }
  }

  private static void larger(float[] from, int one, int other, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = Math.max(from[one + i], from[other + i]);
    }
  }

  /** The gradient goes to the right one of two columns where that is the larger, else left. */
  private static void share(
      float[] values, int left, float[] gradient, int from, float[] target, int to, int length) {
    for (int i = 0; i < length; i++) {
      float g = gradient[from + i];
      // 1 where the right one is larger, else 0, without a branch that could not be predicted.
      float excess = Math.max(0f, values[left + length + i] - values[left + i]);
      float moved = Math.min(1f, excess * Float.MAX_VALUE) * g;
      target[to + i] = g - moved;
      target[to + length + i] = moved;
    }
  }

  private static void split(
      float[] values,
      int above,
      float[] largest,
      int largestAt,
      float[] gradient,
      float[] target,
      int below,
      int length) {
    for (int i = 0; i < length; i++) {
      float g = gradient[i];
      float is = 1 - Math.min(1f, (largest[largestAt + i] - values[above + i]) * Float.MAX_VALUE);
      target[above + i] = is * g;
      target[below + i] = g - is * g;
    }
  }
}
