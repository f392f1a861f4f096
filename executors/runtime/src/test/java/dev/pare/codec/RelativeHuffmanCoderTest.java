package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RelativeHuffmanCoderTest extends LevelCoderContract {
  @Override
  LevelCoder coder() {
    return new RelativeHuffmanCoder();
  }

  @Test
  void everyTruncationIsATypedError() {
    SplittableRandom random = RandomSeed.random("truncation");
    for (int i = 0; i < 20; i++) {
      LevelMatrix levels = RandomLevels.any(random, 1000);
      byte[] code = coder().encode(levels).bytes();
      for (int length = 0; length < code.length; length++) {
        byte[] cut = Arrays.copyOf(code, length);
        assertThatThrownBy(() -> coder().decode(cut, levels.rows(), levels.columns()))
            .isInstanceOf(MalformedCodeException.class);
      }
    }
  }

  @Test
  void independentSparseLevelsTakeCloseToTheirEntropy() {
    SplittableRandom random = RandomSeed.random("entropy");
    for (double density : new double[] {0.01, 0.05, 0.2}) {
      LevelMatrix levels = RandomLevels.independent(random, 300, 784, density, 2);
      double p = (double) levels.nonzeros() / levels.size();
      double maskBits =
          -levels.size() * (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
      CodeCost cost = coder().encode(levels).cost();
      assertThat((double) cost.indexBits()).isBetween(0.98 * maskBits, 1.03 * maskBits);
      // Magnitude 1 has probability 3/4, 2 has 1/4, and a sign each: at best 1.81 bits.
      assertThat((double) cost.valueBits() / levels.nonzeros()).isBetween(1.78, 2.05);
      assertThat(cost.tableBits()).isLessThan(cost.totalBits() / 20);
    }
  }

  @Test
  void theIndexWidthFitsTheDensity() {
    SplittableRandom random = RandomSeed.random("index width");
    for (double density : new double[] {0.01, 0.1, 0.3}) {
      LevelMatrix levels = RandomLevels.independent(random, 300, 784, density, 2);
      int width = (coder().encode(levels).bytes()[0] & 0xFF) >>> 4;
      assertThat(1 << width).isBetween((int) (0.2 / density), (int) (40 / density));
    }
  }

  @Test
  void fewZerosTakeNoIndex() {
    SplittableRandom random = RandomSeed.random("dense");
    LevelMatrix levels = RandomLevels.independent(random, 300, 784, 0.8, 1);
    CodeCost cost = coder().encode(levels).cost();
    assertThat(cost.indexBits()).isZero();
    assertThat(cost.valueBits()).isLessThan(2L * levels.size());
  }
}
