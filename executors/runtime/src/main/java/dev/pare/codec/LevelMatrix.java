package dev.pare.codec;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A tensor's levels, {@code rows × columns}, row-major. Level 0 means that the weight is zero; what
 * the others mean is not known here. Immutable.
 */
public final class LevelMatrix {
  /** Greatest magnitude of a level: one sign may have all values that 8 bits can name. */
  public static final int MAX_MAGNITUDE = 256;

  private final int rows;
  private final int columns;
  private final short[] levels;
  private final int nonzeros;
  private final int lowest;
  private final int highest;
  // Levels never change; whoever makes it meanwhile makes the same.
  private @Nullable EncodedLevels code;

  /**
   * @param rows at least 1
   * @param columns at least 1
   * @param levels row-major, copied
   * @throws IllegalArgumentException if the sizes disagree or a level is beyond ±{@value
   *     #MAX_MAGNITUDE}
   */
  public LevelMatrix(int rows, int columns, short[] levels) {
    this(requireNonNull(levels, "levels is null").clone(), rows, columns);
  }

  private LevelMatrix(short[] levels, int rows, int columns) {
    if (rows < 1 || columns < 1 || (long) rows * columns != levels.length) {
      throw new IllegalArgumentException(
          levels.length + " levels for a matrix of " + rows + "×" + columns);
    }
    int count = 0;
    int min = levels[0];
    int max = levels[0];
    for (short level : levels) {
      if (level != 0) {
        count++;
      }
      min = Math.min(min, level);
      max = Math.max(max, level);
    }
    if (min < -MAX_MAGNITUDE || max > MAX_MAGNITUDE) {
      throw new IllegalArgumentException(
          "levels from " + min + " to " + max + ": must be within ±" + MAX_MAGNITUDE);
    }
    this.rows = rows;
    this.columns = columns;
    this.levels = levels;
    nonzeros = count;
    lowest = min;
    highest = max;
  }

  /** As the constructor, but keeps {@code levels} itself: the caller gives it away. */
  static LevelMatrix wrap(int rows, int columns, short[] levels) {
    return new LevelMatrix(levels, rows, columns);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** How many levels there are. */
  public int size() {
    return levels.length;
  }

  /** The level at a place of the row-major scan, 0 to {@code size() − 1}. */
  public int at(int index) {
    return levels[index];
  }

  /** How many levels are not 0. */
  public int nonzeros() {
    return nonzeros;
  }

  /** The least level. */
  public int lowest() {
    return lowest;
  }

  /** The greatest level. */
  public int highest() {
    return highest;
  }

  /**
   * The matrix of some rows and columns of this one, in the order given.
   *
   * @param rows at least one, each 0 to {@code rows() − 1}
   * @param columns at least one, each 0 to {@code columns() − 1}
   */
  public LevelMatrix select(int[] rows, int[] columns) {
    short[] selected = new short[Math.multiplyExact(rows.length, columns.length)];
    int next = 0;
    for (int row : rows) {
      for (int column : columns) {
        selected[next++] = levels[row * this.columns + column];
      }
    }
    return wrap(rows.length, columns.length, selected);
  }

  /** The levels themselves, not a copy. */
  short[] levels() {
    return levels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LevelMatrix that
        && rows == that.rows
        && columns == that.columns
        && Arrays.equals(levels, that.levels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return rows
        + "×"
        + columns
        + " levels from "
        + lowest
        + " to "
        + highest
        + ", "
        + nonzeros
        + " not 0";
  }

  /** Their smallest code by themselves, if it has been made. */
  @Nullable EncodedLevels code() {
    return code;
  }

  /** Keeps their smallest code. */
  void code(EncodedLevels made) {
    code = made;
  }
}
