package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContextArithmeticCoderTest extends LevelCoderContract {
  @Override
  LevelCoder coder() {
    return LevelCoding.CONTEXT_ARITHMETIC.coder();
  }

  @Test
  void theCodeIsWithinOnePercentAndAFewBytesOfTheModelsIdealLength() {
    SplittableRandom random = RandomSeed.random("ideal");
    for (double density : new double[] {0.01, 0.05, 0.3, 1}) {
      for (int most : new int[] {1, 3, 15, 127}) {
        LevelMatrix levels = RandomLevels.independent(random, 300, 784, density, most);
        CodeCost cost = coder().encode(levels).cost();
        double ideal = cost.indexBits() + cost.valueBits();
        assertThat((double) cost.totalBits()).isBetween(0.999 * ideal, 1.002 * ideal + 64);
      }
    }
  }

  @Test
  void independentLevelsTakeLittleMoreThanTheirEntropy() {
    SplittableRandom random = RandomSeed.random("entropy");
    for (double density : new double[] {0.01, 0.05, 0.2}) {
      LevelMatrix levels = RandomLevels.independent(random, 300, 784, density, 2);
      double p = (double) levels.nonzeros() / levels.size();
      double maskBits =
          -levels.size() * (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
      CodeCost cost = coder().encode(levels).cost();
      assertThat((double) cost.indexBits()).isBetween(0.97 * maskBits, 1.04 * maskBits);
      // Magnitude 1 has probability 3/4, 2 has 1/4, and a sign each.
      assertThat((double) cost.valueBits() / levels.nonzeros()).isBetween(1.75, 1.95);
    }
  }

  @Test
  void deadColumnsAndImagesOfStructureTakeFarLessThanHuffmanCodes() {
    SplittableRandom random = RandomSeed.random("structure");
    int side = 28;
    short[] levels = new short[200 * side * side];
    for (int i = 0; i < levels.length; i++) {
      int y = i / side % side - side / 2;
      int x = i % side - side / 2;
      if (x * x + y * y < 100 && random.nextDouble() < 0.1) {
        levels[i] = (short) (y < 0 ? -1 - random.nextInt(2) : 1 + random.nextInt(2));
      }
    }
    LevelMatrix matrix = new LevelMatrix(200, side * side, levels);
    assertThat(roundTrip(matrix).length)
        .isLessThan(new RelativeHuffmanCoder().encode(matrix).bytes().length * 4 / 5);
  }

  @Test
  void theStrideOfAnImageIsFound() {
    SplittableRandom random = RandomSeed.random("stride");
    short[] levels = new short[60 * 400];
    for (int i = 0; i < levels.length; i++) {
      boolean again = i % 400 >= 20 && random.nextDouble() < 0.7;
      levels[i] = again ? levels[i - 20] : (short) Math.max(0, random.nextInt(12) - 10);
    }
    LevelMatrix matrix = new LevelMatrix(60, 400, levels);
    assertThat(Strides.likeliest(matrix, 1)).containsExactly(20);
    assertThat(roundTrip(matrix)[1]).isEqualTo((byte) 20);
  }

  @Test
  void likeRowsAndLikeColumnsComeBackFromEitherScan() {
    SplittableRandom random = RandomSeed.random("scans");
    for (int trial = 0; trial < 30; trial++) {
      LevelMatrix levels = RandomLevels.any(random, 2000);
      for (CodeParameters plain :
          List.of(
              CodeParameters.of(levels, true, 0),
              CodeParameters.of(levels, false, 0),
              CodeParameters.of(levels, false, 2),
              CodeParameters.of(levels, false, 7),
              CodeParameters.of(levels, false, 255))) {
        for (CodeParameters parameters : List.of(plain, plain.withEvenSigns())) {
          if (parameters.empty()) {
            continue;
          }
          BinaryCoder writer = parameters.write();
          new LevelModel(parameters, levels.rows(), levels.columns(), null)
              .code(writer, levels.levels().clone());
          assertThat(coder().decode(writer.finish(), levels.rows(), levels.columns()).levels())
              .isEqualTo(levels);
        }
      }
    }
  }

  @Test
  void signsThatNothingTellsAreCoinFlips() {
    LevelMatrix coins = RandomLevels.independent(RandomSeed.random("coins"), 100, 200, 0.2, 1);
    short[] alternating = coins.levels().clone();
    short sign = 1;
    for (int i = 0; i < alternating.length; i++) {
      if (alternating[i] != 0) {
        alternating[i] = sign;
        sign = (short) -sign;
      }
    }

    assertThat(CodeParameters.read(coder().encode(coins).bytes(), 100, false).parameters())
        .matches(CodeParameters::evenSigns);
    // Their only magnitude costs nothing.
    assertThat(coder().encode(coins).cost().valueBits()).isEqualTo(coins.nonzeros());
    EncodedLevels told = coder().encode(LevelMatrix.wrap(100, 200, alternating));
    assertThat(CodeParameters.read(told.bytes(), 100, false).parameters().evenSigns()).isFalse();
    assertThat(told.cost().valueBits()).isLessThan(coins.nonzeros() / 4);
  }

  @Test
  void oneLongRowTakesNoMemoryForEachOfItsPlaces() {
    LevelMatrix levels =
        RandomLevels.independent(RandomSeed.random("long row"), 1, 3_000_000, 0.01, 3);
    byte[] code = roundTrip(levels);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    coder().decode(code, 1, levels.size());
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(2L * levels.size() + (8 << 20));
  }

  @Test
  void noCodeIsTheBeginningOfAnotherOfTheSameLevels() {
    SplittableRandom random = RandomSeed.random("end");
    for (int trial = 0; trial < 500; trial++) {
      LevelMatrix levels = RandomLevels.any(random, 300);
      byte[] code = coder().encode(levels).bytes();
      byte[] longer = Arrays.copyOf(code, code.length + 1 + random.nextInt(8));
      for (int i = code.length; i < longer.length; i++) {
        longer[i] = (byte) random.nextInt(256);
      }
      try {
        assertThat(coder().decode(longer, levels.rows(), levels.columns()).levels())
            .isNotEqualTo(levels);
      } catch (MalformedCodeException e) {
        assertThat(e.offset()).isBetween(0, longer.length);
      }
    }
  }

  @Test
  void senselessParametersAreATypedError() {
    for (int flags : new int[] {0x80, 0xC5, 0x40, 0x45}) {
      byte[] code = {(byte) flags, 1, 2, 3, 4};
      assertThatThrownBy(() -> coder().decode(code, 3, 3))
          .isInstanceOf(MalformedCodeException.class);
    }
  }
}
