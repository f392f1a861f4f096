package dev.pare.codec;

/**
 * The order in which levels are coded: line after line, each from its first place on. Lines are
 * rows, or columns if transposed; very long rows are folded.
 *
 * @param transposed whether lines are columns
 * @param size how many levels there are
 * @param places of a line; the last may have fewer
 */
record Scan(boolean transposed, int size, int places) {
  /** The most places of a line: what is learned about each takes memory. */
  static final int MOST_PLACES = 1 << 16;

  static Scan of(boolean transposed, int rows, int columns) {
    int size = Math.multiplyExact(rows, columns);
    return new Scan(transposed, size, transposed ? rows : Math.min(columns, MOST_PLACES));
  }

  /** Whether a matrix of that many rows may be scanned by columns. */
  static boolean mayTranspose(int rows) {
    return rows <= MOST_PLACES;
  }

  int lines() {
    return (size - 1) / places + 1;
  }

  /** Where in the row-major matrix a line starts. */
  int start(int line) {
    return transposed ? line : line * places;
  }

  /** From place to place in the row-major matrix. */
  int step() {
    return transposed ? size / places : 1;
  }

  /** How many places a line has. */
  int placesOf(int line) {
    return Math.min(places, size - line * places);
  }
}
