package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
  @ParameterizedTest
  @EnumSource(Task.class)
  void everySpellingIsRead(Task task) {
    for (String spelling : Metric.spellings(task)) {
      String spelled = spelling.replace("-of-N", "-of-12");
      Metric metric = Metric.of(spelled).orElseThrow();
      assertThat(metric).hasToString(spelled);
      assertThat(metric.suits(task)).isTrue();
    }
    assertThat(Metric.usual(task)).hasToString(Metric.spellings(task).get(0));
  }

  @Test
  void spellingsAreTheFieldsOwn() {
    assertThat(Metric.spellings(Task.CLASSIFICATION))
        .containsExactly(
            "error",
            "top-5-error",
            "balanced-error",
            "macro-precision",
            "precision-of-N",
            "macro-recall",
            "recall-of-N",
            "macro-f1",
            "f1-of-N",
            "auc");
    assertThat(Metric.spellings(Task.REGRESSION)).containsExactly("mse", "mae", "r2");
    assertThat(Metric.spellings(Task.RECONSTRUCTION)).containsExactly("mse", "mae", "auc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "accuracy",
        "recall",
        "recall-of-",
        "error-of-1",
        "macro-error",
        "Recall-of-1",
        "f1-of-1 ",
        "f1-of- 1",
        "f1-of-a\nb"
      })
  void othersAreNone(String spelling) {
    assertThat(Metric.of(spelling)).isEmpty();
  }

  @Test
  void classesHaveNumbersOrNames() {
    List<String> names = List.of("good", "2", "very bad", "01");
    assertThat(classNumber("recall-of-2", names)).isEqualTo(2);
    assertThat(classNumber("recall-of-good", names)).isZero();
    assertThat(classNumber("f1-of-very bad", names)).isEqualTo(2);
    assertThat(classNumber("f1-of-01", names)).isEqualTo(3);
    assertThat(classNumber("f1-of-Good", names)).isEqualTo(-1);
    assertThat(classNumber("precision-of-good", List.of())).isEqualTo(-1);
    assertThat(Metric.of("f1-of-very bad").orElseThrow()).hasToString("f1-of-very bad");
  }

  private static int classNumber(String spelled, List<String> names) {
    return Metric.of(spelled).orElseThrow().classNumber(names);
  }

  @Test
  void moreQualityIsBetterWhateverTheDirection() {
    Metric recall = Metric.of("macro-recall").orElseThrow();
    assertThat(recall.quality(0.75)).isEqualTo(0.75);
    assertThat(Metric.ERROR.quality(0.25)).isEqualTo(-0.25);
    assertThat(recall.worst()).hasValue(0);
    assertThat(Metric.ERROR.worst()).hasValue(1);
    Metric mse = Metric.of("mse").orElseThrow();
    assertThat(mse.worst()).isEmpty();
    assertThat(recall.text(0.12345)).isEqualTo("12.35");
    assertThat(mse.text(0.00123456)).isEqualTo("0.001235");
    assertThat(mse.text(-1234567)).isEqualTo("-1.235e+06");
    assertThat(List.of(recall.unit(), mse.unit())).containsExactly(" %", "");
  }

  @Test
  void theErrorOfAnEarlierVersionIsTheSameNumber() {
    Estimate error = Estimate.error(97, 100);
    assertThat(error.value()).isEqualTo(0.03);
    assertThat(error.low()).isCloseTo(1 - WilsonInterval.of(97, 100).high(), within(1e-15));
    assertThat(error.text()).isEqualTo("3.00 ± 3.71");
  }

  @Test
  void whatIsNoEstimateIsRefused() {
    Metric mse = Metric.of("mse").orElseThrow();
    for (double[] bad : new double[][] {{1, 2, 3}, {2, 1, 1.5}, {Double.NaN, 0, 1}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Estimate(mse, 9, bad[0], bad[1], bad[2]));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Estimate(mse, 0, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Estimate(Metric.ERROR, 9, 1, 1, 1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> new Metric(Metric.Kind.AUC, "1"));
  }

  @Test
  void confusionsAreCountedAndChecked() {
    Confusion confusion = Confusion.of(3, new int[] {2, 0, 2, 2, 1}, new int[] {0, 0, 0, -1, 1});
    assertThat(confusion.cells()).containsExactly(0, 0, 1, 1, 1, 1, 2, -1, 1, 2, 0, 2);
    for (List<Integer> bad :
        List.of(
            List.of(0, 0),
            List.of(0, 0, 0),
            List.of(3, 0, 1),
            List.of(0, 3, 1),
            List.of(0, -2, 1),
            List.of(0, 1, 1, 0, 1, 1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Confusion(3, bad));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Confusion(101, List.of()));
  }
}
