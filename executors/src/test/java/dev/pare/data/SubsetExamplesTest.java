package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubsetExamplesTest {
  private static final int[] LABELS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final Examples TEN = MemoryExamples.of(new float[10], 1, LABELS, 10);

  @Test
  void spreadsEvenlyAndTakesNoMoreThanThereAre() {
    assertThat(labels(SubsetExamples.spread(TEN, 4))).containsExactly(0, 2, 5, 7);
    assertThat(labels(SubsetExamples.spread(TEN, 11))).containsExactly(LABELS);
  }

  private static int[] labels(Examples examples) {
    int[] labels = new int[examples.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = examples.label(i);
    }
    return labels;
  }
}
