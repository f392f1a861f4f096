package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;

/** Examples that a network should give back, as it reads them: divided. */
final class ReconstructedExamples implements Examples {
  private final Examples base;
  private final float scale;

  /**
   * @param base whose labels, if there are any, are 0 for what is normal
   * @param divisor of features before the first layer
   */
  ReconstructedExamples(Examples base, float divisor) {
    this.base = requireNonNull(base, "base is null");
    this.scale = 1 / divisor;
  }

  @Override
  public int size() {
    return base.size();
  }

  @Override
  public int features() {
    return base.features();
  }

  @Override
  public int classes() {
    return base.classes();
  }

  @Override
  public int label(int index) {
    return base.label(index);
  }

  @Override
  public Task task() {
    return Task.RECONSTRUCTION;
  }

  @Override
  public int outputs() {
    return base.features();
  }

  @Override
  public void copyTarget(int index, float[] target, int offset) {
    base.copyFeatures(index, target, offset);
    for (int i = 0; i < base.features(); i++) {
      target[offset + i] *= scale;
    }
  }

  @Override
  public long bytes() {
    return base.bytes();
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    base.copyFeatures(index, target, offset);
  }
}
