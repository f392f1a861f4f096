package dev.pare.layers;

import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Shape;

/** Some channels of an input. */
final class ChannelSelectionPass extends JoinPass {
  private final int[] channels;
  private final LayerPass input;

  /**
   * @param shape of the output
   */
  ChannelSelectionPass(ChannelSelection layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.channels = layer.channels().stream().mapToInt(channel -> channel).toArray();
    this.input = input;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int line = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < channels.length; c++) {
        System.arraycopy(
            input.output(), from(y, c) * line, output(), (y * channels.length + c) * line, line);
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    int line = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < channels.length; c++) {
        int own = (y * channels.length + c) * line;
        add(outputGradient(), own, input.outputGradient(), from(y, c) * line, line);
      }
    }
  }

  private int from(int y, int channel) {
    return y * input.shape().channels() + channels[channel];
  }
}
