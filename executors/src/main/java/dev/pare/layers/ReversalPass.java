package dev.pare.layers;

/** The rows of an input, the last one first. */
final class ReversalPass extends JoinPass {
  private final LayerPass input;

  ReversalPass(LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.input = input;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = row(batch);
    for (int y = 0; y < shape().height(); y++) {
      System.arraycopy(input.output(), y * row, output(), (shape().height() - 1 - y) * row, row);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    int row = row(batch);
    for (int y = 0; y < shape().height(); y++) {
      int from = (shape().height() - 1 - y) * row;
      add(outputGradient(), from, input.outputGradient(), y * row, row);
    }
  }

  private int row(int batch) {
    return shape().channels() * shape().width() * batch;
  }
}
