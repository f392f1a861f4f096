package dev.pare.kernel;

/** Numbers of examples, from an array an example to an array a number, or back. */
final class Transposed {
  private Transposed() {}

  /** Of rows of one length, and at least one, an array for each of their places. */
  static float[][] of(float[][] rows) {
    float[][] columns = new float[rows[0].length][rows.length];
    write(rows, columns);
    return columns;
  }

  /** As {@link #of}, into arrays that there are. */
  static void write(float[][] rows, float[][] columns) {
    for (int column = 0; column < columns.length; column++) {
      float[] target = columns[column];
      for (int row = 0; row < target.length; row++) {
        target[row] = rows[row][column];
      }
    }
  }
}
