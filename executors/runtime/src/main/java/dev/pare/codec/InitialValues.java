package dev.pare.codec;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * What both who writes and who reads a code know of the values before: where in training each
 * began, and what each level stands for. Training moves most values little, and those that are
 * neighbours, or belong to units that are alike, in like ways.
 *
 * <p>All values are in units of 1/{@value #UNIT} of the standard deviation of the first values.
 */
public final class InitialValues {
  /** Units in a standard deviation. */
  public static final int UNIT = 128;

  /** The greatest magnitude of a value; those beyond it count as this. */
  static final int MOST = 8 * UNIT - 1;

  private final int rows;
  private final int columns;
  private final short[] starts;
  private final LevelValues values;
  private final short[] thresholds;

  /** What levels stand for, in units. */
  @FunctionalInterface
  public interface LevelValues {
    /**
     * The value of a level.
     *
     * @param level −256 to 256; one that there is not stands for 0
     */
    int of(int row, int level);
  }

  /**
   * @param starts row-major, in units; kept: the caller gives it away
   * @throws IllegalArgumentException if there are not {@code rows · columns} starts
   */
  public InitialValues(int rows, int columns, short[] starts, LevelValues values) {
    requireNonNull(starts, "starts is null");
    if (rows < 1 || columns < 1 || (long) rows * columns != starts.length) {
      throw new IllegalArgumentException(
          starts.length + " starts for a matrix of " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    this.starts = starts;
    this.values = requireNonNull(values, "values is null");
    thresholds = new short[rows];
    for (int row = 0; row < rows; row++) {
      int below = Math.abs(clip(values.of(row, -1)));
      int above = Math.abs(clip(values.of(row, 1)));
      int least = below == 0 || above == 0 ? below + above : Math.min(below, above);
      thresholds[row] = (short) (least / 2);
    }
  }

  /** A number of standard deviations in units. */
  public static short ofDeviations(double deviations) {
    return (short) Math.max(-MOST, Math.min(MOST, Math.round(deviations * UNIT)));
  }

  /** Where the value at a place of the row-major matrix began. */
  int start(int index) {
    return clip(starts[index]);
  }

  /**
   * How far a value has gone from where it began, as far as its level tells: one that is 0 now had
   * come to within half the least magnitude of 0, and otherwise as near as possible to what was
   * expected.
   */
  int drift(int index, int level, int expected) {
    int row = index / columns;
    int value =
        level == 0
            ? Math.max(-thresholds[row], Math.min(thresholds[row], expected))
            : clip(values.of(row, level));
    return clip(value - start(index));
  }

  /** The signs of what levels that are not 0 drifted. */
  LevelMatrix driftSigns(LevelMatrix levels) {
    short[] signs = new short[levels.size()];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = levels.at(i) == 0 ? 0 : (short) Integer.signum(drift(i, levels.at(i), 0));
    }
    return LevelMatrix.wrap(rows, columns, signs);
  }

  /** The same of the first rows. */
  InitialValues ofRows(int count) {
    return count == rows
        ? this
        : new InitialValues(count, columns, Arrays.copyOf(starts, count * columns), values);
  }

  /** Whether it is of matrices of that shape. */
  boolean isOf(int rows, int columns) {
    return this.rows == rows && this.columns == columns;
  }

  private static int clip(int value) {
    return Math.max(-MOST, Math.min(MOST, value));
  }
}
