package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
  @Test
  void isTheTextbookFormulaAtEveryTemperature() {
    SplittableRandom random = TestSeed.random();
    for (double temperature : new double[] {1, 2.5, 20}) {
      float[] logits = new float[50 * 7];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (40 * random.nextDouble() - 20);
      }
      float[] softmax = new float[logits.length];
      Softmax.rows(logits, 50, 7, temperature, softmax);
      for (int r = 0; r < 50; r++) {
        double total = 0;
        double sum = 0;
        for (int c = 0; c < 7; c++) {
          total += Math.exp(logits[r * 7 + c] / temperature);
          sum += softmax[r * 7 + c];
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        for (int c = 0; c < 7; c++) {
          assertThat((double) softmax[r * 7 + c])
              .isCloseTo(Math.exp(logits[r * 7 + c] / temperature) / total, within(3e-6));
        }
      }
    }
  }

  @Test
  void largeLogitsDoNotOverflow() {
    float[] logits = {3e38f, -3e38f, 3e38f, 1e30f, 0, -1e30f};
    Softmax.rows(logits, 2, 3, 1, logits);
    assertThat(logits).containsExactly(0.5f, 0, 0.5f, 1, 0, 0);
  }

  @Test
  void infiniteLogitsGiveNoNumbers() {
    float[] logits = {Float.POSITIVE_INFINITY, 0};
    Softmax.rows(logits, 1, 2, 1, logits);
    assertThat(logits[0]).isNaN();
  }
}
