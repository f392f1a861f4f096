package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A tensor whose rows fall into runs of so many columns, each a word of a table or zeros: product
 * quantization (Gong et al. 2014). Of the word of a row's last run only as many numbers count as
 * there are columns left.
 */
public final class ProductTensor implements CompressedTensor {
  private final int columns;
  private final int dimension;
  private final LevelMatrix codes;
  private final float[] words;

  /**
   * @param columns at least 1
   * @param dimension numbers of a word, 1 to {@code columns}
   * @param codes for each row's runs the number of its word, from 1; 0 for zeros
   * @param words one after the other, finite; copied
   * @throws IllegalArgumentException if they do not fit together
   */
  public ProductTensor(int columns, int dimension, LevelMatrix codes, float[] words) {
    this.codes = requireNonNull(codes, "codes is null");
    this.words = requireNonNull(words, "words is null").clone();
    this.columns = columns;
    this.dimension = dimension;
    if (dimension < 1 || dimension > columns || codes.columns() != runs(columns, dimension)) {
      throw new IllegalArgumentException(
          codes.columns() + " codes for " + columns + " columns, " + dimension + " to a word");
    }
    Math.multiplyExact(codes.rows(), columns);
    if (words.length % dimension != 0
        || codes.lowest() < 0
        || codes.highest() > words.length / dimension) {
      throw new IllegalArgumentException(
          codes + " for " + words.length + " numbers in words of " + dimension);
    }
    for (float number : words) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException("word with " + number + ": must be finite");
      }
    }
  }

  /** How many runs a row has. */
  static int runs(int columns, int dimension) {
    return (columns - 1) / dimension + 1;
  }

  /** The same values with the words that occur alone, the most frequent one first. */
  public ProductTensor compact() {
    int count = words.length / dimension;
    int[] uses = new int[count + 1];
    for (int i = 0; i < codes.size(); i++) {
      uses[codes.at(i)]++;
    }
    int[] order =
        IntStream.rangeClosed(1, count)
            .filter(word -> uses[word] > 0)
            .boxed()
            .sorted(Comparator.comparing(word -> -uses[word]))
            .mapToInt(Integer::intValue)
            .toArray();
    float[] kept = new float[order.length * dimension];
    short[] renumbered = new short[count + 1];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(words, (order[i] - 1) * dimension, kept, i * dimension, dimension);
      renumbered[order[i]] = (short) (i + 1);
    }
    short[] moved = new short[codes.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = renumbered[codes.at(i)];
    }
    return new ProductTensor(
        columns, dimension, new LevelMatrix(rows(), codes.columns(), moved), kept);
  }

  @Override
  public Representation representation() {
    return Representation.PRODUCT;
  }

  @Override
  public int rows() {
    return codes.rows();
  }

  @Override
  public int columns() {
    return columns;
  }

  /** Numbers of a word. */
  public int dimension() {
    return dimension;
  }

  /** The numbers of the runs' words. */
  public LevelMatrix codes() {
    return codes;
  }

  /** The words themselves, not a copy, and not to be changed. */
  public float[] words() {
    return words;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    int runs = codes.columns();
    for (int i = 0; i < codes.size(); i++) {
      int column = i % runs * dimension;
      int at = offset + i / runs * columns + column;
      int length = Math.min(dimension, columns - column);
      int code = codes.at(i);
      if (code == 0) {
        Arrays.fill(target, at, at + length, 0);
      } else {
        System.arraycopy(words, (code - 1) * dimension, target, at, length);
      }
    }
  }

  @Override
  public boolean hasFreeColumns() {
    return false;
  }

  @Override
  public int nonzeros() {
    return DecodedValues.nonzeros(toFloats());
  }

  @Override
  public int distinctValues() {
    return DecodedValues.distinct(toFloats());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProductTensor that
        && columns == that.columns
        && dimension == that.dimension
        && codes.equals(that.codes)
        && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * codes.hashCode() + columns) + dimension) + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "ProductTensor[" + rows() + "×" + columns + ", " + codes + "]";
  }
}
