package dev.pare.data;

import java.util.SplittableRandom;

/** Small made-up examples for tests. */
public final class MemoryExamples {
  private MemoryExamples() {}

  /** Examples of the given features, row after row. */
  public static Examples of(float[] values, int features, int[] labels, int classes) {
    return new FloatExamples(values, features, labels, classes);
  }

  /** Features drawn around a corner of their class, so that a network can tell them apart. */
  public static Examples clusters(int count, int features, int classes, SplittableRandom random) {
    float[] values = new float[count * features];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(classes);
      for (int f = 0; f < features; f++) {
        values[i * features + f] =
            (float) (random.nextDouble() - 0.5) + (f % classes == labels[i] ? 1 : 0);
      }
    }
    return of(values, features, labels, classes);
  }
}
