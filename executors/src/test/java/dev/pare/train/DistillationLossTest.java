package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.BalancedExamples;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.SubsetExamples;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistillationLossTest {
  private static final long SEED = Long.getLong("test.seed", 3);
  private static final int SIZE = 9;
  private static final int CLASSES = 5;
  private static final int[] BATCH = {4, 0, 8, 4, 7, 1};
  // Fewer than the index array holds, as in an epoch's last batch.
  private static final int COUNT = 5;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5})
  void crossEntropyIsTheTextbookFormulaAndItsGradientTheDerivative(double smoothing) {
    Examples examples = examples();
    DistillationLoss loss = DistillationLoss.ofLabels(examples, smoothing);
    check(loss, logits -> reference(examples, logits, smoothing, null, 1, 0), smoothing);
  }

  @ParameterizedTest
  @CsvSource({"1,0.5", "2,0.7", "4,1", "8,0.3", "20,0.9", "3.5,0"})
  void distillationIsTheTextbookFormulaAndItsGradientTheDerivative(
      double temperature, double alpha) {
    Examples examples = examples();
    double[] teacher = randomLogits(SIZE * CLASSES, 6);
    DistillationLoss loss =
        DistillationLoss.ofTeacher(examples, narrow(teacher), temperature, alpha);
    check(loss, logits -> reference(examples, logits, 0, teacher, temperature, alpha), temperature);
  }

  @Test
  void aStudentThatEqualsItsTeacherHasNoDistillationLoss() {
    Examples examples = examples();
    float[] logits = narrow(randomLogits(SIZE * CLASSES, 6));
    int[] all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    float[] gradient = new float[logits.length];
    double loss =
        DistillationLoss.ofTeacher(examples, logits, 4, 1).on(all).gradient(logits, SIZE, gradient);
    assertThat(loss).isCloseTo(0, within(1e-5));
    for (float g : gradient) {
      assertThat(g).isCloseTo(0, within(1e-6f));
    }
  }

  /** Class 0 has 6 of 9 examples, class 1 three: 9 / (2 · 6) and 9 / (2 · 3). */
  @Test
  void rareClassesCountAsMuchAsOthersWhereTheyAreBalanced() {
    int[] labels = {0, 0, 1, 0, 1, 0, 0, 1, 0};
    Examples plain = MemoryExamples.of(new float[SIZE], 1, labels, 3);
    Examples balanced = SubsetExamples.spread(new BalancedExamples(plain), SIZE);
    float[] logits = narrow(randomLogits(SIZE * 3, 6));
    float[] teacher = narrow(randomLogits(SIZE * 3, 7));
    double total = 0;
    for (int i = 0; i < SIZE; i++) {
      float[] expected = new float[3];
      float[] gradient = new float[3];
      float[] row = Arrays.copyOfRange(logits, 3 * i, 3 * i + 3);
      int[] one = {i};
      double loss =
          DistillationLoss.ofTeacher(plain, teacher, 4, 0.3).on(one).gradient(row, 1, expected);
      double weighted =
          DistillationLoss.ofTeacher(balanced, teacher, 4, 0.3).on(one).gradient(row, 1, gradient);
      double weight = labels[i] == 0 ? 0.75 : 1.5;
      assertThat(weighted).isCloseTo(weight * loss, within(1e-5));
      for (int c = 0; c < 3; c++) {
        assertThat(gradient[c]).isCloseTo((float) weight * expected[c], within(1e-6f));
      }
      total += weighted;
    }
    double mean =
        DistillationLoss.ofTeacher(balanced, teacher, 4, 0.3)
            .on(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8})
            .gradient(logits, SIZE, new float[logits.length]);
    assertThat(mean).isCloseTo(total / SIZE, within(1e-5));
  }

  @Test
  void aConfidentMistakeStaysFinite() {
    Examples examples = MemoryExamples.of(new float[1], 1, new int[] {0}, 2);
    float[] gradient = new float[2];
    double loss =
        DistillationLoss.ofTeacher(examples, new float[] {500, -500}, 1, 0.5)
            .on(new int[] {0})
            .gradient(new float[] {-500, 500}, 1, gradient);
    assertThat(loss).isFinite().isGreaterThan(500);
    assertThat(gradient).containsExactly(-1, 1);
  }

  @Test
  void infiniteLogitsGiveNoNumber() {
    double loss =
        DistillationLoss.ofLabels(MemoryExamples.of(new float[1], 1, new int[] {0}, 2), 0)
            .on(new int[] {0})
            .gradient(new float[] {Float.POSITIVE_INFINITY, 0}, 1, new float[2]);
    assertThat(loss).isNaN();
  }

  @Test
  void refusesTeacherOutputsOfOtherExamples() {
    assertThatThrownBy(() -> DistillationLoss.ofTeacher(examples(), new float[7], 1, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 teacher outputs for 9 examples");
  }

  private static void check(DistillationLoss loss, Reference reference, double setting) {
    double[] logits = randomLogits(BATCH.length * CLASSES, 8);
    float[] gradient = new float[logits.length];
    double value = loss.on(BATCH).gradient(narrow(logits), COUNT, gradient);
    double expected = reference.loss(logits);
    assertThat(value).isCloseTo(expected, within(2e-6 * (1 + expected)));
    for (int i = 0; i < COUNT * CLASSES; i++) {
      double kept = logits[i];
      double step = 1e-5;
      logits[i] = kept + step;
      double above = reference.loss(logits);
      logits[i] = kept - step;
      double below = reference.loss(logits);
      logits[i] = kept;
      assertThat((double) gradient[i])
          .as("logit %d, setting %s, seed %d", i, setting, SEED)
          .isCloseTo((above - below) / (2 * step), within(3e-6));
    }
  }

  private interface Reference {
    double loss(double[] logits);
  }

  /** The formula with all its logarithms, in double precision. */
  private static double reference(
      Examples examples,
      double[] logits,
      double smoothing,
      double[] teacher,
      double temperature,
      double alpha) {
    double loss = 0;
    for (int b = 0; b < COUNT; b++) {
      double[] hard = softmax(logits, b, 1);
      double[] soft = softmax(logits, b, temperature);
      for (int c = 0; c < CLASSES; c++) {
        double target = (c == examples.label(BATCH[b]) ? 1 - smoothing : 0) + smoothing / CLASSES;
        loss -= (1 - alpha) * target * Math.log(hard[c]);
        if (teacher != null) {
          double p = softmax(teacher, BATCH[b], temperature)[c];
          loss += alpha * temperature * temperature * p * Math.log(p / soft[c]);
        }
      }
    }
    return loss / COUNT;
  }

  private static double[] softmax(double[] logits, int row, double temperature) {
    double[] softmax = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      softmax[c] = Math.exp(logits[row * CLASSES + c] / temperature);
      sum += softmax[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      softmax[c] /= sum;
    }
    return softmax;
  }

  private static Examples examples() {
    return MemoryExamples.clusters(SIZE, 2, CLASSES, new SplittableRandom(SEED));
  }

  private static double[] randomLogits(int count, double range) {
    SplittableRandom random = new SplittableRandom(SEED + count);
    double[] logits = new double[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (range * (random.nextDouble() - 0.5));
    }
    return logits;
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
