package dev.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.report.FrontierReport;
import dev.pare.result.Score;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestDoubtTest {
  /** Of ten classes. */
  private static Optional<String> doubt(int validated, int validation, int tested, int test) {
    return TestDoubt.of(
        new FrontierReport.Teacher(
            100,
            new Score(validated, validation),
            new Score(tested, test),
            0.9,
            null,
            null,
            null,
            null));
  }

  @Test
  void aTeacherThatIsFarWorseOnTestDataIsSaidToBeSo() {
    // 8.0% of 500 and 25.6% of 500: z = (0.256 - 0.08) / √(0.168 · 0.832 · 2 / 500) = 7.4.
    assertThat(doubt(460, 500, 372, 500))
        .contains(
            "25.60% of test examples are wrong, where 8.00% of validation examples are, far more"
                + " than chance explains: do data.test's labels belong to its features, are both"
                + " prepared alike, and was the teacher not trained on validation examples?");
    assertThat(doubt(460, 500, 253, 500)).isPresent();
    // Without a wrong validation example.
    assertThat(doubt(1000, 1000, 1800, 2000)).isPresent();
  }

  @Test
  void whatChanceOrAnotherSampleExplainsIsNot() {
    assertThat(doubt(460, 500, 460, 500)).isEmpty();
    // Three times as high, of too few: z = 0.16 / √(0.16 · 0.84 · 2 / 50) = 2.2.
    assertThat(doubt(46, 50, 38, 50)).isEmpty();
    // 1% and 4%: significant (z = 9.6), and yet no other problem.
    assertThat(doubt(4950, 5000, 4800, 5000)).isEmpty();
    // 30% and 50%: not twice as high.
    assertThat(doubt(3500, 5000, 2500, 5000)).isEmpty();
    // Better.
    assertThat(doubt(2500, 5000, 4900, 5000)).isEmpty();
  }

  @Test
  void whatIsNotBetterThanGuessingIsSaidAsThatAlone() {
    assertThat(doubt(460, 500, 50, 500)).get().asString().startsWith("no better than guessing");
  }

  @Test
  void errorsOfOtherMetricsAreNotComparedByCounts() {
    Metric mse = new Metric(Metric.Kind.MSE, null);
    Score before = new Score(new Estimate(mse, 500, 1, 0.9, 1.1), null);
    Score now = new Score(new Estimate(mse, 500, 9, 8, 10), null);
    assertThat(TestDoubt.isFarWorse(before, now)).isFalse();
  }
}
