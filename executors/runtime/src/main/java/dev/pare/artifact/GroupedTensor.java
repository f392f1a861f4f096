package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor on symmetric grids: each row falls into groups of so many columns, the last one perhaps
 * of fewer, and a value is its level times its group's scale, in float arithmetic. Groups of zeros
 * have no scale.
 */
public final class GroupedTensor implements LevelTensor {
  private final LevelMatrix levels;
  private final int group;
  private final float[] scales;

  /**
   * @param group columns of a group, 1 to as many as there are
   * @param scales one for each group that has a level other than 0, row by row; copied
   * @throws IllegalArgumentException if there are more or fewer, or one is not above 0 and finite
   */
  public GroupedTensor(LevelMatrix levels, int group, float[] scales) {
    this.levels = requireNonNull(levels, "levels is null");
    this.scales = requireNonNull(scales, "scales is null").clone();
    this.group = group;
    if (group < 1 || group > levels.columns()) {
      throw new IllegalArgumentException(
          "groups of " + group + " among " + levels.columns() + " columns");
    }
    int count = nonemptyGroups(levels, group);
    if (scales.length != count) {
      throw new IllegalArgumentException(scales.length + " scales for " + count + " groups");
    }
    for (float scale : scales) {
      if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException("scale = " + scale + ": must be above 0 and finite");
      }
    }
  }

  /**
   * The tensor of these levels and scales.
   *
   * @param scales one for each group, row by row, whether it has a level other than 0 or not
   */
  public static GroupedTensor of(LevelMatrix levels, int group, float[] scales) {
    float[] kept = new float[scales.length];
    int count = 0;
    int next = 0;
    for (int from = 0; from < levels.size(); from = end(levels, group, from)) {
      if (!isEmpty(levels, from, end(levels, group, from))) {
        kept[count++] = scales[next];
      }
      next++;
    }
    if (next != scales.length) {
      throw new IllegalArgumentException(scales.length + " scales for " + next + " groups");
    }
    return new GroupedTensor(levels, group, Arrays.copyOf(kept, count));
  }

  /** How many groups have a level other than 0. */
  static int nonemptyGroups(LevelMatrix levels, int group) {
    int count = 0;
    for (int from = 0; from < levels.size(); from = end(levels, group, from)) {
      count += isEmpty(levels, from, end(levels, group, from)) ? 0 : 1;
    }
    return count;
  }

  /** Where the group ends that begins at {@code from}. */
  private static int end(LevelMatrix levels, int group, int from) {
    int left = levels.columns() - from % levels.columns();
    return from + Math.min(group, left);
  }

  private static boolean isEmpty(LevelMatrix levels, int from, int to) {
    for (int i = from; i < to; i++) {
      if (levels.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The tensor of some rows. */
  public GroupedTensor select(int[] rows, int[] columns) {
    int[] firstScale = new int[rows() + 1];
    int next = 0;
    for (int from = 0; from < levels.size(); from = end(levels, group, from)) {
      next += isEmpty(levels, from, end(levels, group, from)) ? 0 : 1;
      firstScale[from / columns() + 1] = next;
    }
    float[] kept = new float[Math.multiplyExact(rows.length, columns())];
    int count = 0;
    for (int row : rows) {
      int length = firstScale[row + 1] - firstScale[row];
      System.arraycopy(scales, firstScale[row], kept, count, length);
      count += length;
    }
    return new GroupedTensor(levels.select(rows, columns), group, Arrays.copyOf(kept, count));
  }

  @Override
  public Representation representation() {
    return Representation.UNIFORM_GROUPS;
  }

  @Override
  public int rows() {
    return levels.rows();
  }

  @Override
  public int columns() {
    return levels.columns();
  }

  /** Other levels of the same values; empty groups get a scale of 1 if they fill. */
  @Override
  public GroupedTensor withLevels(LevelMatrix other) {
    int groups = levels.rows() * ((levels.columns() - 1) / group + 1);
    float[] all = new float[groups];
    int next = 0;
    int kept = 0;
    for (int from = 0; from < levels.size(); from = end(levels, group, from)) {
      // What an empty group would be scaled by is not known, nor wanted.
      all[next++] = isEmpty(levels, from, end(levels, group, from)) ? 1 : scales[kept++];
    }
    return of(other, group, all);
  }

  @Override
  public LevelMatrix levels() {
    return levels;
  }

  /** Columns of a group. */
  public int group() {
    return group;
  }

  /** The scales themselves, not a copy, and not to be changed. */
  public float[] scales() {
    return scales;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    int next = 0;
    int to;
    for (int from = 0; from < levels.size(); from = to) {
      to = end(levels, group, from);
      float scale = isEmpty(levels, from, to) ? 0 : scales[next++];
      for (int i = from; i < to; i++) {
        target[offset + i] = levels.at(i) * scale;
      }
    }
  }

  @Override
  public boolean hasFreeColumns() {
    return false;
  }

  @Override
  public int nonzeros() {
    return levels.nonzeros();
  }

  @Override
  public int distinctValues() {
    return DecodedValues.distinct(toFloats());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupedTensor that
        && group == that.group
        && levels.equals(that.levels)
        && Arrays.equals(scales, that.scales);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * levels.hashCode() + group) + Arrays.hashCode(scales);
  }

  @Override
  public String toString() {
    return "GroupedTensor[" + levels + ", " + scales.length + " scales]";
  }
}
