package dev.pare.layers;

import dev.pare.graph.Elementwise;

/** A function of each number by itself. */
final class ElementwisePass extends LayerPass {
  private static final float GELU_SCALE = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBE = 0.044715f;
  private final Elementwise layer;
  private final LayerPass input;

  ElementwisePass(Elementwise layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] in = input.output();
    float[] out = output();
    int size = shape().size() * batch;
    float a = layer.first();
    float b = layer.second();
    switch (layer.function()) {
      case RELU -> {
        for (int i = 0; i < size; i++) {
          out[i] = Math.max(0f, in[i]);
        }
      }
      case CLIP -> {
        for (int i = 0; i < size; i++) {
          out[i] = Math.min(b, Math.max(a, in[i]));
        }
      }
      case LEAKY_RELU -> {
        for (int i = 0; i < size; i++) {
          out[i] = Math.max(0f, in[i]) + a * Math.min(0f, in[i]);
        }
      }
      case HARD_SIGMOID -> {
        for (int i = 0; i < size; i++) {
          out[i] = Math.min(1f, Math.max(0f, a * in[i] + b));
        }
      }
      case HARD_SWISH -> {
        for (int i = 0; i < size; i++) {
          out[i] = in[i] * Math.min(6f, Math.max(0f, in[i] + 3)) * (1f / 6);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < size; i++) {
          out[i] = sigmoid(in[i]);
        }
      }
      case SILU -> {
        for (int i = 0; i < size; i++) {
          out[i] = in[i] * sigmoid(in[i]);
        }
      }
      case AFFINE -> {
        for (int i = 0; i < size; i++) {
          out[i] = a * in[i] + b;
        }
      }
      case GELU -> {
        for (int i = 0; i < size; i++) {
          float x = in[i];
          // Below zero x·tail, above x − x·tail: nothing cancels out.
          float tail = NormalDistribution.tail(x, NormalDistribution.density(x));
          out[i] = Math.max(0, x) - Math.abs(x) * tail;
        }
      }
      case GELU_TANH -> {
        for (int i = 0; i < size; i++) {
          out[i] = in[i] * HyperbolicTangent.logistic(2 * geluTanhArgument(in[i]));
        }
      }
      case TANH -> {
        for (int i = 0; i < size; i++) {
          out[i] = HyperbolicTangent.tanh(in[i]);
        }
      }
      case ELU, SELU, SOFTPLUS, SQUARE, ABSOLUTE -> {
        for (int i = 0; i < size; i++) {
          out[i] = (float) layer.of(in[i]);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    float[] in = input.output();
    float[] from = outputGradient();
    float[] to = input.outputGradient();
    int size = shape().size() * batch;
    float a = layer.first();
    float b = layer.second();
    switch (layer.function()) {
      case RELU -> {
        // 1 where the value is positive, else 0, without a branch that could not be predicted.
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * step(in[i]);
        }
      }
      case CLIP -> {
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * step(in[i] - a) * step(b - in[i]);
        }
      }
      case LEAKY_RELU -> {
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * (1 - (1 - a) * step(-in[i]));
        }
      }
      case HARD_SWISH -> {
        for (int i = 0; i < size; i++) {
          float above = step(in[i] - 3);
          float within = step(in[i] + 3) * (1 - above);
          to[i] = from[i] * (within * (2 * in[i] + 3) * (1f / 6) + above);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * output()[i] * (1 - output()[i]);
        }
      }
      case SILU -> {
        for (int i = 0; i < size; i++) {
          float sigmoid = sigmoid(in[i]);
          to[i] = from[i] * sigmoid * (1 + in[i] * (1 - sigmoid));
        }
      }
      case AFFINE -> {
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * a;
        }
      }
      case GELU -> {
        for (int i = 0; i < size; i++) {
          float x = in[i];
          float density = NormalDistribution.density(x);
          float tail = NormalDistribution.tail(x, density);
          to[i] = from[i] * ((x > 0 ? 1 - tail : tail) + x * density);
        }
      }
      case GELU_TANH -> {
        for (int i = 0; i < size; i++) {
          float x = in[i];
          float share = HyperbolicTangent.logistic(2 * geluTanhArgument(x));
          float slope = 2 * GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
          to[i] = from[i] * (share + x * share * (1 - share) * slope);
        }
      }
      case TANH -> {
        for (int i = 0; i < size; i++) {
          to[i] = from[i] * (1 - output()[i] * output()[i]);
        }
      }
      case HARD_SIGMOID, ELU, SELU, SOFTPLUS, SQUARE, ABSOLUTE -> {
        for (int i = 0; i < size; i++) {
          to[i] = (float) (from[i] * layer.derivative(in[i]));
        }
      }
    }
  }

  /** 1 above zero, else 0; in between for numbers below 10⁻³⁸. */
  private static float step(float x) {
    return Math.min(1f, Math.max(0f, x) * Float.MAX_VALUE);
  }

  /**
   * What GELU by tanh takes the tanh of; {@code (1 + tanh a) / 2} is the logistic of {@code 2a}.
   */
  private static float geluTanhArgument(float x) {
    return GELU_SCALE * (x + GELU_CUBE * x * x * x);
  }

  private static float sigmoid(float x) {
    return 1 / (1 + Exponential.exp(-x));
  }
}
