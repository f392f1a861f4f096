package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Products of queries and keys on their way to attention, which become layers where something else
 * reads them.
 *
 * @param queries {@code […heads, places, numbers]}
 * @param keys {@code […heads, numbers, places]}
 * @param factor of all products
 */
record Scores(Flow queries, Flow keys, double factor, Stage stage) implements Value {
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

  @Override
  public int[] dims() {
    int[] dims = queries.dims().clone();
    dims[dims.length - 1] = keys.dims()[dims.length - 1];
    return dims;
  }

  /** All of them times a number; empty of shares. */
  Optional<Scores> times(double number) {
    return stage == Stage.PRODUCTS
        ? Optional.of(new Scores(queries, keys, factor * number, stage))
        : Optional.empty();
  }

  /**
   * Their softmax; empty of shares, and where it is not over keys.
   *
   * @param axis along which it is
   */
  Optional<Scores> softmax(int axis) {
    return stage == Stage.PRODUCTS && axis == queries.dims().length - 1
        ? Optional.of(new Scores(queries, keys, factor, Stage.SHARES))
        : Optional.empty();
  }
}
