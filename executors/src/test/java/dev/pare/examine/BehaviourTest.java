package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import java.util.List;
import org.junit.jupiter.api.Test;

class BehaviourTest {
  /** As in examine_references.py, which has what follows from them. */
  private static final float[] LOGITS = {
    2, 0.5f, -1, 0.1f, 0.2f, 0.3f, -1.5f, 3, 0, 1, 1.5f, -0.5f, 0, -2, 4, 0.7f, 0.6f, 0.5f, 3.5f,
    -1, 0, -0.5f, 0.5f, 0.25f, 1.2f, 0.9f, 2, 0.3f, 2.2f, 0.1f, -2, -1, -1.5f, 5, 1, 0
  };

  private static final int[] LABELS = {0, 1, 1, 0, 2, 0, 0, 2, 2, 1, 1, 1};

  private static final double CALIBRATION = 0.22055000429053784;
  private static final double LOG_LOSS = 0.8381434061202439;

  @Test
  void confidenceIsThatOfScikitLearnAndOfTheDefinition() {
    Confidence confidence = Confidence.of(Outputs.of(LOGITS, LABELS));
    assertThat(confidence.calibrationError()).isCloseTo(CALIBRATION, within(1e-7));
    assertThat(confidence.logLoss()).isCloseTo(LOG_LOSS, within(1e-7));
  }

  /** Six examples of two classes, features that nobody reads. */
  private static final int[] TWO = {0, 0, 0, 1, 1, 1};

  private static final Examples EXAMPLES =
      MemoryExamples.named(MemoryExamples.of(new float[6], 1, TWO, 2), List.of("no", "yes"));

  /** Logits that give these answers, the first the surest. */
  private static Outputs answering(int... answers) {
    float[] logits = new float[2 * answers.length];
    for (int i = 0; i < answers.length; i++) {
      logits[2 * i + answers[i]] = 6 - i;
    }
    return Outputs.of(logits, TWO);
  }

  private static Finding finding(String key) {
    // The file loses examples 1, 2 and 6, and wins example 3.
    return new Behaviour(EXAMPLES, null)
        .findings(answering(0, 0, 1, 1, 1, 1), answering(1, 1, 0, 1, 1, 0)).stream()
            .filter(each -> each.key().equals(key))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void errorsArePaired() {
    List<List<Object>> rows = finding("error").rows();
    assertThat(rows.get(0).subList(0, 3)).containsExactly("teacher", 6, 1.0 / 6);
    assertThat(rows.get(1).subList(0, 3)).containsExactly("file", 6, 0.5);
    // Of four coins one or fewer, or three or more, show heads: 2 · (1 + 4) / 16.
    assertThat((Double) rows.get(1).get(5)).isCloseTo(0.625, within(1e-12));
  }

  @Test
  void agreementIsTheShareOfSameAnswers() {
    assertThat(finding("agreement").rows().get(0).subList(0, 2)).containsExactly(6, 2.0 / 6);
  }

  @Test
  void classesHaveTheirOwnErrorsAndTests() {
    List<List<Object>> rows = finding("classes").rows();
    assertThat(rows.get(0).subList(0, 4)).containsExactly("no", 3, 1.0 / 3, 2.0 / 3);
    // Two lost, one won: any outcome of three coins is as far from even.
    assertThat((Double) rows.get(0).get(6)).isCloseTo(1, within(1e-12));
    assertThat(rows.get(1).subList(0, 4)).containsExactly("yes", 3, 0.0, 1.0 / 3);
    // Wilson (1927) for one of three, by hand: centre 0.427, half width 0.365.
    assertThat((Double) rows.get(1).get(4)).isCloseTo(0.0615, within(5e-4));
    assertThat((Double) rows.get(1).get(5)).isCloseTo(0.7923, within(5e-4));
  }

  @Test
  void lostAndWonExamplesAreCountedFromOne() {
    assertThat(finding("changes").rows())
        .containsExactly(List.of("lost", 3, List.of(1, 2, 6)), List.of("won", 1, List.of(3)));
    List<List<Object>> lost = finding("exemplars").rows();
    assertThat(lost).extracting(row -> row.get(0)).containsExactly(1, 2, 6);
    assertThat(lost.get(2).subList(0, 3)).containsExactly(6, "yes", "no");
    assertThat((Double) lost.get(0).get(3)).isCloseTo(1 / (1 + Math.exp(-6)), within(1e-12));
  }

  @Test
  void outputsThatAreNoNumbersAreNoAnswerAndAreWrong() {
    Outputs none = Outputs.of(new float[] {Float.NaN, Float.NaN}, new int[] {0});
    assertThat(none.answer(0)).isEqualTo(-1);
    assertThat(none.wrong()).isEqualTo(1);
    assertThat(Confidence.of(none).logLoss()).isNaN();
  }
}
