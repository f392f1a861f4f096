package dev.pare.layers;

import dev.pare.graph.Shape;
import java.util.List;

/** Channels of several inputs side by side. */
final class ConcatenationPass extends JoinPass {
  private final List<LayerPass> inputs;

  /**
   * @param shape of the output
   */
  ConcatenationPass(List<LayerPass> inputs, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.inputs = inputs;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int before = 0;
    for (LayerPass input : inputs) {
      int row = row(input, batch);
      for (int y = 0; y < shape().height(); y++) {
        System.arraycopy(input.output(), y * row, output(), at(y, before, batch), row);
      }
      before += input.shape().channels();
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    int before = 0;
    for (int i = 0; i < index; i++) {
      before += inputs.get(i).shape().channels();
    }
    LayerPass input = inputs.get(index);
    int row = row(input, batch);
    for (int y = 0; y < shape().height(); y++) {
      add(outputGradient(), at(y, before, batch), input.outputGradient(), y * row, row);
    }
  }

  /** Size of a row of all channels of an input. */
  private static int row(LayerPass input, int batch) {
    return input.shape().channels() * input.shape().width() * batch;
  }

  private int at(int y, int channel, int batch) {
    return (y * shape().channels() + channel) * shape().width() * batch;
  }
}
