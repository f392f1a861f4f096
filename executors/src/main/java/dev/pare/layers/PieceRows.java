package dev.pare.layers;

import java.util.Arrays;

/**
 * Rows of a matrix cut into pieces of one length, each an array of its own: HotSpot's compiler
 * makes loops wide that run over whole arrays, but not those over parts of one that begin anywhere.
 * What is left of a last piece is zero.
 */
final class PieceRows {
  /** Lengths that {@link SparseProducts} has loops for. */
  static final int LONG = 256;

  static final int SHORT = 64;

  private final int rows;

  /** {@code [piece][row]}. */
  private float[][][] pieces = {};

  private int length;

  PieceRows(int rows) {
    this.rows = rows;
  }

  /** The length of pieces that leaves least over; of equals, the longer. */
  static int pieceOf(int row) {
    int shortOnes = count(row, SHORT) * SHORT;
    int longOnes = count(row, LONG) * LONG;
    return longOnes <= shortOnes ? LONG : SHORT;
  }

  /** Gets ready for rows of some length; what they had before is lost where that is another. */
  void resize(int row) {
    int piece = pieceOf(row);
    int count = count(row, piece);
    if (row != length || pieces.length != count) {
      boolean same = pieces.length == count && pieces[0].length > 0 && pieces[0][0].length == piece;
      if (!same) {
        // The old ones need not be there meanwhile.
        pieces = new float[0][][];
        pieces = new float[count][rows][piece];
      }
      for (float[] last : pieces[count - 1]) {
        Arrays.fill(last, row - (count - 1) * piece, piece, 0);
      }
      length = row;
    }
  }

  private static int count(int row, int piece) {
    return (row + piece - 1) / piece;
  }

  int count() {
    return pieces.length;
  }

  /** A piece of all rows. */
  float[][] piece(int number) {
    return pieces[number];
  }

  /** How much of a piece belongs to the rows. */
  int used(int number) {
    int piece = pieces[number][0].length;
    return Math.min(piece, length - number * piece);
  }

  /** Where a piece begins within a row. */
  int start(int number) {
    return number * pieces[number][0].length;
  }

  /** Makes all rows zero. */
  void clear() {
    for (float[][] piece : pieces) {
      for (float[] row : piece) {
        Arrays.fill(row, 0);
      }
    }
  }

  /** Copies a row. */
  void load(int row, float[] from, int at) {
    load(row, 0, length, from, at);
  }

  /** Copies what a row has from {@code begin} to {@code end − 1}. */
  void load(int row, int begin, int end, float[] from, int at) {
    int size = pieces[0][0].length;
    for (int p = begin / size; begin < end && p * size < end; p++) {
      int first = Math.max(begin, p * size);
      int count = Math.min(end, (p + 1) * size) - first;
      System.arraycopy(from, at + first - begin, pieces[p][row], first - p * size, count);
    }
  }

  /** Makes zero what a row has from {@code begin} to {@code end − 1}. */
  void clear(int row, int begin, int end) {
    int size = pieces[0][0].length;
    for (int p = begin / size; begin < end && p * size < end; p++) {
      int from = Math.max(begin - p * size, 0);
      Arrays.fill(pieces[p][row], from, Math.min(end - p * size, size), 0);
    }
  }

  /** Adds what a row has from {@code begin} to {@code end − 1} to other numbers. */
  void addTo(int row, int begin, int end, float[] to, int at) {
    int size = pieces[0][0].length;
    for (int p = begin / size; begin < end && p * size < end; p++) {
      float[] piece = pieces[p][row];
      int shift = at + p * size - begin;
      int stop = Math.min(end - p * size, size);
      for (int i = Math.max(begin - p * size, 0); i < stop; i++) {
        to[shift + i] += piece[i];
      }
    }
  }

  /** Copies all rows, which follow on each other. */
  void loadAll(float[] from, int at) {
    for (int r = 0; r < rows; r++) {
      load(r, from, at + r * length);
    }
  }

  /**
   * Copies columns of a matrix whose lines follow on each other.
   *
   * @param which columns, each of which becomes the row of its number
   * @param scale what each number is multiplied by
   */
  void loadColumns(int[] which, float[] from, int line, float scale) {
    for (int p = 0; p < pieces.length; p++) {
      float[][] piece = pieces[p];
      int first = start(p) * line;
      int used = used(p);
      int whole = used - used % 8;
      // Eight lines at a time: as many streams as a processor follows, and short stores in one
      // piece.
      for (int b = 0; b < whole; b += 8) {
        int at = first + b * line;
        for (int column : which) {
          float[] row = piece[column];
          int i = at + column;
          row[b] = scale * from[i];
          row[b + 1] = scale * from[i + line];
          row[b + 2] = scale * from[i + 2 * line];
          row[b + 3] = scale * from[i + 3 * line];
          row[b + 4] = scale * from[i + 4 * line];
          row[b + 5] = scale * from[i + 5 * line];
          row[b + 6] = scale * from[i + 6 * line];
          row[b + 7] = scale * from[i + 7 * line];
        }
      }
      for (int b = whole; b < used; b++) {
        for (int column : which) {
          piece[column][b] = scale * from[first + b * line + column];
        }
      }
    }
  }

  /** The same of unsigned bytes. */
  void loadColumns(int[] which, byte[] from, int line, float scale) {
    for (int p = 0; p < pieces.length; p++) {
      float[][] piece = pieces[p];
      int first = start(p) * line;
      int used = used(p);
      int whole = used - used % 8;
      for (int b = 0; b < whole; b += 8) {
        int at = first + b * line;
        for (int column : which) {
          float[] row = piece[column];
          int i = at + column;
          row[b] = scale * (from[i] & 0xFF);
          row[b + 1] = scale * (from[i + line] & 0xFF);
          row[b + 2] = scale * (from[i + 2 * line] & 0xFF);
          row[b + 3] = scale * (from[i + 3 * line] & 0xFF);
          row[b + 4] = scale * (from[i + 4 * line] & 0xFF);
          row[b + 5] = scale * (from[i + 5 * line] & 0xFF);
          row[b + 6] = scale * (from[i + 6 * line] & 0xFF);
          row[b + 7] = scale * (from[i + 7 * line] & 0xFF);
        }
      }
      for (int b = whole; b < used; b++) {
        for (int column : which) {
          piece[column][b] = scale * (from[first + b * line + column] & 0xFF);
        }
      }
    }
  }
}
