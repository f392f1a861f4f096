package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RelativeHuffmanTest {
  @Test
  void countsGapsAndLevels() {
    // Width 0: every zero before a nonzero is a filler; the indices are all the same symbol.
    // Levels 0, 1, 2 occur 2, 1 and 1 times: 2 + 2 + 2 bits, and three code lengths besides one.
    assertThat(RelativeHuffman.bits(new LevelMatrix(1, 4, new short[] {0, 0, 1, 2})))
        .isLessThanOrEqualTo(6 + 4 * 4);
    assertThat(RelativeHuffman.bits(new LevelMatrix(2, 2, new short[] {3, 3, 3, 3}))).isEqualTo(8);
    assertThat(RelativeHuffman.bits(new LevelMatrix(2, 2, new short[4]))).isZero();
  }

  @Test
  void isCloseToTheSizeOfARealFileOfThatFormat() {
    SplittableRandom random = RandomSeed.random("huffman");
    for (double density : new double[] {0.01, 0.05, 0.2}) {
      LevelMatrix levels = RandomLevels.independent(random, 200, 400, density, 5);
      double real = 8.0 * DeepCompression.bytes(levels);
      assertThat((double) RelativeHuffman.bits(levels)).isBetween(0.9 * real, 1.1 * real);
    }
  }
}
