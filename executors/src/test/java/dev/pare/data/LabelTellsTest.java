package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Features that were computed from what is to be predicted, and such as only have to do with it.
 */
class LabelTellsTest {
  private static final int SIZE = 1000;

  private final Random random = new Random(9);

  /** A measure that says nothing, and one made of the label. */
  private Examples classes(int classes, IntToDoubleFunction measure) {
    float[] values = new float[2 * SIZE];
    int[] labels = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      labels[i] = random.nextInt(classes);
      values[2 * i] = (float) random.nextGaussian();
      values[2 * i + 1] = (float) measure.applyAsDouble(labels[i]);
    }
    return new FloatExamples(values, 2, labels, classes);
  }

  private void assertTold(int classes, IntToDoubleFunction measure) {
    assertThat(LabelTells.ofClasses(classes(classes, measure))).containsExactly(2);
  }

  private void assertNotTold(int classes, IntToDoubleFunction measure) {
    assertThat(LabelTells.ofClasses(classes(classes, measure))).isEmpty();
  }

  @Test
  void thresholdsThatTellTheLabelAreFound() {
    assertTold(2, label -> label + 0.001 * random.nextGaussian());
    assertTold(2, label -> -7 * label + 3 + 0.1 * random.nextGaussian());
    assertTold(2, label -> (label + random.nextDouble()) / 2);
    assertTold(5, label -> (label * 3 % 5) + 0.9 * random.nextDouble());
    // Wrong for some of a thousand.
    assertTold(
        2, label -> random.nextDouble() < 0.001 ? 1 - label : label + random.nextDouble() / 9);
  }

  /** As widths of petals, which tell 96% of irises. */
  @Test
  void measuresThatDifferByClassAreNot() {
    assertNotTold(3, label -> label + 0.25 * random.nextGaussian());
    assertNotTold(2, label -> random.nextDouble() < 0.02 ? 1 - label : label);
    assertNotTold(2, label -> random.nextGaussian());
    // Of one class of three it tells all.
    assertNotTold(3, label -> label == 0 ? 0 : 1 + random.nextDouble());
  }

  @Test
  void rareClassesAreNotToldByTheUsualOne() {
    Examples all = classes(2, label -> random.nextGaussian());
    float[] values = new float[2 * SIZE];
    int[] labels = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      all.copyFeatures(i, values, 2 * i);
      labels[i] = i % 67 == 0 ? 1 : 0;
    }
    assertThat(LabelTells.ofClasses(new FloatExamples(values, 2, labels, 2))).isEmpty();
    for (int i = 0; i < SIZE; i++) {
      values[2 * i] += 9 * labels[i];
    }
    assertThat(LabelTells.ofClasses(new FloatExamples(values, 2, labels, 2))).containsExactly(1);
  }

  private Examples targets(IntToDoubleFunction target, IntToDoubleFunction measure) {
    float[] values = new float[2 * SIZE];
    float[] targets = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      targets[i] = (float) target.applyAsDouble(i);
      values[2 * i] = (float) random.nextGaussian();
      values[2 * i + 1] = (float) measure.applyAsDouble(Math.round(targets[i]));
    }
    return MemoryExamples.withTargets(new FloatExamples(values, 2, new int[SIZE], 1), targets);
  }

  @Test
  void numbersThatFollowTargetsAreFound() {
    IntToDoubleFunction price = i -> 200_000 + 60_000 * random.nextGaussian();
    assertThat(LabelTells.ofTarget(targets(price, t -> Math.rint(t / 1000.0)), 0))
        .containsExactly(2);
    assertThat(LabelTells.ofTarget(targets(price, t -> -1.17 * t + 200 * random.nextGaussian()), 0))
        .containsExactly(2);
    // Not a line, but in nearly the same order.
    assertThat(LabelTells.ofTarget(targets(price, t -> Math.exp(t / 20_000.0)), 0))
        .containsExactly(2);
    // 30 000 of noise beside 60 000: a correlation of 0.89.
    assertThat(LabelTells.ofTarget(targets(price, t -> t + 30_000 * random.nextGaussian()), 0))
        .isEmpty();
    assertThat(LabelTells.ofTarget(targets(price, t -> 1), 0)).isEmpty();
    assertThat(LabelTells.ofTarget(targets(i -> 5, t -> random.nextGaussian()), 0)).isEmpty();
  }
}
