package dev.pare.data;

import java.util.Arrays;
import java.util.List;

/**
 * The examples of several sets one after the other, with labels of their own; no copy of features.
 */
final class JoinedExamples implements Examples {
  private final List<Examples> parts;

  /** How many examples there are up to the end of each part. */
  private final int[] ends;

  private final int[] labels;
  private final int classes;
  private final List<String> classNames;
  private final boolean areBytes;

  /**
   * @param parts at least one, all of as many features
   * @param labels of all, in order; kept
   * @param classNames of all classes, or empty
   */
  JoinedExamples(List<Examples> parts, int[] labels, int classes, List<String> classNames) {
    this.parts = List.copyOf(parts);
    this.ends = new int[parts.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end = Math.addExact(end, parts.get(i).size());
      ends[i] = end;
    }
    if (end != labels.length) {
      throw new IllegalArgumentException(end + " examples with " + labels.length + " labels");
    }
    this.labels = labels;
    this.classes = classes;
    this.classNames = List.copyOf(classNames);
    this.areBytes = parts.stream().allMatch(Examples::areBytes);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int features() {
    return parts.get(0).features();
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public long bytes() {
    return (long) labels.length * Integer.BYTES + parts.stream().mapToLong(Examples::bytes).sum();
  }

  @Override
  public long diskBytes() {
    return parts.stream().mapToLong(Examples::diskBytes).sum();
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    int part = part(index);
    parts.get(part).copyFeatures(index - before(part), target, offset);
  }

  @Override
  public boolean areBytes() {
    return areBytes;
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    int part = part(index);
    parts.get(part).copyBytes(index - before(part), target, offset);
  }

  private int part(int index) {
    int found = Arrays.binarySearch(ends, index + 1);
    return found < 0 ? -found - 1 : found;
  }

  /** How many examples there are before a part. */
  private int before(int part) {
    return part == 0 ? 0 : ends[part - 1];
  }
}
