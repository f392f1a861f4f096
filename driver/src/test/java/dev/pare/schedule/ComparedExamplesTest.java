package dev.pare.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.data.Examples;
import dev.pare.graph.InputShape;
import org.junit.jupiter.api.Test;

class ComparedExamplesTest {
  /** Of three features each. */
  private record Rows(float[] values) implements Examples {
    @Override
    public int size() {
      return values.length / 3;
    }

    @Override
    public int features() {
      return 3;
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public int label(int index) {
      return 0;
    }

    @Override
    public void copyFeatures(int index, float[] target, int offset) {
      System.arraycopy(values, 3 * index, target, offset, 3);
    }
  }

  /** What no example of the first ones has may be where two libraries differ. */
  @Test
  void theRangesAreThoseOfAllExamples() {
    int count = 100;
    float[] features = new float[count * 3];
    features[3 * 60] = 1;
    features[3 * 70 + 1] = -0.5f;
    for (int i = 0; i < count; i++) {
      features[3 * i + 2] = 7;
    }

    float[] compared = ComparedExamples.of(new Rows(features), new InputShape(3, 1, 1, 1));

    assertThat(compared).hasSize(2 * 8 * 3);
    float flags = 0;
    for (int i = 0; i < 16; i++) {
      assertThat(compared[3 * i]).isIn(0f, 1f);
      flags += compared[3 * i];
      assertThat(compared[3 * i + 1]).isBetween(-0.5f, 0f);
      assertThat(compared[3 * i + 1] == 0).isEqualTo(i < 8);
      assertThat(compared[3 * i + 2]).isEqualTo(7);
    }
    assertThat(flags).isBetween(1f, 8f);
  }
}
