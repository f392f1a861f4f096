package dev.pare.data;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small made-up examples for tests. */
public final class MemoryExamples {
  private MemoryExamples() {}

  /** Examples of the given features, row after row. */
  public static Examples of(float[] values, int features, int[] labels, int classes) {
    return new FloatExamples(values, features, labels, classes);
  }

  /** The same, whose classes have names. */
  public static Examples named(Examples examples, List<String> names) {
    int[] labels = IntStream.range(0, examples.size()).map(examples::label).toArray();
    return new JoinedExamples(List.of(examples), labels, names.size(), names);
  }

  /** Examples of one feature, 0, that ask for numbers. */
  public static Examples ofTargets(float[] targets, int outputs) {
    int count = targets.length / outputs;
    return new TargetExamples(of(new float[count], 1, new int[count], 1), targets);
  }

  /** The examples with numbers that a network should say of each. */
  public static Examples withTargets(Examples examples, float[] targets) {
    return new TargetExamples(examples, targets);
  }

  /** Examples that a network should give back; those labelled 1 are not normal. */
  public static Examples reconstructed(float[] values, int features, int[] labels, float divisor) {
    return new ReconstructedExamples(of(values, features, labels, 2), divisor);
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
