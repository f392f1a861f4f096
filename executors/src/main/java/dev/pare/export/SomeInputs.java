package dev.pare.export;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.data.Examples;
import dev.pare.graph.InputShape;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.SplittableRandom;

/** A few examples without labels. */
final class SomeInputs implements Examples {
  private static final long SEED = 1;

  private final int size;
  private final float[] features;

  private SomeInputs(int size, float[] features) {
    this.size = size;
    this.features = features;
  }

  /** The first of some examples. */
  static SomeInputs of(Examples examples, int most) {
    int size = Math.min(most, examples.size());
    float[] features = new float[size * examples.features()];
    for (int i = 0; i < size; i++) {
      examples.copyFeatures(i, features, i * examples.features());
    }
    return new SomeInputs(size, features);
  }

  /** So many of some examples, evenly spaced. */
  static SomeInputs spaced(Examples examples, int count) {
    float[] features = new float[Math.multiplyExact(count, examples.features())];
    for (int i = 0; i < count; i++) {
      int index = (int) ((long) i * examples.size() / count);
      examples.copyFeatures(index, features, i * examples.features());
    }
    return new SomeInputs(count, features);
  }

  /**
   * Random ones that a network could get, the same each time: from zero to the divisor where it has
   * one, else of mean 0 and deviation 1, as numbers are that were standardized; of categories one
   * is there; tokens where it reads these.
   */
  static SomeInputs of(CompressedNetwork network, int size) {
    InputShape input = network.architecture().input();
    Preparation preparation = network.preparation();
    SplittableRandom random = new SplittableRandom(SEED);
    float[] features = new float[size * input.size()];
    for (int at = 0; at < features.length; ) {
      if (preparation.columns().isEmpty()) {
        features[at++] =
            (float)
                (input.divisor() == 1
                    ? random.nextGaussian()
                    : random.nextDouble() * input.divisor());
        continue;
      }
      for (Column column : preparation.columns()) {
        switch (column.kind()) {
          case NUMERIC -> features[at] = (float) (random.nextGaussian() * input.divisor());
          case CATEGORICAL -> features[at + random.nextInt(column.features())] = 1;
        }
        at += column.features();
      }
    }
    int[] vocabularies = network.architecture().vocabularies();
    for (int i = 0; i < features.length; i++) {
      int tokens = vocabularies[i % vocabularies.length];
      features[i] = tokens > 0 ? random.nextInt(tokens) : features[i];
    }
    return new SomeInputs(size, features);
  }

  /** All of them, {@code [examples × features]}, not a copy. */
  float[] values() {
    return features;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int features() {
    return features.length / size;
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
  public void copyFeatures(int index, float[] target, int offset) {
    System.arraycopy(features, index * features(), target, offset, features());
  }
}
