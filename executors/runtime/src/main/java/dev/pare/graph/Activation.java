package dev.pare.graph;

import java.util.Locale;

/** The function a layer applies to its sums. */
public enum Activation {
  IDENTITY(0),
  RELU(1),
  SIGMOID(2),
  TANH(3),
  SOFTMAX(4);

  private final int code;

  Activation(int code) {
    this.code = code;
  }

  /**
   * What it makes of one sum.
   *
   * @throws IllegalArgumentException of softmax, which is no function of one
   */
  public double of(double sum) {
    return switch (this) {
      case IDENTITY -> sum;
      case RELU -> Math.max(0, sum);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-sum));
      case TANH -> StrictMath.tanh(sum);
      case SOFTMAX -> throw new IllegalArgumentException("no function of one sum: " + this);
    };
  }

  /** What stands behind a layer's name, for people. */
  String suffix() {
    return this == IDENTITY ? "" : " " + name().toLowerCase(Locale.ROOT);
  }

  /** The number that stands for this function in files; never reused. */
  public int code() {
    return code;
  }
}
