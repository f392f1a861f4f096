package dev.pare.data;

import dev.pare.candidate.Task;
import java.util.Arrays;
import java.util.Objects;

/**
 * Images together with shifted variants of themselves: a set number of augmented examples that are
 * the same at every reading, so that what was computed from them once stays valid.
 *
 * <p>Example {@code variant · base.size() + i} is a variant of example {@code i} of the base.
 * Variant 0 is the original. Every other one is moved by (dx, dy), each uniform in {@code
 * −maxShift} to {@code maxShift} and a function of (seed, i, variant) alone; pixels that are
 * vacated are 0. Nothing is stored beside the base.
 */
public final class ShiftedExamples extends ExamplesView {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final int channels;
  private final int height;
  private final int width;
  private final int maxShift;
  private final int size;
  private final long seed;

  /**
   * Views {@code base} as images of {@code channels × height × width} values, channel-major.
   *
   * @param maxShift the farthest move in pixels along each axis, below both height and width
   * @param variants how many shifted variants each example has beside the original
   */
  public ShiftedExamples(
      Examples base, int channels, int height, int width, int maxShift, int variants, long seed) {
    super(base);
    ExampleShape shape = new ExampleShape(channels, height, width);
    if (shape.size() != base.features()) {
      throw new IllegalArgumentException(
          "images of " + shape + ": the examples have " + base.features() + " features");
    }
    int farthest = Math.min(height, width) - 1;
    if (maxShift < 0 || maxShift > farthest) {
      throw new IllegalArgumentException(
          "shift = " + maxShift + ": must be 0 to " + farthest + " for images of " + shape);
    }
    if (variants < 0 || (1L + variants) * base.size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "variants = " + variants + ": must be at least 0, and all examples below 2³¹");
    }
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.maxShift = maxShift;
    this.size = (1 + variants) * base.size();
    this.seed = seed;
  }

  @Override
  public int size() {
    return size;
  }

  /** What is to be reconstructed is moved as the features are. */
  @Override
  public void copyTarget(int index, float[] target, int offset) {
    Objects.checkIndex(index, size);
    base().copyTarget(index % base().size(), target, offset);
    if (task() == Task.RECONSTRUCTION) {
      moveChannels(index, target, offset);
    }
  }

  @Override
  public int originalIndex(int index) {
    Objects.checkIndex(index, size);
    return base().originalIndex(index % base().size());
  }

  @Override
  public int label(int index) {
    Objects.checkIndex(index, size);
    return base().label(index % base().size());
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    Objects.checkIndex(index, size);
    base().copyFeatures(index % base().size(), target, offset);
    moveChannels(index, target, offset);
  }

  @Override
  public boolean areBytes() {
    return base().areBytes();
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    Objects.checkIndex(index, size);
    base().copyBytes(index % base().size(), target, offset);
    moveChannels(index, target, offset);
  }

  /**
   * @param target an array of floats or of bytes
   */
  private void moveChannels(int index, Object target, int offset) {
    int example = index % base().size();
    int variant = index / base().size();
    if (variant > 0) {
      int dx = dx(example, variant);
      int dy = dy(example, variant);
      for (int channel = 0; channel < channels; channel++) {
        move(target, offset + channel * height * width, dx, dy);
      }
    }
  }

  /** How far a variant is moved to the right; negative is to the left. */
  int dx(int example, int variant) {
    return variant == 0 ? 0 : shift(hash(example, variant) >>> 32);
  }

  /** How far a variant is moved down; negative is up. */
  int dy(int example, int variant) {
    return variant == 0 ? 0 : shift(hash(example, variant) & 0xFFFF_FFFFL);
  }

  private int shift(long uniform32) {
    return (int) (uniform32 * (2L * maxShift + 1) >>> 32) - maxShift;
  }

  private long hash(int example, int variant) {
    return mix(mix(seed + GOLDEN_GAMMA * variant) + GOLDEN_GAMMA * (example + 1L));
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches all. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Moves one plane within its own place, rows in the order that reads each before it is lost. */
  private void move(Object target, int start, int dx, int dy) {
    int rows = height - Math.abs(dy);
    int kept = width - Math.abs(dx);
    int from = Math.max(0, -dx);
    int to = Math.max(0, dx);
    int gap = dx > 0 ? 0 : kept;
    int step = dy > 0 ? -1 : 1;
    int y = dy > 0 ? height - 1 : 0;
    for (int row = 0; row < rows; row++, y += step) {
      int begin = start + y * width;
      System.arraycopy(target, begin - dy * width + from, target, begin + to, kept);
      clear(target, begin + gap, begin + gap + Math.abs(dx));
    }
    int vacated = start + (dy > 0 ? 0 : rows * width);
    clear(target, vacated, vacated + Math.abs(dy) * width);
  }

  private static void clear(Object target, int from, int to) {
    if (target instanceof byte[] bytes) {
      Arrays.fill(bytes, from, to, (byte) 0);
    } else {
      Arrays.fill((float[]) target, from, to, 0);
    }
  }
}
