package dev.pare.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonIntervalTest {
  /** Newcombe 1998, Statistics in Medicine 17:857, table I, method 3. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void agreesWithPublishedValues(int successes, int trials, double low, double high) {
    WilsonInterval interval = WilsonInterval.of(successes, trials);

    assertThat(interval.low()).isCloseTo(low, within(0.00005));
    assertThat(interval.high()).isCloseTo(high, within(0.00005));
  }

  @Test
  void holdsTheShareAndStaysWithinZeroAndOne() {
    for (int trials = 1; trials <= 200; trials++) {
      for (int successes = 0; successes <= trials; successes++) {
        WilsonInterval interval = WilsonInterval.of(successes, trials);
        assertThat((double) successes / trials).isBetween(interval.low(), interval.high());
      }
    }
    assertThat(WilsonInterval.of(0, 7).low()).isZero();
    assertThat(WilsonInterval.of(7, 7).high()).isOne();
  }

  @Test
  void doesNotOverflowWithManyTrials() {
    int most = Integer.MAX_VALUE;

    assertThat(WilsonInterval.of(most / 2, most).margin()).isBetween(1e-6, 1e-4);
  }

  @Test
  void refusesImpossibleCounts() {
    assertThatIllegalArgumentException().isThrownBy(() -> WilsonInterval.of(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> WilsonInterval.of(-1, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> WilsonInterval.of(6, 5));
  }
}
