package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.util.List;

/**
 * Other examples, but for what a subclass makes of them. One that has other features says whether
 * these {@link #areBytes}, too.
 */
public abstract class ExamplesView implements Examples {
  private final Examples base;

  protected ExamplesView(Examples base) {
    this.base = requireNonNull(base, "base is null");
  }

  /** What is viewed. */
  protected final Examples base() {
    return base;
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
  public List<String> classNames() {
    return base.classNames();
  }

  @Override
  public int label(int index) {
    return base.label(index);
  }

  @Override
  public int originalIndex(int index) {
    return base.originalIndex(index);
  }

  @Override
  public float classWeight(int label) {
    return base.classWeight(label);
  }

  @Override
  public Task task() {
    return base.task();
  }

  @Override
  public int outputs() {
    return base.outputs();
  }

  @Override
  public void copyTarget(int index, float[] target, int offset) {
    base.copyTarget(index, target, offset);
  }

  @Override
  public int columns() {
    return base.columns();
  }

  @Override
  public void copyRow(int index, float[] row) {
    base.copyRow(index, row);
  }

  @Override
  public long bytes() {
    return base.bytes();
  }

  @Override
  public long diskBytes() {
    return base.diskBytes();
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    base.copyFeatures(index, target, offset);
  }

  @Override
  public boolean areBytes() {
    return base.areBytes();
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    if (!areBytes()) {
      Examples.super.copyBytes(index, target, offset);
    }
    base.copyBytes(index, target, offset);
  }
}
