package dev.pare.layers;

import dev.pare.graph.Mask;
import dev.pare.graph.Shape;
import java.util.Arrays;

/** Numbers of which some are hidden. */
final class MaskPass extends JoinPass {
  private final Mask layer;
  private final LayerPass input;

  /** For each number, as it lies, whether it is hidden. */
  private final boolean[] hidden;

  MaskPass(Mask layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    Shape s = shape();
    boolean[] pattern = layer.pattern();
    this.hidden = new boolean[s.size()];
    int to = 0;
    for (int y = 0; y < s.height(); y++) {
      for (int c = 0; c < s.channels(); c++) {
        for (int x = 0; x < s.width(); x++) {
          hidden[to++] = pattern[((y * s.width() + x) * s.channels() + c) % layer.period()];
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    System.arraycopy(input.output(), 0, output(), 0, hidden.length * batch);
    for (int i = 0; i < hidden.length; i++) {
      if (hidden[i]) {
        hide(i * batch, (i + 1) * batch);
      }
    }
  }

  private void hide(int from, int to) {
    float[] out = output();
    float number = layer.number();
    switch (layer.effect()) {
      case REPLACED -> Arrays.fill(out, from, to, number);
      case SHIFTED -> {
        for (int i = from; i < to; i++) {
          out[i] += number;
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    boolean all = layer.effect() == Mask.Effect.SHIFTED;
    for (int i = 0; i < hidden.length; i++) {
      if (all || !hidden[i]) {
        add(outputGradient(), i * batch, input.outputGradient(), i * batch, batch);
      }
    }
  }
}
