package dev.pare.layers;

import dev.pare.graph.Activation;

/** Bias and activation, fused: one pass over rows that share a bias. */
final class RowActivation {
  private RowActivation() {}

  /** {@code values = activation(values + bias)} for {@code length} values. */
  static void forward(Activation activation, float bias, float[] values, int from, int length) {
    int to = from + length;
    switch (activation) {
      // A softmax is the loss's part of the network.
      case IDENTITY, SOFTMAX -> {
        for (int i = from; i < to; i++) {
          values[i] += bias;
        }
      }
      case RELU -> {
        for (int i = from; i < to; i++) {
          values[i] = Math.max(0f, values[i] + bias);
        }
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          values[i] = 1 / (1 + Exponential.exp(-values[i] - bias));
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          values[i] = 1 - 2 / (1 + Exponential.exp(2 * (values[i] + bias)));
        }
      }
    }
  }

  /**
   * Turns the gradient with respect to activated values into that of the sums before, in place.
   *
   * @return its total, which is the bias's gradient
   */
  static float backward(
      Activation activation, float[] values, float[] gradient, int from, int length) {
    int to = from + length;
    switch (activation) {
      case IDENTITY, SOFTMAX -> {}
      case RELU -> {
        // 1 where the value is positive, else 0, without a branch that could not be predicted.
        for (int i = from; i < to; i++) {
          gradient[i] *= Math.min(1f, values[i] * Float.MAX_VALUE);
        }
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= values[i] * (1 - values[i]);
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= 1 - values[i] * values[i];
        }
      }
    }
    return Sums.of(gradient, from, length);
  }
}
