package dev.pare.layers;

import dev.pare.graph.Shortcut;

/** Adds what an earlier layer has made. */
final class ShortcutPass extends JoinPass {
  private final Shortcut layer;
  private final LayerPass input;
  private final LayerPass source;
  private final int stride;

  ShortcutPass(Shortcut layer, LayerPass input, LayerPass source, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.source = source;
    this.stride = Shortcut.stride(input.shape(), source.shape());
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int size = shape().size() * batch;
    System.arraycopy(input.output(), 0, output(), 0, size);
    addSampled(source.output(), output(), batch, false);
    RowActivation.forward(layer.activation(), 0, output(), 0, size);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int size = shape().size() * batch;
    RowActivation.backward(layer.activation(), output(), outputGradient(), 0, size);
  }

  @Override
  void addInputGradient(int index, int batch) {
    if (index == 0) {
      add(outputGradient(), 0, input.outputGradient(), 0, shape().size() * batch);
    } else {
      addSampled(outputGradient(), source.outputGradient(), batch, true);
    }
  }

  /** Between the places of the source that count and those of the output. */
  private void addSampled(float[] from, float[] to, int batch, boolean toSource) {
    int channels = source.shape().channels();
    int line = shape().width() * batch;
    int sourceLine = source.shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      int own = y * shape().channels() * line;
      int far = y * stride * channels * sourceLine;
      if (stride == 1) {
        add(from, toSource ? own : far, to, toSource ? far : own, channels * line);
        continue;
      }
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < shape().width(); x++) {
          int ownAt = own + c * line + x * batch;
          int farAt = far + c * sourceLine + x * stride * batch;
          add(from, toSource ? ownAt : farAt, to, toSource ? farAt : ownAt, batch);
        }
      }
    }
  }
}
