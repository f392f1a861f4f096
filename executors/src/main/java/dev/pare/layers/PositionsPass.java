package dev.pare.layers;

import dev.pare.graph.Shape;

/** Adds a learnt number to each of an example's, channel-major among the parameters. */
final class PositionsPass extends LayerPass {
  private final LayerPass input;
  private final int summands;

  /**
   * @param summands index of the first among the parameters
   */
  PositionsPass(LayerPass input, int summands, int largestBatch) {
    super(input.shape(), largestBatch);
    this.input = input;
    this.summands = summands;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    for (int i = 0; i < shape().size(); i++) {
      add(input.output(), parameters[summands + index(i)], output(), i * batch, batch);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    for (int i = 0; i < shape().size(); i++) {
      gradient[summands + index(i)] = Sums.of(outputGradient(), i * batch, batch);
    }
    if (!(input instanceof InputPass)) {
      int size = shape().size() * batch;
      System.arraycopy(outputGradient(), 0, input.outputGradient(), 0, size);
    }
  }

  /** From {@code [height][channel][width]} to {@code [channel][height][width]}. */
  private int index(int place) {
    Shape s = shape();
    int x = place % s.width();
    int c = place / s.width() % s.channels();
    int y = place / s.width() / s.channels();
    return (c * s.height() + y) * s.width() + x;
  }

  private static void add(float[] from, float summand, float[] to, int at, int length) {
    for (int i = at; i < at + length; i++) {
      to[i] = from[i] + summand;
    }
  }
}
