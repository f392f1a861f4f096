package dev.pare.graph;

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

  /** The number that stands for this function in files; never reused. */
  public int code() {
    return code;
  }
}
