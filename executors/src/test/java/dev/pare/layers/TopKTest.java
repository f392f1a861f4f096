package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.data.TestSeed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TopKTest {
  private static final int SIZE = 257;

  @Test
  void everyRankIsThatOfASortedArray() {
    SplittableRandom random = TestSeed.random();
    float[] values = new float[SIZE];
    for (int distinct : new int[] {1, 2, 3, 16, 1_000_000}) {
      for (int i = 0; i < SIZE; i++) {
        values[i] = (random.nextInt(distinct) - distinct / 2) / 7f;
      }
      check(values);
    }
  }

  @Test
  void orderedArraysAreNoTrap() {
    check(floats(i -> i));
    check(floats(i -> -i));
    check(floats(i -> 1));
    check(floats(i -> i % 2));
    check(floats(i -> Math.min(i, SIZE - i)));
    check(floats(i -> Math.max(i, SIZE - i)));
    check(floats(i -> i == 0 ? Float.POSITIVE_INFINITY : Float.MIN_VALUE * i));
  }

  @Test
  @Timeout(5)
  void aMillionEqualOrSortedValuesTakeNoTime() {
    int size = 1_000_000;
    float[] values = new float[size];
    assertThat(TopK.smallest(values, size, size / 2)).isZero();
    for (int i = 0; i < size; i++) {
      values[i] = i;
    }
    assertThat(TopK.smallest(values, size, 300_000)).isEqualTo(299_999);
  }

  @Test
  void valuesBeyondTheSizeDoNotCount() {
    assertThat(TopK.smallest(new float[] {5, 4, 3, -1, -2}, 3, 1)).isEqualTo(3);
  }

  private static void check(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int count = 1; count <= values.length; count++) {
      float[] scratch = values.clone();
      assertThat(TopK.smallest(scratch, scratch.length, count)).isEqualTo(sorted[count - 1]);
      Arrays.sort(scratch);
      assertThat(scratch).containsExactly(sorted);
    }
  }

  private interface Value {
    float at(int index);
  }

  private static float[] floats(Value value) {
    float[] values = new float[SIZE];
    IntStream.range(0, SIZE).forEach(i -> values[i] = value.at(i));
    return values;
  }
}
