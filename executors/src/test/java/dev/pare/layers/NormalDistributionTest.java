package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalDistributionTest {
  /** From tables of the normal distribution. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.5",
    "0.5, 0.30853754",
    "1, 0.15865525",
    "1.5, 0.06680720",
    "2, 0.02275013",
    "3, 0.00134990",
    "4, 0.00003167",
    "6, 0.00000000"
  })
  void tailsAreTheTables(float x, double tail) {
    assertThat((double) tail(x)).isCloseTo(tail, within(2e-7));
    assertThat(tail(-x)).isEqualTo(tail(x));
  }

  @Test
  void passesWhatIsNoNumberAndEndsInZero() {
    assertThat(tail(Float.NaN)).isNaN();
    assertThat(tail(40)).isZero();
    assertThat(NormalDistribution.density(0)).isCloseTo(0.39894228f, within(1e-7f));
  }

  private static float tail(float x) {
    return NormalDistribution.tail(x, NormalDistribution.density(x));
  }
}
