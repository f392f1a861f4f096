package dev.pare.examine;

import java.util.Arrays;

/** A matrix by its nonzero weights, row by row, with a bias each row. */
final class SparseRows {
  private final int columns;
  private final float[] biases;
  private final int[] starts;
  private int[] places = new int[64];
  private float[] weights = new float[64];
  private int rows;
  private int count;

  SparseRows(int rows, int columns) {
    this.columns = columns;
    this.biases = new float[rows];
    this.starts = new int[rows + 1];
  }

  /** Adds a weight to the row that is being written. */
  void add(int column, float weight) {
    if (weight == 0) {
      return;
    }
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
      weights = Arrays.copyOf(weights, 2 * count);
    }
    places[count] = column;
    weights[count++] = weight;
  }

  /** Ends the row that is being written. */
  void end(float bias) {
    biases[rows++] = bias;
    starts[rows] = count;
  }

  int rows() {
    return biases.length;
  }

  int columns() {
    return columns;
  }

  /** Nonzero weights of all rows. */
  int count() {
    return count;
  }

  float bias(int row) {
    return biases[row];
  }

  /** Where a row's weights begin; the last row's end is that of {@code rows()}. */
  int start(int row) {
    return starts[row];
  }

  int column(int index) {
    return places[index];
  }

  float weight(int index) {
    return weights[index];
  }
}
