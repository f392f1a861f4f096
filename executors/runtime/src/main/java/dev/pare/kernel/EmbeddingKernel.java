package dev.pare.kernel;

import java.util.Arrays;

/** {@link dev.pare.graph.Embedding}. */
final class EmbeddingKernel implements Kernel {
  /** A column a token. */
  private final Matrix vectors;

  EmbeddingKernel(Place place) {
    vectors = place.matrix(0);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] tokens = inputs[0];
    int[] rows = new int[vectors.rows()];
    float[] values = new float[rows.length];
    Arrays.fill(output, 0);
    for (int step = 0; step < tokens.length; step++) {
      int count = vectors.column((int) tokens[step], rows, values);
      for (int i = 0; i < count; i++) {
        output[rows[i] * tokens.length + step] = values[i];
      }
    }
  }
}
