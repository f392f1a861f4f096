package dev.pare.data;

/** Rows of numbers, as many in each, that examples have: their features, or their targets. */
interface Rows {
  int size();

  /** How many numbers each row has. */
  int width();

  void copy(int index, float[] row);

  static Rows features(Examples examples) {
    return new Rows() {
      @Override
      public int size() {
        return examples.size();
      }

      @Override
      public int width() {
        return examples.features();
      }

      @Override
      public void copy(int index, float[] row) {
        examples.copyFeatures(index, row, 0);
      }
    };
  }

  /** As files have them: see {@link Examples#copyRow}. */
  static Rows columns(Examples examples) {
    return new Rows() {
      @Override
      public int size() {
        return examples.size();
      }

      @Override
      public int width() {
        return examples.columns();
      }

      @Override
      public void copy(int index, float[] row) {
        examples.copyRow(index, row);
      }
    };
  }

  /** Of examples whose task has targets. */
  static Rows targets(Examples examples) {
    return new Rows() {
      @Override
      public int size() {
        return examples.size();
      }

      @Override
      public int width() {
        return examples.outputs();
      }

      @Override
      public void copy(int index, float[] row) {
        examples.copyTarget(index, row, 0);
      }
    };
  }
}
