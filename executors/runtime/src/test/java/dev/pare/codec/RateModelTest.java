package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateModelTest {
  @Test
  void pricesAddUpToTheIdealLengthOfTheCode() {
    SplittableRandom random = RandomSeed.random("prices");
    for (int trial = 0; trial < 100; trial++) {
      LevelMatrix levels = RandomLevels.any(random, 4000);
      if (levels.nonzeros() == 0 || levels.nonzeros() == levels.size()) {
        continue;
      }
      RateModel rates = new RateModel(levels);
      double sum = 0;
      boolean[] met = new boolean[levels.size()];
      while (rates.hasNext()) {
        int index = rates.index();
        assertThat(met[index]).isFalse();
        met[index] = true;
        int other = random.nextInt(levels.lowest(), levels.highest() + 1);
        double first = rates.bits(other);
        sum += rates.bits(levels.at(index));
        // Asking changes nothing.
        assertThat(rates.bits(other)).isEqualTo(first).isPositive();
        rates.choose(levels.at(index));
      }
      assertThat(met).doesNotContain(false);
      CodeCost cost = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(levels).cost();
      assertThat(sum).isCloseTo((double) (cost.indexBits() + cost.valueBits()), within(1.0));
    }
  }

  @Test
  void pricesKnowWhereValuesBegan() {
    InitialValuesTest.Trained trained =
        InitialValuesTest.Trained.of(RandomSeed.random("starts"), 60, 200);
    LevelMatrix levels = trained.levels();
    RateModel rates = new RateModel(levels, trained.starts());
    double sum = 0;
    while (rates.hasNext()) {
      int index = rates.index();
      double first = rates.bits(levels.at(index));
      assertThat(rates.bits(levels.at(index))).isEqualTo(first);
      sum += first;
      rates.choose(levels.at(index));
    }

    LevelCoder knowing = LevelCoding.CONTEXT_ARITHMETIC.coder(trained.starts());
    CodeCost cost = knowing.encode(levels).cost();
    assertThat(sum).isCloseTo((double) (cost.indexBits() + cost.valueBits()), within(1.0));
    CodeCost plain = LevelCoding.CONTEXT_ARITHMETIC.coder().encode(levels).cost();
    assertThat(sum).isLessThan(0.5 * plain.totalBits());
  }

  @Test
  void zeroHasAPriceThoughNoLevelWasZero() {
    RateModel rates = new RateModel(new LevelMatrix(1, 2, new short[] {1, -1}));
    assertThat(rates.bits(0)).isBetween(2.0, 20.0);
    rates.choose(0);
    rates.choose(-1);
    assertThat(rates.hasNext()).isFalse();
  }

  @Test
  void levelsBeyondThoseAtTheStartAreRefused() {
    RateModel rates = new RateModel(new LevelMatrix(1, 3, new short[] {0, 2, -1}));
    assertThatThrownBy(() -> rates.bits(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("level 3: must be from -1 to 2");
    assertThatThrownBy(() -> rates.choose(-2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RateModel(new LevelMatrix(1, 1, new short[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
