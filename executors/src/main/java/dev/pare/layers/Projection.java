package dev.pare.layers;

import dev.pare.layers.Blas.Form;
import java.util.Arrays;

/**
 * One linear map of the channels of many places, without bias. A line is a row of an image, or a
 * step of a sequence: a matrix with a column for each channel, which as a whole lies in one piece.
 *
 * @param inputs channels before
 * @param units channels after
 * @param weights index of the first weight among the parameters, {@code [units][inputs]}
 */
record Projection(int inputs, int units, int weights) {
  /** Index after the last weight. */
  int end() {
    return weights + units * inputs;
  }

  /**
   * {@code out = W·in + beta·out}.
   *
   * @param row values of one channel in one line
   */
  void forward(
      float[] parameters,
      float[] in,
      int inAt,
      float beta,
      float[] out,
      int outAt,
      int lines,
      int row) {
    for (int line = 0; line < lines; line++) {
      Blas.multiply(
          Form.PLAIN,
          Form.PLAIN,
          row,
          units,
          inputs,
          in,
          inAt + line * inputs * row,
          row,
          parameters,
          weights,
          inputs,
          beta,
          out,
          outAt + line * units * row,
          row);
    }
  }

  /** The weights' gradient; zero without lines. */
  void weightGradient(
      float[] in, int inAt, float[] sums, int sumsAt, int lines, int row, float[] gradient) {
    if (lines == 0) {
      Arrays.fill(gradient, weights, end(), 0);
    }
    for (int line = 0; line < lines; line++) {
      Blas.multiply(
          Form.TRANSPOSE,
          Form.PLAIN,
          inputs,
          units,
          row,
          in,
          inAt + line * inputs * row,
          row,
          sums,
          sumsAt + line * units * row,
          row,
          line == 0 ? 0 : 1,
          gradient,
          weights,
          inputs);
    }
  }

  /** {@code inGradient = Wᵀ·sums + beta·inGradient}. */
  void inputGradient(
      float[] parameters,
      float[] sums,
      int sumsAt,
      float beta,
      float[] inGradient,
      int inAt,
      int lines,
      int row) {
    for (int line = 0; line < lines; line++) {
      Blas.multiply(
          Form.PLAIN,
          Form.TRANSPOSE,
          row,
          inputs,
          units,
          sums,
          sumsAt + line * units * row,
          row,
          parameters,
          weights,
          inputs,
          beta,
          inGradient,
          inAt + line * inputs * row,
          row);
    }
  }
}
