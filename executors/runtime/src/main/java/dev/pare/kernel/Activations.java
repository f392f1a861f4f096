package dev.pare.kernel;

import dev.pare.graph.Activation;

/** What layers apply to their sums. */
final class Activations {
  private Activations() {}

  /** In place; a softmax, which only what is asked of a network needs, is left out. */
  static void apply(Activation activation, float[] values) {
    switch (activation) {
      case IDENTITY, SOFTMAX -> {}
      case RELU -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.max(0f, values[i]);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = sigmoid(values[i]);
        }
      }
      case TANH -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = tanh(values[i]);
        }
      }
    }
  }

  static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  static float tanh(float x) {
    return (float) Math.tanh(x);
  }
}
