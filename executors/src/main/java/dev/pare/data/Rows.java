package dev.pare.data;

/**
 * Rows of numbers that examples have: their features, or their targets.
 *
 * @param size how many rows there are
 * @param width how many numbers each row has
 */
record Rows(int size, int width, Row row) {
  /** Copies a row. */
  @FunctionalInterface
  interface Row {
    void copy(int index, float[] row);
  }

  /** Copies a row to the beginning of an array. */
  void copy(int index, float[] to) {
    row.copy(index, to);
  }

  static Rows features(Examples examples) {
    return new Rows(
        examples.size(), examples.features(), (index, row) -> examples.copyFeatures(index, row, 0));
  }

  /** As files have them: see {@link Examples#copyRow}. */
  static Rows columns(Examples examples) {
    return new Rows(examples.size(), examples.columns(), examples::copyRow);
  }

  /** Of examples whose task has targets. */
  static Rows targets(Examples examples) {
    return new Rows(
        examples.size(), examples.outputs(), (index, row) -> examples.copyTarget(index, row, 0));
  }
}
