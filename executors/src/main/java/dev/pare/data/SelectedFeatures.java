package dev.pare.data;

import java.util.Arrays;

/** Some of the features of other examples, without a copy of them. */
public final class SelectedFeatures extends ExamplesView {
  /** A call of arraycopy costs as much as this many single copies. */
  private static final int SHORT_RUN = 12;

  private final int features;

  /** Runs of neighbours among the selected features: where each starts, and how long it is. */
  private final int[] starts;

  private final int[] lengths;

  /** A whole example of the base: one a thread, as any number of threads may read. */
  private final ThreadLocal<float[]> whole;

  private final ThreadLocal<byte[]> wholeBytes;

  /**
   * Views {@code base}.
   *
   * @param selected features of {@code base}, strictly ascending, at least one
   */
  public SelectedFeatures(Examples base, int[] selected) {
    super(base);
    this.features = selected.length;
    int runs = 0;
    int[] first = new int[features];
    int[] length = new int[features];
    for (int i = 0; i < features; i++) {
      int before = i == 0 ? -1 : selected[i - 1];
      if (selected[i] <= before || selected[i] >= base.features()) {
        throw new IllegalArgumentException(
            "feature "
                + selected[i]
                + " after "
                + before
                + ": must ascend and be below "
                + base.features());
      }
      if (i == 0 || selected[i] != before + 1) {
        first[runs++] = selected[i];
      }
      length[runs - 1]++;
    }
    if (runs == 0) {
      throw new IllegalArgumentException("no feature is selected");
    }
    this.starts = Arrays.copyOf(first, runs);
    this.lengths = Arrays.copyOf(length, runs);
    this.whole = ThreadLocal.withInitial(() -> new float[base.features()]);
    this.wholeBytes = ThreadLocal.withInitial(() -> new byte[base.features()]);
  }

  /** Whether it has the same features of the same examples, which is what devices keep once. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SelectedFeatures selected
        && selected.base() == base()
        && Arrays.equals(selected.starts, starts)
        && Arrays.equals(selected.lengths, lengths);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(base()) + Arrays.hashCode(starts);
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    float[] from = whole.get();
    base().copyFeatures(index, from, 0);
    int[] start = starts;
    int[] length = lengths;
    int to = offset;
    for (int run = 0; run < start.length; run++) {
      int first = start[run];
      int count = length[run];
      if (count < SHORT_RUN) {
        for (int i = 0; i < count; i++) {
          target[to + i] = from[first + i];
        }
      } else {
        System.arraycopy(from, first, target, to, count);
      }
      to += count;
    }
  }

  @Override
  public boolean areBytes() {
    return base().areBytes();
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    byte[] from = wholeBytes.get();
    base().copyBytes(index, from, 0);
    int to = offset;
    for (int run = 0; run < starts.length; run++) {
      System.arraycopy(from, starts[run], target, to, lengths[run]);
      to += lengths[run];
    }
  }
}
