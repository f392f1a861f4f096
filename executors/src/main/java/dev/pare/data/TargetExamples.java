package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;

/** Examples with numbers that a network should say of them. */
final class TargetExamples extends ExamplesView {
  private final float[] targets;
  private final int outputs;

  /**
   * Keeps the array, which the caller must not write to again.
   *
   * @param base whose labels have no meaning
   * @param targets {@code [examples × outputs]}
   */
  TargetExamples(Examples base, float[] targets) {
    super(base);
    this.targets = requireNonNull(targets, "targets is null");
    this.outputs = targets.length / Math.max(1, base.size());
    if (outputs < 1 || targets.length != (long) outputs * base.size()) {
      throw new IllegalArgumentException(
          targets.length + " numbers of targets for " + base.size() + " examples");
    }
  }

  @Override
  public int classes() {
    return 1;
  }

  @Override
  public int label(int index) {
    return 0;
  }

  @Override
  public Task task() {
    return Task.REGRESSION;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public void copyTarget(int index, float[] target, int offset) {
    System.arraycopy(targets, index * outputs, target, offset, outputs);
  }

  @Override
  public long bytes() {
    return super.bytes() + (long) targets.length * Float.BYTES;
  }
}
