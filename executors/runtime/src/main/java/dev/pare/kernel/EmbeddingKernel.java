package dev.pare.kernel;

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
    float[] vector = new float[vectors.rows()];
    for (int step = 0; step < tokens.length; step++) {
      vectors.column((int) tokens[step], vector);
      for (int i = 0; i < vector.length; i++) {
        output[i * tokens.length + step] = vector[i];
      }
    }
  }
}
