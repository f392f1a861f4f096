package dev.pare.layers;

/**
 * What a pass computes, for one more reader of it that writes a gradient: the gradient is kept here
 * until it is added to the others'.
 */
final class Branch extends JoinPass {
  private final LayerPass source;

  Branch(LayerPass source) {
    super(source);
    this.source = source;
  }

  @Override
  long floatsAnExample(Mode mode) {
    return mode == Mode.TRAINING ? shape().size() : 0;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {}

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int input, int batch) {
    add(outputGradient(), 0, source.outputGradient(), 0, shape().size() * batch);
  }
}
