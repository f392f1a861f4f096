package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor of few values: zeros, and the centroids of a codebook.
 *
 * <p>Levels count centroids away from zero: −1 is the negative one nearest zero, 1 the least
 * positive one.
 */
public final class CodebookTensor implements LevelTensor {
  private final LevelMatrix levels;
  private final float[] centroids;
  private final int negatives;

  /**
   * @param centroids strictly ascending, finite, none of them zero; copied
   * @throws IllegalArgumentException if they are not, or a level has none
   */
  public CodebookTensor(LevelMatrix levels, float[] centroids) {
    this.levels = requireNonNull(levels, "levels is null");
    this.centroids = requireNonNull(centroids, "centroids is null").clone();
    int count = 0;
    for (int i = 0; i < centroids.length; i++) {
      float centroid = centroids[i];
      if (centroid == 0 || !Float.isFinite(centroid) || i > 0 && centroid <= centroids[i - 1]) {
        throw new IllegalArgumentException(
            "centroid " + centroid + ": must be finite, not zero, above the one before");
      }
      if (centroid < 0) {
        count++;
      }
    }
    negatives = count;
    if (levels.lowest() < -negatives || levels.highest() > positives()) {
      throw new IllegalArgumentException(
          levels + " for " + negatives + " negative, " + positives() + " positive centroids");
    }
  }

  /**
   * The tensor of these values, each different nonzero one a centroid; zeros of either sign become
   * plain ones.
   *
   * @param values row-major
   * @throws IllegalArgumentException if more than {@value LevelMatrix#MAX_MAGNITUDE} values of one
   *     sign are different, or one is not finite
   */
  public static CodebookTensor of(int rows, int columns, float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int distinct = 0;
    int negatives = 0;
    for (float value : sorted) {
      if (value != 0 && (distinct == 0 || value != sorted[distinct - 1])) {
        sorted[distinct++] = value;
        if (value < 0) {
          negatives++;
        }
      }
    }
    if (negatives > LevelMatrix.MAX_MAGNITUDE || distinct - negatives > LevelMatrix.MAX_MAGNITUDE) {
      throw new IllegalArgumentException("too many different values for a codebook: " + distinct);
    }
    float[] centroids = Arrays.copyOf(sorted, distinct);
    short[] levels = new short[values.length];
    for (int i = 0; i < levels.length; i++) {
      if (values[i] != 0) {
        int index = Arrays.binarySearch(centroids, values[i]);
        levels[i] = (short) (index < negatives ? index - negatives : index - negatives + 1);
      }
    }
    return new CodebookTensor(new LevelMatrix(rows, columns, levels), centroids);
  }

  /** The same values without the centroids that none has. */
  public CodebookTensor compact() {
    boolean[] used = new boolean[centroids.length];
    for (int i = 0; i < levels.size(); i++) {
      if (levels.at(i) != 0) {
        used[index(levels.at(i))] = true;
      }
    }
    float[] kept = new float[centroids.length];
    int count = 0;
    int keptNegatives = 0;
    int[] renumbered = new int[centroids.length];
    for (int i = 0; i < used.length; i++) {
      renumbered[i] = count;
      if (used[i]) {
        kept[count++] = centroids[i];
        keptNegatives += i < negatives ? 1 : 0;
      }
    }
    if (count == centroids.length) {
      return this;
    }
    short[] levels = new short[this.levels.size()];
    for (int i = 0; i < levels.length; i++) {
      int level = this.levels.at(i);
      if (level != 0) {
        int distance = renumbered[index(level)] - keptNegatives;
        levels[i] = (short) (level < 0 ? distance : distance + 1);
      }
    }
    return new CodebookTensor(
        new LevelMatrix(rows(), columns(), levels), Arrays.copyOf(kept, count));
  }

  private int index(int level) {
    return level < 0 ? negatives + level : negatives + level - 1;
  }

  @Override
  public Representation representation() {
    return Representation.CODEBOOK;
  }

  @Override
  public int rows() {
    return levels.rows();
  }

  @Override
  public int columns() {
    return levels.columns();
  }

  @Override
  public LevelMatrix levels() {
    return levels;
  }

  @Override
  public CodebookTensor withLevels(LevelMatrix other) {
    return new CodebookTensor(other, centroids);
  }

  /** The centroids themselves, not a copy, and not to be changed. */
  public float[] centroids() {
    return centroids;
  }

  /** How many centroids are negative. */
  int negatives() {
    return negatives;
  }

  /** How many centroids are positive. */
  int positives() {
    return centroids.length - negatives;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    // Level 0 in the midst of the others, so that one lookup serves all.
    float[] table = new float[centroids.length + 1];
    System.arraycopy(centroids, 0, table, 0, negatives);
    System.arraycopy(centroids, negatives, table, negatives + 1, positives());
    for (int i = 0; i < levels.size(); i++) {
      target[offset + i] = table[negatives + levels.at(i)];
    }
  }

  @Override
  public int nonzeros() {
    return levels.nonzeros();
  }

  @Override
  public int distinctValues() {
    boolean[] seen = new boolean[centroids.length + 1];
    int count = 0;
    for (int i = 0; i < levels.size(); i++) {
      int index = negatives + levels.at(i);
      if (!seen[index]) {
        seen[index] = true;
        count++;
      }
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodebookTensor that
        && levels.equals(that.levels)
        && Arrays.equals(centroids, that.centroids);
  }

  @Override
  public int hashCode() {
    return 31 * levels.hashCode() + Arrays.hashCode(centroids);
  }

  @Override
  public String toString() {
    return "CodebookTensor[" + levels + ", " + centroids.length + " centroids]";
  }
}
