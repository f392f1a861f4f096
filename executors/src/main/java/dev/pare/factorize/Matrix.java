package dev.pare.factorize;

import java.util.Arrays;

/**
 * A matrix of doubles, row-major; the array is not copied.
 *
 * <p>Not a record, since arrays have no value to compare.
 */
final class Matrix {
  private final int rows;
  private final int columns;
  private final double[] values;

  Matrix(int rows, int columns, double[] values) {
    if (values.length != Math.multiplyExact(rows, columns)) {
      throw new IllegalArgumentException(
          values.length + " values for a matrix of " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /** Of zeros. */
  Matrix(int rows, int columns) {
    this(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** The values themselves. */
  double[] values() {
    return values;
  }

  double at(int row, int column) {
    return values[row * columns + column];
  }

  void set(int row, int column, double value) {
    values[row * columns + column] = value;
  }

  Matrix copy() {
    return new Matrix(rows, columns, values.clone());
  }

  Matrix transposed() {
    Matrix transposed = new Matrix(columns, rows);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        transposed.values[c * rows + r] = values[r * columns + c];
      }
    }
    return transposed;
  }

  Matrix times(Matrix right) {
    if (columns != right.rows) {
      throw new IllegalArgumentException(
          rows + "×" + columns + " times " + right.rows + "×" + right.columns);
    }
    Matrix product = new Matrix(rows, right.columns);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < columns; k++) {
        add(
            values[r * columns + k],
            right.values,
            k * right.columns,
            product.values,
            r * right.columns,
            right.columns);
      }
    }
    return product;
  }

  Matrix minus(Matrix other) {
    Matrix difference = copy();
    add(-1, other.values, 0, difference.values, 0, values.length);
    return difference;
  }

  /** The sum of the squares of all values. */
  double squares() {
    return dot(values, 0, values, 0, values.length);
  }

  /** The first rows. */
  Matrix top(int count) {
    return new Matrix(count, columns, Arrays.copyOf(values, count * columns));
  }

  /** These columns, in this order. */
  Matrix select(int[] kept) {
    Matrix selected = new Matrix(rows, kept.length);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < kept.length; c++) {
        selected.values[r * kept.length + c] = values[r * columns + kept[c]];
      }
    }
    return selected;
  }

  /** The matrix of {@code width} columns whose columns {@code kept} are these; others are zero. */
  Matrix spread(int[] kept, int width) {
    Matrix wide = new Matrix(rows, width);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < kept.length; c++) {
        wide.values[r * width + kept[c]] = values[r * columns + c];
      }
    }
    return wide;
  }

  static double dot(double[] a, int fromA, double[] b, int fromB, int length) {
    // Four sums, since each addition waits for the one before.
    double one = 0;
    double two = 0;
    double three = 0;
    double four = 0;
    int i = 0;
    for (; i < length - 3; i += 4) {
      one += a[fromA + i] * b[fromB + i];
      two += a[fromA + i + 1] * b[fromB + i + 1];
      three += a[fromA + i + 2] * b[fromB + i + 2];
      four += a[fromA + i + 3] * b[fromB + i + 3];
    }
    for (; i < length; i++) {
      one += a[fromA + i] * b[fromB + i];
    }
    return one + two + (three + four);
  }

  /** {@code to += factor·from}. */
  static void add(double factor, double[] from, int fromAt, double[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += factor * from[fromAt + i];
    }
  }
}
