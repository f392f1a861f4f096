package dev.pare.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetExamplesTest {
  private static final int[] LABELS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final Examples TEN = MemoryExamples.of(new float[10], 1, LABELS, 10);

  private static final List<String> NAMES = List.of("no", "yes");

  @Test
  void spreadsEvenlyAndTakesNoMoreThanThereAre() {
    assertThat(labels(SubsetExamples.spread(TEN, 4))).containsExactly(0, 2, 5, 7);
    assertThat(labels(SubsetExamples.spread(TEN, 11))).containsExactly(LABELS);
  }

  @Test
  void viewsKnowTheNamesOfTheClasses() {
    Examples named = MemoryExamples.named(MemoryExamples.of(new float[4], 2, new int[2], 2), NAMES);
    assertThat(SubsetExamples.spread(named, 1).classNames()).isEqualTo(NAMES);
    assertThat(new SelectedFeatures(named, new int[] {0}).classNames()).isEqualTo(NAMES);
    assertThat(new BalancedExamples(named).classNames()).isEqualTo(NAMES);
    assertThat(TEN.classNames()).isEmpty();
  }

  private static int[] labels(Examples examples) {
    int[] labels = new int[examples.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = examples.label(i);
    }
    return labels;
  }
}
