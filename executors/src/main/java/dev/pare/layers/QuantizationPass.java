package dev.pare.layers;

import dev.pare.graph.Quantization;

/**
 * Activations of 8 bits. The gradient passes straight through (Bengio, Léonard and Courville 2013)
 * where a number is within the levels' range, and not beyond (Choi et al. 2018).
 */
final class QuantizationPass extends LayerPass {
  /** Added and taken away again, it leaves a whole number of what is less than 2^22. */
  private static final float ROUNDING = 1.5f * (1 << 23);

  private final Quantization layer;
  private final LayerPass input;

  QuantizationPass(Quantization layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
  }

  private float least() {
    return -layer.zeroPoint();
  }

  private float most() {
    return Quantization.LAST_LEVEL - layer.zeroPoint();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    round(input.output(), layer.scale(), least(), most(), output(), shape().size() * batch);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (!(input instanceof InputPass)) {
      passWithin(
          input.output(),
          (least() - 0.5f) * layer.scale(),
          (most() + 0.5f) * layer.scale(),
          outputGradient(),
          input.outputGradient(),
          shape().size() * batch);
    }
  }

  private static void round(
      float[] from, float scale, float least, float most, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      float steps = Math.max(least, Math.min(most, from[i] / scale));
      to[i] = ((steps + ROUNDING) - ROUNDING) * scale;
    }
  }

  private static void passWithin(
      float[] input, float low, float high, float[] gradient, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = input[i] >= low && input[i] <= high ? gradient[i] : 0;
    }
  }
}
