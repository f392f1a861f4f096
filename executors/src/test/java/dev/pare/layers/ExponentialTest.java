package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void relativeErrorStaysBelowTwoTenMillionths() {
    double worst = 0;
    float at = 0;
    for (int i = 0; i <= 1_750_000; i++) {
      float x = -87f + i * 1e-4f;
      double exact = StrictMath.exp(x);
      double error = Math.abs(Exponential.exp(x) - exact) / exact;
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    assertThat(worst).as("at %s", at).isLessThan(2e-7);
  }

  @Test
  void edgesAreWhatTheContractSays() {
    assertThat(Exponential.exp(0f)).isEqualTo(1f);
    assertThat(Exponential.exp(-0f)).isEqualTo(1f);
    assertThat(Exponential.exp(Float.MIN_VALUE)).isEqualTo(1f);
    assertThat(Exponential.exp(Math.nextDown(-87f))).isZero();
    assertThat(Exponential.exp(-87f)).isPositive();
    assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Exponential.exp(88f)).isFinite();
    assertThat(Exponential.exp(Math.nextUp(88f))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Exponential.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Exponential.exp(Float.NaN)).isNaN();
  }
}
