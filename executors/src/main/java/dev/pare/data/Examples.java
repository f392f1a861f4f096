package dev.pare.data;

/**
 * Labelled examples in memory, each a row of raw feature values (as the file has them, undivided).
 *
 * <p>Immutable: any number of threads may read at once. Indices outside 0 to {@code size() − 1}
 * throw {@link IndexOutOfBoundsException}.
 */
public interface Examples {
  /** How many examples there are. */
  int size();

  /** How many feature values each example has. */
  int features();

  /** How many classes there are; every label is below it. */
  int classes();

  /** The class of an example, from 0. */
  int label(int index);

  /** How much an example of a class counts in the loss that networks train with. */
  default float classWeight(int label) {
    return 1;
  }

  /** About how much memory they take. */
  default long bytes() {
    return (long) size() * (features() + 1) * Float.BYTES;
  }

  /**
   * Writes the {@link #features()} values of one example to {@code target} from {@code offset} on.
   * Allocates nothing.
   */
  void copyFeatures(int index, float[] target, int offset);
}
