package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
  @Test
  void everyOriginalAppearsOnceAnEpochAndItsVariantsTakeTurns() {
    int originals = 23;
    int variants = 3;
    BatchOrder order = new BatchOrder(originals, originals * variants, 5);
    int[] last = new int[originals];
    Arrays.fill(last, -1);
    for (int epoch = 0; epoch < 2 * variants; epoch++) {
      Set<Integer> seen = new HashSet<>();
      for (int index : epoch(order, originals, 5)) {
        int example = index % originals;
        int variant = index / originals;
        assertThat(seen.add(example)).as("example %d, epoch %d", example, epoch).isTrue();
        if (last[example] >= 0) {
          assertThat(variant).isEqualTo((last[example] + 1) % variants);
        }
        last[example] = variant;
      }
      assertThat(seen).hasSize(originals);
    }
  }

  @Test
  void onlyTheLastBatchOfAnEpochIsShort() {
    BatchOrder order = new BatchOrder(10, 10, 1);
    int[] batch = new int[4];
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(order.next(batch)).isEqualTo(4);
      assertThat(order.next(batch)).isEqualTo(4);
      assertThat(order.next(batch)).isEqualTo(2);
    }
  }

  @Test
  void epochsAndSeedsHaveTheirOwnOrderAndASeedRepeatsIt() {
    BatchOrder order = new BatchOrder(100, 100, 1);
    int[] first = epoch(order, 100, 100);
    assertThat(epoch(order, 100, 100)).isNotEqualTo(first);
    assertThat(epoch(new BatchOrder(100, 100, 1), 100, 7)).isEqualTo(first);
    assertThat(epoch(new BatchOrder(100, 100, 2), 100, 7)).isNotEqualTo(first);
  }

  @Test
  void refusesExamplesThatAreNoVariants() {
    assertThatThrownBy(() -> new BatchOrder(10, 25, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("25 examples are no variants of 10");
    assertThatThrownBy(() -> new BatchOrder(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] epoch(BatchOrder order, int originals, int size) {
    int[] all = new int[originals];
    int[] batch = new int[size];
    int filled = 0;
    while (filled < originals) {
      int count = order.next(batch);
      System.arraycopy(batch, 0, all, filled, count);
      filled += count;
    }
    assertThat(filled).isEqualTo(originals);
    return all;
  }
}
