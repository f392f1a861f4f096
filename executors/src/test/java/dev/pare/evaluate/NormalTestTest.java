package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalTestTest {
  /** Of a table of the normal distribution. */
  @ParameterizedTest
  @CsvSource({
    "0.674490, 0.5",
    "1.644854, 0.1",
    "1.959964, 0.05",
    "2.575829, 0.01",
    "3.290527, 0.001"
  })
  void pValuesAreThoseOfTheTables(double z, double p) {
    assertThat(new NormalTest(3 * z, 3).pValue()).isCloseTo(p, within(5e-7));
    assertThat(new NormalTest(-z, 1).pValue()).isCloseTo(p, within(5e-7));
  }

  @Test
  void estimatesWhoseIntervalsTouchInTheMiddleDiffer() {
    Metric metric = Metric.of("mae").orElseThrow();
    Estimate low = new Estimate(metric, 10, 1, 0.8, 1.2);
    Estimate high = new Estimate(metric, 10, 1.4, 1.2, 1.6);
    // The difference is 2 · 1.96 standard errors of one, √2 of which it has itself.
    assertThat(NormalTest.of(low, high).pValue()).isCloseTo(0.005574, within(2e-6));
    assertThat(NormalTest.of(low, 1).pValue()).isOne();
    assertThat(NormalTest.of(low, 1.2).pValue()).isCloseTo(0.05, within(5e-7));
  }

  @Test
  void withoutAnErrorEveryDifferenceCounts() {
    assertThat(new NormalTest(1e-9, 0).pValue()).isZero();
    assertThat(new NormalTest(0, 0).pValue()).isOne();
    assertThatIllegalArgumentException().isThrownBy(() -> new NormalTest(Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new NormalTest(1, -1));
  }
}
