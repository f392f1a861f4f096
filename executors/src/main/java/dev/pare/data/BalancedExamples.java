package dev.pare.data;

import java.util.Arrays;

/**
 * Examples of which each class counts as much as any other when networks train: {@code n / (k ·
 * n_c)} for a class of {@code n_c} of {@code n} examples, of {@code k} classes that have any. The
 * mean over all examples is 1.
 */
public final class BalancedExamples extends ExamplesView {
  private final float[] weights;

  /** Weighs the classes of {@code base}. */
  public BalancedExamples(Examples base) {
    super(base);
    int[] counts = new int[base.classes()];
    for (int i = 0; i < base.size(); i++) {
      counts[base.label(i)]++;
    }
    long there = Arrays.stream(counts).filter(count -> count > 0).count();
    this.weights = new float[counts.length];
    for (int label = 0; label < counts.length; label++) {
      weights[label] =
          counts[label] == 0 ? 1 : (float) (base.size() / ((double) there * counts[label]));
    }
  }

  @Override
  public float classWeight(int label) {
    return weights[label];
  }
}
