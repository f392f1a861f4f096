package dev.pare.layers;

import dev.pare.graph.Embedding;
import dev.pare.graph.Shape;
import java.util.Arrays;

/** Looks up each token's vector; what a token's vector gets is added up example by example. */
final class EmbeddingPass extends LayerPass {
  private final Embedding layer;
  private final LayerPass input;
  private final int weights;

  /** The tokens of each step, {@code [step][example]}. */
  private final int[] tokens;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters
   */
  EmbeddingPass(Embedding layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
    this.weights = weights;
    this.tokens = new int[Math.multiplyExact(shape.height(), largestBatch)];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + shape().height();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    Shape in = input.shape();
    for (int step = 0; step < shape().height(); step++) {
      int x = step % in.width();
      int y = step / in.width() % in.height();
      int channel = step / in.places();
      readTokens(step, ((y * in.channels() + channel) * in.width() + x) * batch, batch);
    }
    for (int step = 0; step < shape().height(); step++) {
      for (int c = 0; c < layer.width(); c++) {
        int row = weights + c * layer.tokens();
        int to = (step * layer.width() + c) * batch;
        for (int i = 0; i < batch; i++) {
          output()[to + i] = parameters[row + tokens[step * batch + i]];
        }
      }
    }
  }

  private void readTokens(int step, int from, int batch) {
    float[] values = input.output();
    for (int i = 0; i < batch; i++) {
      float value = values[from + i];
      int token = (int) value;
      if (token != value || token < 0 || token >= layer.tokens()) {
        throw new IllegalArgumentException(
            "token %s at place %d of an example: must be a whole number from 0 to %d, as the network's embedding has %d tokens"
                .formatted(
                    token == value ? String.valueOf(token) : String.valueOf(value),
                    step,
                    layer.tokens() - 1,
                    layer.tokens()));
      }
      tokens[step * batch + i] = token;
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    float[] outputGradient = outputGradient();
    Arrays.fill(gradient, weights, weights + layer.width() * layer.tokens(), 0);
    for (int step = 0; step < shape().height(); step++) {
      for (int c = 0; c < layer.width(); c++) {
        int row = weights + c * layer.tokens();
        int from = (step * layer.width() + c) * batch;
        for (int i = 0; i < batch; i++) {
          gradient[row + tokens[step * batch + i]] += outputGradient[from + i];
        }
      }
    }
    // Tokens have no gradient.
    if (!(input instanceof InputPass)) {
      Arrays.fill(input.outputGradient(), 0, input.shape().size() * batch, 0);
    }
  }
}
