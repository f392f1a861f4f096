package dev.pare.layers;

import dev.pare.graph.Crop;
import dev.pare.graph.Shape;

/** Some rows and columns of an input. */
final class CropPass extends JoinPass {
  private final Crop layer;
  private final LayerPass input;

  /**
   * @param shape of the output
   */
  CropPass(Crop layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int line = shape().width() * batch;
    for (int i = 0; i < shape().height() * shape().channels(); i++) {
      System.arraycopy(input.output(), at(i, batch), output(), i * line, line);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    int line = shape().width() * batch;
    for (int i = 0; i < shape().height() * shape().channels(); i++) {
      add(outputGradient(), i * line, input.outputGradient(), at(i, batch), line);
    }
  }

  /** Where a line of the output, a channel's row, begins in the input. */
  private int at(int line, int batch) {
    int own = line + layer.top() * shape().channels();
    return (own * input.shape().width() + layer.left()) * batch;
  }
}
