package dev.pare.layers;

import dev.pare.data.Examples;
import org.jspecify.annotations.Nullable;

/**
 * The raw features of examples that a network reads at once. They are copied once someone asks for
 * them, as what they are asked for: floats, or unsigned bytes where the examples have these, of
 * which there is a quarter to go through. Keeps its buffers; not thread-safe.
 */
public final class Batch {
  private final int features;
  private @Nullable Examples examples;
  private int[] indices;
  private int size;
  private float[] floats = {};
  private byte[] bytes = {};
  private boolean hasFloats;
  private boolean hasBytes;

  /**
   * Without examples yet.
   *
   * @param features of an example
   * @param most examples that are loaded {@link #load(Examples, int, int) by their range}
   */
  public Batch(int features, int most) {
    this.features = features;
    this.indices = new int[most];
  }

  /**
   * Features that are there already.
   *
   * @param floats {@code [example × features]}, kept; what is written to it counts
   */
  public static Batch of(float[] floats, int size) {
    Batch batch = new Batch(0, 0);
    batch.floats = floats;
    batch.size = size;
    batch.hasFloats = true;
    return batch;
  }

  /**
   * Takes other examples.
   *
   * @param indices kept, of which the first {@code size} count; they must stay as they are while
   *     the batch is in use
   */
  public void load(Examples examples, int[] indices, int size) {
    if (examples.features() != features) {
      throw new IllegalArgumentException(
          "examples of " + examples.features() + " features, not " + features);
    }
    this.examples = examples;
    this.indices = indices;
    this.size = size;
    this.hasFloats = false;
    this.hasBytes = false;
  }

  /** Takes {@code size} examples that follow on each other. */
  public void load(Examples examples, int from, int size) {
    for (int b = 0; b < size; b++) {
      indices[b] = from + b;
    }
    load(examples, indices, size);
  }

  /** How many examples there are. */
  public int size() {
    return size;
  }

  /** The features, {@code [example × features]}; what follows on them means nothing. */
  public float[] floats() {
    if (!hasFloats && examples != null) {
      Examples from = examples;
      floats = floats.length < size * features ? new float[size * features] : floats;
      copy((b, at) -> from.copyFeatures(indices[b], floats, at));
      hasFloats = true;
    }
    return floats;
  }

  /** Whether {@link #bytes} has the features. */
  boolean areBytes() {
    return examples != null && examples.areBytes();
  }

  /** The features as unsigned bytes, as {@link #floats} has them. */
  byte[] bytes() {
    if (!hasBytes && examples != null) {
      Examples from = examples;
      bytes = bytes.length < size * features ? new byte[size * features] : bytes;
      copy((b, at) -> from.copyBytes(indices[b], bytes, at));
      hasBytes = true;
    }
    return bytes;
  }

  private interface Copy {
    void copy(int example, int at);
  }

  private void copy(Copy copy) {
    Team.divide(
        0,
        size,
        features,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            copy.copy(b, b * features);
          }
        });
  }
}
