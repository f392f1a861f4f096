package dev.pare.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Some of the examples of another set, without a copy of their features. */
public final class SubsetExamples extends ExamplesView {
  private final int[] indices;

  /** How many of the base's examples are held for these. */
  private final int held;

  /** Keeps the indices. */
  private SubsetExamples(Examples base, int[] indices) {
    this(base, indices, indices.length);
  }

  /**
   * Keeps the indices.
   *
   * @param held how many of the base's examples are in memory for the sake of these
   */
  SubsetExamples(Examples base, int[] indices, int held) {
    super(base);
    this.indices = indices;
    this.held = held;
  }

  /**
   * Draws {@code count} examples without replacement: every choice is equally likely, the same seed
   * makes the same one. Both parts keep the order of {@code base}.
   */
  public static Split draw(Examples base, int count, long seed) {
    int[] order = drawn(base.size(), count, seed);
    return new Split(
        new SubsetExamples(base, Arrays.copyOf(order, count)),
        new SubsetExamples(base, Arrays.copyOfRange(order, count, base.size())));
  }

  /** All numbers below {@code size}: first those drawn, ascending, then the others, ascending. */
  static int[] drawn(int size, int count, long seed) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(count + " of " + size + " examples");
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    // A Fisher–Yates shuffle, stopped once the drawn ones are in place.
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, size);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    Arrays.sort(order, 0, count);
    Arrays.sort(order, count, size);
    return order;
  }

  /** At most {@code most} examples, evenly spaced over those there are. */
  public static Examples spread(Examples base, int most) {
    int count = Math.min(most, base.size());
    int[] indices = new int[count];
    Arrays.setAll(indices, i -> (int) ((long) i * base.size() / count));
    return new SubsetExamples(base, indices);
  }

  /** Those of a class, in the order of {@code base}. */
  public static Examples ofLabel(Examples base, int label) {
    return new SubsetExamples(
        base, IntStream.range(0, base.size()).filter(i -> base.label(i) == label).toArray());
  }

  /** Two parts of a set. */
  public record Split(Examples drawn, Examples rest) {}

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public void copyTarget(int index, float[] target, int offset) {
    base().copyTarget(indices[index], target, offset);
  }

  @Override
  public int originalIndex(int index) {
    return base().originalIndex(indices[index]);
  }

  @Override
  public int label(int index) {
    return base().label(indices[index]);
  }

  /** With its share of the base. */
  @Override
  public long bytes() {
    return share(base().bytes()) + (long) indices.length * Integer.BYTES;
  }

  @Override
  public long diskBytes() {
    return share(base().diskBytes());
  }

  private long share(long bytes) {
    return (long) ((double) bytes * held / Math.max(1, base().size()));
  }

  @Override
  public void copyRow(int index, float[] row) {
    base().copyRow(indices[index], row);
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    base().copyFeatures(indices[index], target, offset);
  }

  @Override
  public boolean areBytes() {
    return base().areBytes();
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    base().copyBytes(indices[index], target, offset);
  }
}
