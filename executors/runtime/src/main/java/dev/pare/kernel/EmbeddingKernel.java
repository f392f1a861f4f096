package dev.pare.kernel;

/** {@link dev.pare.graph.Embedding}. */
final class EmbeddingKernel implements Kernel {
  /** A row a token. */
  private final Matrix vectors;

  EmbeddingKernel(Place place) {
    vectors = place.matrix(0).transposed();
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] tokens = inputs[0];
    float[] vector = new float[vectors.columns()];
    for (int step = 0; step < tokens.length; step++) {
      vectors.row((int) tokens[step], vector);
      for (int i = 0; i < vector.length; i++) {
        output[i * tokens.length + step] = vector[i];
      }
    }
  }
}
