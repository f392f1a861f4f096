package dev.pare.layers;

import dev.pare.graph.Shape;
import dev.pare.graph.ZeroPadding;
import java.util.Arrays;

/** Zeros around an input. */
final class ZeroPaddingPass extends JoinPass {
  private final ZeroPadding layer;
  private final LayerPass input;

  /**
   * @param shape of the output
   */
  ZeroPaddingPass(ZeroPadding layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    Arrays.fill(output(), 0, shape().size() * batch, 0);
    Shape s = input.shape();
    int line = s.width() * batch;
    for (int i = 0; i < s.height() * s.channels(); i++) {
      System.arraycopy(input.output(), i * line, output(), at(i, batch), line);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    Shape s = input.shape();
    int line = s.width() * batch;
    for (int i = 0; i < s.height() * s.channels(); i++) {
      add(outputGradient(), at(i, batch), input.outputGradient(), i * line, line);
    }
  }

  /** Where a line of the input, a channel's row, begins in the output. */
  private int at(int line, int batch) {
    int own = line + layer.top() * shape().channels();
    return (own * shape().width() + layer.left()) * batch;
  }
}
