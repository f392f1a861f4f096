package dev.pare.layers;

import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shape;

/** Numbers of an input in another order. */
final class RearrangementPass extends JoinPass {
  private final LayerPass input;

  /** For each number of the output, as it lies, which one of the input it is. */
  private final int[] sources;

  /**
   * @param shape of the output
   */
  RearrangementPass(Rearrangement layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.input = input;
    this.sources = new int[shape.size()];
    int[] places = layer.places();
    Shape in = input.shape();
    int to = 0;
    for (int y = 0; y < shape.height(); y++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int x = 0; x < shape.width(); x++) {
          int within = y * shape.width() + x;
          int from =
              layer.isWithinChannels()
                  ? c * in.places() + places[within]
                  : places[c * shape.places() + within];
          sources[to++] =
              (from / in.width() % in.height() * in.channels() + from / in.places()) * in.width()
                  + from % in.width();
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    for (int i = 0; i < sources.length; i++) {
      System.arraycopy(input.output(), sources[i] * batch, output(), i * batch, batch);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    for (int i = 0; i < sources.length; i++) {
      add(outputGradient(), i * batch, input.outputGradient(), sources[i] * batch, batch);
    }
  }
}
