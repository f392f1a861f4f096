package dev.pare.data;

import dev.pare.candidate.Task;
import java.util.List;

/**
 * Examples in memory, each a row of raw feature values (as the file has them, undivided) with what
 * a network should say of it: a class or a target.
 *
 * <p>Immutable: any number of threads may read at once. Indices outside 0 to {@code size() − 1}
 * throw {@link IndexOutOfBoundsException}.
 */
public interface Examples {
  /** How many examples there are. */
  int size();

  /** How many feature values each example has. */
  int features();

  /** How many classes there are; every label is below it. One where there are no labels. */
  int classes();

  /** The names of the classes; empty where these are only counted. */
  default List<String> classNames() {
    return List.of();
  }

  /** The class of an example, from 0; what is reconstructed is normal where it is 0. */
  int label(int index);

  /** Which one of all examples of its files an example is, from 0. */
  default int originalIndex(int index) {
    return index;
  }

  /** How much an example of a class counts in the loss that networks train with. */
  default float classWeight(int label) {
    return 1;
  }

  /** What is asked of a network for these examples. */
  default Task task() {
    return Task.CLASSIFICATION;
  }

  /** How many outputs a network for these examples has: classes, or the numbers of a target. */
  default int outputs() {
    return classes();
  }

  /**
   * Writes what a network's {@link #outputs()} should be for one example to {@code target} from
   * {@code offset} on. Allocates nothing.
   *
   * @throws UnsupportedOperationException if a class is asked for
   */
  default void copyTarget(int index, float[] target, int offset) {
    throw new UnsupportedOperationException("examples of classes have no targets");
  }

  /** About how much memory they take. */
  default long bytes() {
    return (long) size() * (features() + 1) * Float.BYTES;
  }

  /** How much of the local disk they take, where they do not fit into memory. */
  default long diskBytes() {
    return 0;
  }

  /** How many columns the rows of its files have; as many as features where none is prepared. */
  default int columns() {
    return features();
  }

  /**
   * Writes the {@link #columns()} values of one example as its file has them to {@code row}: not
   * standardized, NaN where one is missing; of a column of categories which of the training data's
   * it is, from 0, NaN where it is none. Allocates nothing.
   */
  default void copyRow(int index, float[] row) {
    copyFeatures(index, row, 0);
  }

  /**
   * Writes the {@link #features()} values of one example to {@code target} from {@code offset} on.
   * Allocates nothing.
   */
  void copyFeatures(int index, float[] target, int offset);

  /** Whether all features are unsigned bytes, and {@link #copyBytes} copies them as such. */
  default boolean areBytes() {
    return false;
  }

  /**
   * Writes what {@link #copyFeatures} does as unsigned bytes, which takes a fraction of the time.
   * Allocates nothing.
   *
   * @throws UnsupportedOperationException unless they {@link #areBytes}
   */
  default void copyBytes(int index, byte[] target, int offset) {
    throw new UnsupportedOperationException("the features are no bytes");
  }
}
