package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.WilsonInterval;
import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.train.TrainingDivergedException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values are those of scikit-learn's documentation, or of the definitions in plain loops. */
class MetricsTest {
  private static final int[] ACTUAL = {0, 1, 2, 0, 1, 2};
  private static final int[] ANSWERS = {0, 2, 1, 0, 0, 1};

  @ParameterizedTest
  @CsvSource({
    "macro-precision, 0.2222",
    "macro-recall, 0.3333",
    "macro-f1, 0.2667",
    "precision-of-0, 0.6667",
    "recall-of-0, 1",
    "f1-of-0, 0.8",
    "precision-of-1, 0",
    "error, 0.6667",
    "balanced-error, 0.6667"
  })
  void classesAreCountedAsScikitLearnDoes(String metric, double expected) {
    assertThat(estimate(metric, classes(ACTUAL, 3), oneHot(ANSWERS, 3)).value())
        .isCloseTo(expected, within(5e-5));
  }

  @Test
  void aNetworkMayKnowMoreClassesThanTheExamplesHave() {
    int[] actual = {0, 1, 1, 0};
    float[] outputs = oneHot(new int[] {0, 2, 1, 0}, 3);
    assertThat(estimate("error", classes(actual, 2), outputs).value()).isEqualTo(0.25);
    assertThat(estimate("recall-of-1", classes(actual, 2), outputs).value()).isEqualTo(0.5);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> estimate("auc", classes(actual, 2), outputs));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> estimate("mse", MemoryExamples.ofTargets(new float[4], 1), outputs))
        .withMessage("the network has 3 outputs, data.task = regression asks for 1");
  }

  @Test
  void theBalancedErrorIsOneLessScikitLearnsBalancedAccuracy() {
    int[] actual = {0, 1, 0, 0, 1, 0};
    int[] answers = {0, 1, 0, 0, 0, 1};
    assertThat(estimate("balanced-error", classes(actual, 2), oneHot(answers, 2)).value())
        .isCloseTo(1 - 0.625, within(1e-12));
  }

  @Test
  void aClassThatIsNeverAnsweredHasPrecisionAndRecallOfNothing() {
    int[] actual = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    float[] never = oneHot(new int[10], 2);
    Examples examples = classes(actual, 2);
    assertThat(estimate("error", examples, never).value()).isEqualTo(0.1);
    assertThat(estimate("recall-of-1", examples, never))
        .isEqualTo(shares("recall-of-1", 10, WilsonInterval.of(0, 1)));
    assertThat(estimate("precision-of-1", examples, never))
        .isEqualTo(shares("precision-of-1", 10, new WilsonInterval(0, 1)));
    assertThat(estimate("f1-of-1", examples, never).value()).isZero();
    assertThat(estimate("balanced-error", examples, never).value()).isEqualTo(0.5);
  }

  private static Estimate shares(String metric, int examples, WilsonInterval interval) {
    return new Estimate(metric(metric), examples, 0, interval.low(), interval.high());
  }

  @Test
  void sharesOfExamplesHaveWilsonsIntervalOverTheExamplesThatCount() {
    SplittableRandom random = TestSeed.random();
    int[] actual = random.ints(200, 0, 7).toArray();
    float[] outputs = uniform(random, 200 * 7);
    Examples examples = classes(actual, 7);
    int[] answers = new int[200];
    for (int i = 0; i < 200; i++) {
      for (int c = 1; c < 7; c++) {
        answers[i] = outputs[7 * i + c] > outputs[7 * i + answers[i]] ? c : answers[i];
      }
    }
    int both = count(200, i -> actual[i] == 3 && answers[i] == 3);
    int actually = count(200, i -> actual[i] == 3);
    int answered = count(200, i -> answers[i] == 3);
    int outsideTop5 =
        count(
            200,
            i ->
                IntStream.range(0, 7)
                        .filter(c -> outputs[7 * i + c] > outputs[7 * i + actual[i]])
                        .count()
                    >= 5);
    assertShare("recall-of-3", examples, outputs, both, actually);
    assertShare("precision-of-3", examples, outputs, both, answered);
    assertShare("top-5-error", examples, outputs, outsideTop5, 200);
    assertShare("error", examples, outputs, count(200, i -> actual[i] != answers[i]), 200);
  }

  private static void assertShare(
      String metric, Examples examples, float[] outputs, int part, int whole) {
    Estimate estimate = estimate(metric, examples, outputs);
    WilsonInterval interval = WilsonInterval.of(part, whole);
    assertThat(estimate.value()).as(metric).isCloseTo((double) part / whole, within(1e-12));
    assertThat(estimate.low()).as(metric).isCloseTo(interval.low(), within(1e-12));
    assertThat(estimate.high()).as(metric).isCloseTo(interval.high(), within(1e-12));
  }

  @Test
  void theAreaUnderTheCurveIsScikitLearns() {
    Examples examples = classes(new int[] {0, 0, 1, 1}, 2);
    float[] outputs = {0, 0.1f, 0, 0.4f, 0, 0.35f, 0, 0.8f};
    assertThat(estimate("auc", examples, outputs).value()).isEqualTo(0.75);
  }

  /** roc_auc_score(labels, probabilities, multi_class="ovr", average="macro") of 1.2.1. */
  @Test
  void theAreaOfSeveralClassesIsScikitLearnsOneAgainstTheRest() {
    int[] labels = {0, 1, 2, 0, 1, 2, 1, 0, 2, 2, 1, 0};
    float[] logits = {
      4.4f, -0.9f, 0.1f, 0.8f, -0.6f, 0.0f, 0.0f, -3.5f, 3.0f, 1.0f, 0.5f, -0.5f, 1.0f, 0.5f, -0.5f,
      -2.9f, 1.1f, 1.2f, 0.5f, -2.1f, 3.3f, 1.3f, -0.8f, 4.1f, -0.1f, -2.9f, 0.2f, -4.6f, -2.1f,
      0.2f, -1.5f, 3.1f, -3.3f, 2.6f, -4.1f, -1.3f
    };
    Estimate auc = estimate("auc", classes(labels, 3), logits);
    assertThat(auc.value()).isCloseTo(0.78125, within(1e-12));
    assertThat(auc.low()).isLessThan(auc.value());
    assertThat(auc.high()).isGreaterThan(auc.value());
  }

  @Test
  void aClassIsAskedForByItsNameOrItsNumber() {
    Examples plain = classes(ACTUAL, 3);
    Examples named = MemoryExamples.named(plain, List.of("cat", "dog", "2nd bird"));
    float[] outputs = oneHot(ANSWERS, 3);
    for (String kind : List.of("precision-of-", "recall-of-", "f1-of-")) {
      Estimate byNumber = estimate(kind + "0", plain, outputs);
      Estimate byName = estimate(kind + "cat", named, outputs);
      assertThat(byName.value()).isEqualTo(byNumber.value());
      assertThat(byName.low()).isEqualTo(byNumber.low());
      assertThat(estimate(kind + "0", named, outputs)).isEqualTo(byNumber);
      assertThat(estimate(kind + "2nd bird", named, outputs).value())
          .isEqualTo(estimate(kind + "2", plain, outputs).value());
    }
    Metrics.check(metric("recall-of-dog"), named, "test");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Metrics.check(metric("recall-of-cow"), named, "test"))
        .withMessage(
            "sweep.metric = recall-of-cow: the data have the classes 0 to 2, which are called cat,"
                + " dog, 2nd bird");
  }

  @Test
  void theAreaUnderTheCurveCountsPairsAndTiesHalf() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 50; round++) {
      int n = 2 + random.nextInt(40);
      int[] labels = random.ints(n, 0, 2).toArray();
      labels[0] = 0;
      labels[1] = 1;
      int[] scores = random.ints(n, 0, 6).toArray();
      float[] outputs = new float[2 * n];
      for (int i = 0; i < n; i++) {
        outputs[2 * i + 1] = scores[i];
      }
      double won = 0;
      double pairs = 0;
      for (int one = 0; one < n; one++) {
        for (int zero = 0; zero < n; zero++) {
          if (labels[one] == 1 && labels[zero] == 0) {
            pairs++;
            won += scores[one] > scores[zero] ? 1 : scores[one] == scores[zero] ? 0.5 : 0;
          }
        }
      }
      assertThat(estimate("auc", classes(labels, 2), outputs).value())
          .isCloseTo(won / pairs, within(1e-12));
    }
  }

  @Test
  void errorsOfNumbersAreScikitLearns() {
    Examples one = MemoryExamples.ofTargets(new float[] {3, -0.5f, 2, 7}, 1);
    float[] said = {2.5f, 0, 2, 8};
    assertThat(estimate("mse", one, said).value()).isCloseTo(0.375, within(1e-12));
    assertThat(estimate("mae", one, said).value()).isCloseTo(0.5, within(1e-12));
    assertThat(estimate("r2", one, said).value()).isCloseTo(0.948608, within(1e-6));
    Examples two = MemoryExamples.ofTargets(new float[] {0.5f, 1, -1, 1, 7, -6}, 2);
    float[] both = {0, 2, -1, 2, 8, -5};
    assertThat(estimate("mse", two, both).value()).isCloseTo(0.708333, within(1e-6));
    assertThat(estimate("mae", two, both).value()).isCloseTo(0.75, within(1e-12));
    // The mean of the raw values 0.96543779 and 0.90816327.
    assertThat(estimate("r2", two, both).value()).isCloseTo(0.936800, within(1e-6));
  }

  @Test
  void reconstructionIsOfWhatIsNormalAndItsErrorTellsWhatIsNot() {
    Examples examples =
        MemoryExamples.reconstructed(
            new float[] {2, 4, 6, 8, 100, 100}, 2, new int[] {0, 0, 1}, 2f);
    float[] said = {1, 3, 3, 4, 0, 0};
    assertThat(estimate("mse", examples, said).value()).isEqualTo(0.25);
    assertThat(estimate("mse", examples, said).examples()).isEqualTo(2);
    assertThat(estimate("mae", examples, said).value()).isEqualTo(0.25);
    assertThat(estimate("auc", examples, said).value()).isEqualTo(1);
  }

  /** For large samples the bootstrap's interval is the normal one with the textbook's error. */
  @Test
  void bootstrappedIntervalsAreThoseOfTheTextbooksForLargeSamples() {
    SplittableRandom random = TestSeed.random();
    int n = 4000;
    float[] targets = uniform(random, n);
    float[] said = new float[n];
    double[] squares = new double[n];
    for (int i = 0; i < n; i++) {
      said[i] = targets[i] + (float) (0.3 * random.nextDouble() - 0.15);
      squares[i] = Math.pow((double) said[i] - targets[i], 2);
    }
    double mean = Arrays.stream(squares).average().orElseThrow();
    double variance = Arrays.stream(squares).map(s -> (s - mean) * (s - mean)).sum() / (n - 1);
    assertMargin(
        estimate("mse", MemoryExamples.ofTargets(targets, 1), said),
        1.96 * Math.sqrt(variance / n));

    // DeLong et al. (1988), by pairs.
    int ones = 700;
    int zeros = 900;
    int[] labels = new int[ones + zeros];
    Arrays.fill(labels, 0, ones, 1);
    float[] outputs = new float[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      outputs[2 * i + 1] = (float) (random.nextDouble() + random.nextDouble() + 0.5 * labels[i]);
    }
    double[] ofOnes = new double[ones];
    double[] ofZeros = new double[zeros];
    for (int one = 0; one < ones; one++) {
      for (int zero = 0; zero < zeros; zero++) {
        if (outputs[2 * one + 1] > outputs[2 * (ones + zero) + 1]) {
          ofOnes[one] += 1.0 / zeros;
          ofZeros[zero] += 1.0 / ones;
        }
      }
    }
    assertMargin(
        estimate("auc", classes(labels, 2), outputs),
        1.96 * Math.sqrt(variance(ofOnes) / ones + variance(ofZeros) / zeros));
  }

  private static void assertMargin(Estimate estimate, double expected) {
    assertThat((estimate.high() - estimate.low()) / 2)
        .as("%s", estimate)
        .isCloseTo(expected, within(0.15 * expected));
    assertThat((estimate.high() + estimate.low()) / 2)
        .isCloseTo(estimate.value(), within(0.3 * expected));
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  @Test
  void theSameOutputsHaveTheSameIntervalAlways() {
    float[] outputs = uniform(TestSeed.random(), 60);
    Examples examples = classes(TestSeed.random().ints(20, 0, 3).toArray(), 3);
    assertThat(estimate("macro-f1", examples, outputs))
        .isEqualTo(estimate("macro-f1", examples, outputs.clone()));
  }

  @Test
  void outputsThatAreNoNumbersAreOfANetworkThatDiverged() {
    float[] nothing = {Float.NaN, 1};
    assertThatExceptionOfType(TrainingDivergedException.class)
        .isThrownBy(() -> estimate("mse", MemoryExamples.ofTargets(new float[] {1, 2}, 1), nothing))
        .withMessage("an output of the network is NaN");
    float[] none = {Float.NaN, Float.NaN, Float.NaN, Float.NaN};
    Examples examples = classes(new int[] {0, 1}, 2);
    for (String metric : new String[] {"error", "balanced-error"}) {
      assertThat(estimate(metric, examples, none).value()).isEqualTo(1);
    }
    assertThat(estimate("recall-of-1", examples, none).value()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "mse, is none of data.task = classification",
    "top-5-error, 'needs more than 5 classes, there are 3'",
    "auc, the validation data have no example that is labelled 2",
    "recall-of-3, the data have the classes 0 to 2",
    "recall-of-2, the validation data have no example of class 2",
    "recall-of-red, the data have the classes 0 to 2"
  })
  void metricsThatSayNothingOfTheDataAreRefused(String metric, String message) {
    Examples examples = classes(new int[] {0, 1, 1, 0}, 3);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Metrics.check(metric(metric), examples, "validation"))
        .withMessage("sweep.metric = " + metric + ": " + message);
  }

  @Test
  void anomaliesAreNeededWhereTheyAreToBeTold() {
    Examples normal = MemoryExamples.reconstructed(new float[4], 2, new int[] {0, 0}, 1f);
    Metrics.check(metric("mse"), normal, "test");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Metrics.check(metric("auc"), normal, "test"))
        .withMessage("sweep.metric = auc: the test data have no example that is labelled 1");
    Examples constant = MemoryExamples.ofTargets(new float[] {2, 1, 2, 3}, 2);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Metrics.check(metric("r2"), constant, "test"))
        .withMessage("sweep.metric = r2: a target of the test data is the same everywhere");
  }

  @Test
  void whoHasLearnedNothingGuesses() {
    Examples classes = classes(new int[] {0, 1, 2, 3}, 10);
    assertThat(Metrics.guess(metric("error"), classes)).isEqualTo(0.9);
    assertThat(Metrics.guess(metric("top-5-error"), classes)).isEqualTo(0.5);
    assertThat(Metrics.guess(metric("macro-f1"), classes)).isZero();
    assertThat(Metrics.guess(metric("auc"), classes)).isEqualTo(0.5);
    Examples numbers = MemoryExamples.ofTargets(new float[] {1, 2, 3, 6}, 1);
    assertThat(Metrics.guess(metric("mse"), numbers)).isCloseTo(3.5, within(1e-12));
    assertThat(Metrics.guess(metric("mae"), numbers)).isCloseTo(1.5, within(1e-12));
    assertThat(Metrics.guess(metric("r2"), numbers)).isZero();
  }

  @Test
  void whoIsNoBetterThanAGuessIsNotToldFromOne() {
    Examples two = classes(IntStream.range(0, 200).map(i -> i % 2).toArray(), 2);
    for (int right : new int[] {0, 20, 100, 110}) {
      assertThat(Metrics.isGuess(Estimate.error(right, 200), two)).as("" + right).isTrue();
    }
    assertThat(Metrics.isGuess(Estimate.error(130, 200), two)).isFalse();
    // One in twenty is of the second class.
    Examples rare = classes(IntStream.range(0, 200).map(i -> i % 20 == 0 ? 1 : 0).toArray(), 2);
    assertThat(Metrics.isGuess(Estimate.error(190, 200), rare)).isTrue();
    assertThat(Metrics.isGuess(Estimate.error(191, 200), rare)).isFalse();
    Metric auc = metric("auc");
    assertThat(Metrics.isGuess(new Estimate(auc, 200, 0.55, 0.49, 0.6), two)).isTrue();
    assertThat(Metrics.isGuess(new Estimate(auc, 200, 0.6, 0.53, 0.66), two)).isFalse();
    Examples numbers = MemoryExamples.ofTargets(new float[] {1, 2, 3, 6}, 1);
    Metric mse = metric("mse");
    assertThat(Metrics.isGuess(new Estimate(mse, 4, 3.2, 3, 3.6), numbers)).isTrue();
    assertThat(Metrics.isGuess(new Estimate(mse, 4, 2, 1, 3), numbers)).isFalse();
    Metric r2 = metric("r2");
    assertThat(Metrics.isGuess(new Estimate(r2, 4, -3, -5, -1), numbers)).isTrue();
    assertThat(Metrics.isGuess(new Estimate(r2, 4, 0.5, 0.2, 0.7), numbers)).isFalse();
  }

  private static Metric metric(String spelled) {
    return Metric.of(spelled).orElseThrow();
  }

  private static Estimate estimate(String metric, Examples examples, float[] outputs) {
    return Metrics.estimate(metric(metric), examples, outputs);
  }

  private static Examples classes(int[] labels, int classes) {
    return MemoryExamples.of(new float[labels.length], 1, labels, classes);
  }

  private static float[] oneHot(int[] answers, int classes) {
    float[] outputs = new float[answers.length * classes];
    for (int i = 0; i < answers.length; i++) {
      outputs[i * classes + answers[i]] = 1;
    }
    return outputs;
  }

  private static float[] uniform(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  private static int count(int n, java.util.function.IntPredicate which) {
    return (int) IntStream.range(0, n).filter(which).count();
  }
}
