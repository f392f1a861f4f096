package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

/**
 * Products of queries and keys on their way to attention, for which there is no layer before values
 * are multiplied by them.
 *
 * @param dims {@code […heads, places, places]}
 * @param factor of all products
 */
record Scores(int[] dims, Flow queries, Flow keys, double factor, Stage stage) implements Value {
  /** How far they have come. */
  enum Stage {
    /** Products. */
    PRODUCTS,
    /** Those of a place sum to 1: their softmax over all keys. */
    SHARES
  }

  Scores {
    requireNonNull(stage, "stage is null");
  }

  Scores times(double other) {
    check(Stage.PRODUCTS);
    return new Scores(dims, queries, keys, factor * other, stage);
  }

  /**
   * @param axis along which it is
   */
  Scores softmax(int axis) {
    check(Stage.PRODUCTS);
    if (axis != dims.length - 1) {
      throw new OnnxException(
          "along axis %d of %s; Pare's attention has it over keys, the last axis"
              .formatted(axis, Dimensions.text(dims)));
    }
    return new Scores(dims, queries, keys, factor, Stage.SHARES);
  }

  /** What layers cannot read. */
  static OnnxException unreadable() {
    return new OnnxException(
        "of products of what two layers make is not supported; Pare has self-attention: such"
            + " products times a number, their softmax over keys, and the product with values");
  }

  void check(Stage expected) {
    if (stage != expected) {
      throw unreadable();
    }
  }
}
