package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelativeCodeTest {
  private final SplittableRandom random = RandomSeed.random("RelativeCodeTest");

  @Test
  void levelsComeBackBesideAnyOthers() {
    for (int i = 0; i < 300; i++) {
      LevelMatrix others = RandomLevels.any(random, 2000);
      LevelMatrix levels =
          switch (i % 3) {
            case 0 -> others;
            case 1 -> changed(others, 0.1);
            default -> changed(others, 1);
          };
      byte[] code = RelativeCode.ofLevels(levels, others);
      assertThat(RelativeCode.levels(code, others)).isEqualTo(levels);
      assertThat(RelativeCode.ofLevels(levels, others)).isEqualTo(code);
    }
  }

  /** With every shape of one row, and rows that are folded. */
  @Test
  void shortAndLongRows() {
    for (int columns = 1; columns < 40; columns++) {
      LevelMatrix others = RandomLevels.independent(random, 1, columns, 0.5, 3);
      LevelMatrix levels = changed(others, 0.3);
      assertThat(RelativeCode.levels(RelativeCode.ofLevels(levels, others), others))
          .isEqualTo(levels);
    }
    LevelMatrix others = RandomLevels.independent(random, 2, 70_000, 0.02, 5);
    LevelMatrix levels = changed(others, 0.01);
    assertThat(RelativeCode.levels(RelativeCode.ofLevels(levels, others), others))
        .isEqualTo(levels);
  }

  private LevelMatrix changed(LevelMatrix levels, double share) {
    short[] changed = levels.levels().clone();
    for (int i = 0; i < changed.length; i++) {
      if (random.nextDouble() < share) {
        changed[i] = (short) (random.nextInt(4) == 0 ? 0 : random.nextInt(-256, 257));
      }
    }
    return new LevelMatrix(levels.rows(), levels.columns(), changed);
  }

  /** The plain code takes some 5 bits for each of 6,000 nonzeros, an equal one next to none. */
  @Test
  void equalLevelsTakeNextToNothing() {
    LevelMatrix levels = RandomLevels.independent(random, 200, 300, 0.1, 8);
    assertThat(RelativeCode.ofLevels(levels, levels).length).isLessThan(200);
  }

  /** 1% of 60,000 levels at other places: the entropy of that is 60,000 · 0.08 bits, 605 bytes. */
  @Test
  void fewChangesTakeAboutTheirEntropy() {
    LevelMatrix others = RandomLevels.independent(random, 200, 300, 0.5, 1);
    short[] levels = others.levels().clone();
    for (int i = 0; i < levels.length; i++) {
      if (random.nextInt(100) == 0) {
        levels[i] = (short) (levels[i] == 0 ? 1 : 0);
      }
    }
    LevelMatrix now = new LevelMatrix(200, 300, levels);
    assertThat(RelativeCode.ofLevels(now, others).length).isBetween(500, 900);
  }

  @Test
  void numbersOfAllWidthsComeBack() {
    for (int bits = 1; bits <= 32; bits++) {
      int mask = bits == 32 ? -1 : (1 << bits) - 1;
      int width = bits;
      int[] others = random.ints(200).map(number -> number & mask).toArray();
      int[] numbers =
          IntStream.range(0, 200)
              .map(i -> i % 2 == 0 ? others[i] + i % 7 - 3 & mask : random.nextInt() & mask)
              .toArray();
      numbers[0] = others[0] + (1 << bits - 1) & mask;
      byte[] code = RelativeCode.ofNumbers(numbers, others, width);
      assertThat(RelativeCode.numbers(code, others, width)).isEqualTo(numbers);
    }
  }

  @Test
  void ordersComeBack() {
    for (int i = 0; i < 200; i++) {
      int others = random.nextInt(1, 60);
      int[] all = IntStream.range(0, others).toArray();
      for (int swaps = random.nextInt(others); swaps > 0; swaps--) {
        int at = random.nextInt(others);
        int from = random.nextInt(others);
        int unit = all[at];
        all[at] = all[from];
        all[from] = unit;
      }
      int[] units = Arrays.copyOf(all, random.nextInt(1, others + 1));
      for (int gone = random.nextInt(3); gone > 0; gone--) {
        units[random.nextInt(units.length)] = -1;
      }
      byte[] code = RelativeCode.ofOrder(units, others);
      assertThat(RelativeCode.order(code, units.length, others)).isEqualTo(units);
    }
  }

  @Test
  void whatIsNoCodeIsATypedError() {
    LevelMatrix others = RandomLevels.independent(random, 20, 30, 0.3, 200);
    int[] numbers = random.ints(50).toArray();
    for (int i = 0; i < 3000; i++) {
      byte[] code = new byte[random.nextInt(60)];
      random.nextBytes(code);
      readOrComplain(() -> RelativeCode.levels(code, others));
      readOrComplain(() -> RelativeCode.numbers(code, numbers, 16));
      readOrComplain(() -> RelativeCode.order(code, 50, 60));
    }
    byte[] whole = RelativeCode.ofLevels(changed(others, 0.5), others);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      readOrComplain(() -> RelativeCode.levels(cut, others));
    }
  }

  private static void readOrComplain(Supplier<?> reads) {
    try {
      assertThat(reads.get()).isNotNull();
    } catch (MalformedCodeException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
