package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Distillation.Logits;
import dev.pare.candidate.Distillation.Loss;
import dev.pare.candidate.Distillation.Relation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  @Test
  void trainingNamesTheSettingThatIsOutOfRange() {
    refused(() -> training(-1, 1, 1, 0, 1, 0), "epochs = -1: must be at least 0");
    refused(() -> training(1, 0, 1, 0, 1, 0), "batch = 0: must be at least 1");
    refused(() -> training(1, 1, 0, 0, 1, 0), "learning-rate = 0.0: must be positive and finite");
    refused(
        () -> training(1, 1, Double.NaN, 0, 1, 0),
        "learning-rate = NaN: must be positive and finite");
    refused(
        () -> training(1, 1, Double.POSITIVE_INFINITY, 0, 1, 0),
        "learning-rate = Infinity: must be positive and finite");
    refused(() -> training(1, 1, 1, -1, 1, 0), "l2 = -1.0: must be from 0.0 to 1000000.0");
    refused(() -> training(1, 1, 1, 0, 0.5, 0), "temperature = 0.5: must be from 1.0 to 1000.0");
    refused(
        () -> training(1, 1, 1, 0, 1e20, 0), "temperature = 1.0E20: must be from 1.0 to 1000.0");
    refused(() -> training(1, 1, 1, 0, 1, 1.5), "alpha = 1.5: must be from 0.0 to 1.0");
    refused(() -> training(1, 1, 1, 0, 1, Double.NaN), "alpha = NaN: must be from 0.0 to 1.0");
    training(0, 1, Double.MIN_VALUE, 0, 1, 1);
  }

  /** What makes no difference is put to one value, so that it makes none in keys. */
  @Test
  void trainingsThatComeToTheSameAreOne() {
    Training plain = with(1, 0, Distillation.USUAL);
    Distillation idle = distillation(0, Loss.DECOUPLED, Logits.STANDARDIZED, 2, 3.0, null);
    assertThat(with(4, 0, idle).effective()).isEqualTo(plain);
    assertThat(with(4, 0, distillation(0.1, Loss.DECOUPLED, Logits.RAW, 2, 3.0, 0.0)).effective())
        .isEqualTo(with(1, 0, distillation(0.1, Loss.SOFT_TARGETS, Logits.RAW, 1, null, null)));
    Distillation fading = distillation(0.1, Loss.DECOUPLED, Logits.STANDARDIZED, 2, 3.0, 0.5);
    assertThat(with(4, 0, fading).effective()).isEqualTo(with(4, 0, fading));
    assertThat(
            with(4, 1, distillation(0.1, Loss.SOFT_TARGETS, Logits.RAW, 2, 4.0, 1.0)).effective())
        .isEqualTo(with(4, 1, Distillation.USUAL));
    assertThat(
            with(4, 1, distillation(0, Loss.SQUARED_LOGITS, Logits.RAW, 1, 3.0, null)).effective())
        .isEqualTo(with(1, 1, distillation(0, Loss.SQUARED_LOGITS, Logits.RAW, 1, null, null)));
    assertThat(with(1, 0, related(Relation.ANGLE, null)).effective())
        .isEqualTo(with(1, 0, related(Relation.ANGLE, 50.0)));
    assertThat(with(1, 0, related(Relation.ANGLE, 0.0)).effective()).isEqualTo(plain);
    assertThat(with(1, 0, related(Relation.NONE, 3.0)).effective()).isEqualTo(plain);
  }

  @Test
  void averagesThatComeToTheSameAreOne() {
    for (Averaging averaging :
        new Averaging[] {
          new Averaging(Averaging.Kind.NONE, 0.5, 0.5), new Averaging(Averaging.Kind.SWA, 0.5, 0.5)
        }) {
      Training training =
          new Training(2, 1, 1, Training.Decay.NONE, 0, 1, 0, Distillation.USUAL, averaging, null);
      Training ofOneEpoch =
          new Training(1, 1, 1, Training.Decay.NONE, 0, 1, 0, Distillation.USUAL, averaging, null);
      assertThat(ofOneEpoch.effective().averaging()).isEqualTo(Averaging.NONE);
      boolean none = averaging.kind() == Averaging.Kind.NONE;
      assertThat(training.effective().averaging())
          .isEqualTo(
              none
                  ? Averaging.NONE
                  : new Averaging(Averaging.Kind.SWA, 0.5, Averaging.USUAL_DECAY));
    }
    refused(
        () -> new Averaging(Averaging.Kind.EMA, 0, 2),
        "average.decay = 2.0: must be from 0.0 to 1.0");
  }

  @Test
  void adversarialTrainingsThatComeToTheSameAreOne() {
    Adversarial trades = new Adversarial(Adversarial.Method.TRADES, 0.2, 2, 3);
    assertThat(attacked(new Adversarial(Adversarial.Method.NONE, 0.2, 2, 3)))
        .isEqualTo(Adversarial.NONE);
    assertThat(attacked(new Adversarial(Adversarial.Method.PGD, 0.2, 2, 3)))
        .isEqualTo(new Adversarial(Adversarial.Method.PGD, 0.2, 2, 6));
    assertThat(attacked(trades)).isEqualTo(trades);
    assertThat(attacked(new Adversarial(Adversarial.Method.TRADES, 0.2, 2, 0)))
        .isEqualTo(Adversarial.NONE);
    refused(
        () -> new Adversarial(Adversarial.Method.PGD, 0, 2, 3),
        "adversarial.radius = 0.0: must be positive and finite");
    refused(
        () -> new Adversarial(Adversarial.Method.PGD, 1.5, 2, 3),
        "adversarial.radius = 1.5: must be from 0.0 to 1.0");
    refused(
        () -> new Adversarial(Adversarial.Method.PGD, 0.1, 0, 3),
        "adversarial.steps = 0: must be at least 1");
    refused(
        () -> new Adversarial(Adversarial.Method.PGD, 0.1, 1, -1),
        "adversarial.beta = -1.0: must be from 0.0 to 1000000.0");
  }

  private static Adversarial attacked(Adversarial adversarial) {
    return new Training(
            1,
            1,
            1,
            Training.Decay.NONE,
            0,
            1,
            0,
            Distillation.USUAL,
            Averaging.NONE,
            null,
            adversarial)
        .effective()
        .adversarial();
  }

  @Test
  void distillationIsChecked() {
    refused(
        () -> distillation(1.5, Loss.DECOUPLED, Logits.RAW, 1, null, null),
        "label-smoothing = 1.5: must be from 0.0 to 1.0");
    refused(
        () -> distillation(0, Loss.DECOUPLED, Logits.RAW, -1, null, null),
        "target-weight = -1.0: must be from 0.0 to 1000000.0");
    refused(
        () -> distillation(0, Loss.DECOUPLED, Logits.RAW, 1, 0.0, null),
        "temperature-end = 0.0: must be from 1.0 to 1000.0");
    refused(
        () -> distillation(0, Loss.DECOUPLED, Logits.RAW, 1, null, 2.0),
        "alpha-end = 2.0: must be from 0.0 to 1.0");
    refused(
        () -> related(Relation.ANGLE, Double.NaN),
        "relation-weight = NaN: must be from 0.0 to 1000000.0");
  }

  private static Training with(double temperature, double alpha, Distillation distillation) {
    return new Training(
        1, 1, 1, Training.Decay.NONE, 0, temperature, alpha, distillation, Averaging.NONE, null);
  }

  private static Distillation distillation(
      double smoothing,
      Loss loss,
      Logits logits,
      double targetWeight,
      @Nullable Double temperatureEnd,
      @Nullable Double alphaEnd) {
    return new Distillation(
        smoothing, loss, logits, targetWeight, 8, temperatureEnd, alphaEnd, Relation.NONE, null);
  }

  private static Distillation related(Relation relation, @Nullable Double weight) {
    return new Distillation(0, Loss.SOFT_TARGETS, Logits.RAW, 1, 8, null, null, relation, weight);
  }

  private static Training training(
      int epochs, int batch, double rate, double l2, double temperature, double alpha) {
    return new Training(epochs, batch, rate, Training.Decay.NONE, l2, temperature, alpha);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void sparsityIsAShareBelowOne(double sparsity) {
    refused(
        () -> prune(sparsity, null, 0),
        "sparsity = " + sparsity + ": must be at least 0 and below 1");
    refused(
        () -> prune(0.5, sparsity, 0),
        "output-sparsity = " + sparsity + ": must be at least 0 and below 1");
  }

  @Test
  void factorizationNamesTheSettingThatIsOutOfRange() {
    Factorize none = Factorize.none(training(0, 1, 1, 0, 1, 0));
    for (double value : new double[] {0, 1.5, Double.NaN}) {
      refused(
          () -> none.but().rank(value).build(),
          "rank = " + value + ": must be above 0 and at most 1");
      refused(
          () -> none.but().energy(value).build(),
          "energy = " + value + ": must be above 0 and at most 1");
      refused(
          () -> none.but().rankBudget(value).build(),
          "rank-budget = " + value + ": must be above 0 and at most 1");
    }
    for (double value : new double[] {-0.1, 1, Double.NaN}) {
      refused(
          () -> none.but().singularThreshold(value).build(),
          "singular-threshold = " + value + ": must be at least 0 and below 1");
      refused(
          () -> none.but().sparseResidual(value).build(),
          "sparse-residual = " + value + ": must be at least 0 and below 1");
    }
    refused(() -> none.but().calibration(0).build(), "calibration = 0: must be at least 1");
    assertThat(none.but().sparseResidual(0.5).build().conflict()).isEmpty();
  }

  @Test
  void theRampIsAShareOfTheSteps() {
    refused(() -> prune(0, null, 1.1), "ramp = 1.1: must be from 0.0 to 1.0");
    prune(0, 0.0, 1);
  }

  @Test
  void granularitiesHaveOneSpelling() {
    for (String text : new String[] {"weight", "unit", "2:4", "1:16", "4x4", "1x1024"}) {
      assertThat(Granularity.parse(text)).map(Granularity::toString).contains(text);
    }
    for (String text : new String[] {"", "4:4", "5:4", "0:4", "2:2000", "4X4", "4x", "weights"}) {
      assertThat(Granularity.parse(text)).as(text).isEmpty();
    }
  }

  private static Prune prune(double sparsity, Double output, double ramp) {
    return new Prune(
        sparsity,
        output,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.LAYER,
        Prune.Schedule.ONE_SHOT,
        ramp,
        Samples.TRAINING);
  }

  @Test
  void penaltiesHaveAStrengthAndRegrowthAnInterval() {
    refused(() -> new Regrowth(0, 0.3), "update-interval = 0: must be at least 1");
    refused(() -> new Regrowth(1, 1.5), "update-share = 1.5: must be from 0.0 to 1.0");
    refused(
        () -> new Regularize(Regularize.Penalty.L1, -1.0, 0, Samples.TRAINING),
        "strength = -1.0: must be from 0.0 to 1000000.0");
    refused(
        () -> new Regularize(Regularize.Penalty.L1, null, 2, Samples.TRAINING),
        "ramp = 2.0: must be from 0.0 to 1.0");
    assertThat(new Regularize(Regularize.Penalty.L1, null, 0, Samples.TRAINING).lambda())
        .isEqualTo(Regularize.Penalty.L1.usualStrength());
    assertThat(Regularize.Penalty.GROUP_LASSO_UNITS.text()).isEqualTo("group-lasso-units");
  }

  @Test
  void bitsAreOneToEightOrFloat() {
    for (int bits : new int[] {-1, 0, 9, 16, 31, 33}) {
      refused(() -> quantize(bits), "bits = " + bits + ": must be 1 to 8, or 32 for float");
    }
    for (int bits : new int[] {1, 2, 8, Quantize.FLOAT_BITS}) {
      assertThat(quantize(bits).bits()).isEqualTo(bits);
    }
  }

  @Test
  void rateDistortionIsWithinItsBounds() {
    for (double lambda : new double[] {-0.1, 1e7, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> new Quantize(4, Quantize.Quantizer.CODEBOOK, lambda, Samples.TRAINING),
          "rate-distortion = " + lambda + ": must be from 0.0 to 1000000.0");
    }
  }

  @Test
  void theRateIsWithinItsBoundsAndHasAUsualValue() {
    for (double rate : new double[] {-0.1, 1e7, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(() -> rated(rate), "rate = " + rate + ": must be from 0.0 to 1000000.0");
    }
    assertThat(rated(0.25).lambda()).isEqualTo(0.25);
    assertThat(rated(null).lambda()).isEqualTo(Quantize.USUAL_RATE);
  }

  private static Quantize rated(Double rate) {
    return new Quantize(
        4,
        Quantize.Quantizer.ENTROPY_PENALIZED,
        Quantize.USUAL_GROUP,
        Quantize.USUAL_VECTOR_DIMENSION,
        rate,
        0,
        Quantize.Weight.NONE,
        null,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        Samples.TRAINING);
  }

  @Test
  void groupsAndWordsHaveTwoWeightsOrMore() {
    for (int group : new int[] {-1, 0, 1}) {
      refused(() -> quantize(group, 4), "group = " + group + ": must be at least 2");
    }
    for (int dimension : new int[] {0, 1, 65}) {
      refused(
          () -> quantize(2, dimension), "vector-dimension = " + dimension + ": must be 2 to 64");
    }
    assertThat(quantize(2, 64).vectorDimension()).isEqualTo(64);
  }

  private static Quantize quantize(int group, int dimension) {
    return new Quantize(
        4,
        Quantize.Quantizer.PRODUCT,
        group,
        dimension,
        null,
        0,
        Quantize.Weight.NONE,
        null,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        Samples.TRAINING);
  }

  private static Quantize quantize(int bits) {
    return new Quantize(bits, Quantize.Quantizer.UNIFORM, 0, Samples.TRAINING);
  }

  @Test
  void aCandidateEndsWithAFileAndCannotBeChanged() {
    refused(() -> new Candidate(Map.of(), List.of()), "the last stage must encode: []");
    assertThatThrownBy(
            () ->
                new Candidate(
                    Map.of(), List.of(new Encode(Encode.Precision.FLOAT32), Samples.QUANTIZE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the last stage must encode: [");
    Map<String, String> point = new HashMap<>(Map.of("sparsity", "0.95", "bits", "3"));
    Candidate candidate = new Candidate(point, List.of(new Encode(Encode.Precision.FLOAT32)));
    point.clear();
    assertThat(candidate.label()).isEqualTo("bits=3 sparsity=0.95");
    assertThatThrownBy(() -> candidate.point().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void correctnessKeepsWhichExamplesWereRight() {
    for (int examples = 1; examples < 40; examples++) {
      BitSet right = new BitSet();
      for (int i = 0; i < examples; i += 3) {
        right.set(i);
      }
      Correctness correctness = Correctness.of(right, examples);
      assertThat(correctness.right()).isEqualTo(right);
      assertThat(correctness.accuracy())
          .isCloseTo((double) right.cardinality() / examples, within(1e-15));
    }
    assertThat(Correctness.of(new BitSet(), 9)).isEqualTo(new Correctness(9, 0, "0000"));
  }

  @Test
  void correctnessThatContradictsItselfIsRefused() {
    refused(() -> new Correctness(0, 0, ""), "0 examples with 0 hexadecimal digits");
    refused(() -> new Correctness(8, 0, "0000"), "8 examples with 4 hexadecimal digits");
    refused(() -> new Correctness(8, 3, "03"), "3 correct, but 2 bits set");
    refused(() -> new Correctness(1, 2, "03"), "bit 1 is set, but there are 1 examples");
    assertThatThrownBy(() -> new Correctness(8, 0, "zz"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRatioIsAgainstFourBytesAParameter() {
    assertThat(Samples.measurement().size().totalBytes()).isEqualTo(645);
    assertThat(Samples.measurement().file().ratio()).isCloseTo(4 * 266_610 / 645.0, within(1e-9));
  }

  @Test
  void failureCodesKeepTheirNumbers() {
    assertThat(Arrays.stream(FailureCode.values()).map(code -> code + " " + code.number()))
        .containsExactly(
            "TRAINING_DIVERGED 100",
            "SETTINGS_MISFIT 101",
            "FILE_MISMATCH 200",
            "INTERNAL 201",
            "RESOURCES_EXHAUSTED 300");
  }

  private static void refused(ThrowingCallable maker, String message) {
    assertThatThrownBy(maker).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
