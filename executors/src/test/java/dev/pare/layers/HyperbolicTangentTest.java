package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HyperbolicTangentTest {
  @Test
  void isCloseToTheExactOnes() {
    for (float x = -20; x <= 20; x += 1f / 512) {
      assertThat((double) HyperbolicTangent.tanh(x)).isCloseTo(Math.tanh(x), within(5e-7));
      assertThat((double) HyperbolicTangent.logistic(x))
          .isCloseTo(1 / (1 + Math.exp(-x)), within(5e-7));
    }
  }

  @Test
  void staysWithinItsBounds() {
    for (float x = 0; x <= 20; x += 1f / 512) {
      assertThat(HyperbolicTangent.tanh(x)).isBetween(0f, 1f);
      assertThat(HyperbolicTangent.tanh(-x)).isEqualTo(-HyperbolicTangent.tanh(x));
      assertThat(HyperbolicTangent.logistic(-x)).isBetween(0f, 0.5f);
    }
    assertThat(HyperbolicTangent.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1, within(1e-6f));
    assertThat(HyperbolicTangent.tanh(Float.NaN)).isNaN();
  }
}
