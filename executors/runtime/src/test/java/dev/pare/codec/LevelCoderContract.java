package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every coder of levels must do. */
abstract class LevelCoderContract {
  private final LevelCoder coder = coder();

  /** The coder under test. */
  abstract LevelCoder coder();

  /** Checks that decoding gives {@code levels} back and the costs agree; returns the code. */
  final byte[] roundTrip(LevelMatrix levels) {
    EncodedLevels encoded = coder.encode(levels);
    byte[] code = encoded.bytes();
    assertThat(coder.decode(code, levels.rows(), levels.columns()))
        .isEqualTo(new DecodedLevels(levels, encoded.cost()));
    assertThat(encoded.cost().totalBits()).isEqualTo(8L * code.length);
    assertThat(encoded.cost().indexBits()).isNotNegative();
    assertThat(encoded.cost().valueBits()).isNotNegative();
    assertThat(encoded.cost().tableBits()).isNotNegative();
    return code;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, 7, 255, -255, 256, -256})
  void aSingleLevelComesBack(int level) {
    roundTrip(new LevelMatrix(1, 1, new short[] {(short) level}));
  }

  @Test
  void allZeroComesBackAndTakesAFewBytesAtAnySize() {
    for (int size : new int[] {1, 2, 255, 1_000_000}) {
      assertThat(roundTrip(new LevelMatrix(1, size, new short[size]))).hasSizeLessThanOrEqualTo(8);
    }
  }

  @Test
  void oneLevelEverywhereTakesAFewBytes() {
    short[] levels = new short[100_000];
    Arrays.fill(levels, (short) -3);
    assertThat(roundTrip(new LevelMatrix(100, 1000, levels))).hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void denseSignsTakeABitEach() {
    SplittableRandom random = RandomSeed.random("signs");
    LevelMatrix signs = RandomLevels.independent(random, 100, 1000, 1, 1);
    assertThat(roundTrip(signs).length).isBetween(12_000, 12_700);
  }

  @Test
  void everyWidthOfRowComesBack() {
    SplittableRandom random = RandomSeed.random("widths");
    for (int columns = 1; columns <= 255; columns++) {
      for (double density : new double[] {0.05, 0.5, 1}) {
        roundTrip(RandomLevels.independent(random, 3, columns, density, 4));
      }
    }
  }

  @Test
  void randomMatricesComeBack() {
    SplittableRandom random = RandomSeed.random("matrices");
    for (int i = 0; i < 500; i++) {
      roundTrip(RandomLevels.any(random, 3000));
    }
  }

  @Test
  void emptyRowsAndColumnsComeBack() {
    short[] levels = new short[50 * 40];
    for (int row = 0; row < 50; row += 7) {
      for (int column = 3; column < 40; column += 5) {
        levels[row * 40 + column] = (short) (row - column);
      }
    }
    roundTrip(new LevelMatrix(50, 40, levels));
  }

  @Test
  void gapsOfAnyLengthComeBack() {
    int size = 3 << 16;
    for (int gap = 1; gap < size; gap = 2 * gap + 1) {
      short[] levels = new short[size];
      levels[0] = 1;
      levels[gap] = -2;
      roundTrip(new LevelMatrix(3, size / 3, levels));
      levels[size - 1] = 200;
      roundTrip(new LevelMatrix(1, size, levels));
    }
  }

  @Test
  void theLastPlaceMayBeTheOnlyNonzero() {
    short[] levels = new short[1000];
    levels[999] = 1;
    roundTrip(new LevelMatrix(10, 100, levels));
  }

  @Test
  void extremeSkewComesBack() {
    // Counts as Fibonacci numbers make the longest Huffman codes there are.
    short[] levels = new short[1 << 20];
    int place = 0;
    int count = 1;
    int before = 1;
    for (int level = 1; place + count < levels.length; level++) {
      Arrays.fill(levels, place, place + count, (short) level);
      place += count;
      count += before;
      before = count - before;
    }
    roundTrip(new LevelMatrix(1 << 10, 1 << 10, levels));
  }

  @Test
  void allLevelsThereAreComeBack() {
    short[] levels = new short[513 * 3];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) (i % 513 - 256);
    }
    roundTrip(new LevelMatrix(3, 513, levels));
  }

  @Test
  void noStateRemainsBetweenCalls() {
    SplittableRandom random = RandomSeed.random("state");
    LevelMatrix first = RandomLevels.any(random, 5000);
    byte[] code = coder.encode(first).bytes();
    for (int i = 0; i < 20; i++) {
      roundTrip(RandomLevels.any(random, 5000));
      assertThatThrownBy(() -> coder.decode(new byte[0], 4, 4))
          .isInstanceOf(MalformedCodeException.class);
      assertThat(coder.encode(first).bytes()).isEqualTo(code);
    }
  }

  @Test
  void everyTruncationIsATypedErrorOrSomeMatrix() {
    SplittableRandom random = RandomSeed.random("truncation");
    for (int i = 0; i < 20; i++) {
      LevelMatrix levels = RandomLevels.any(random, 1000);
      byte[] code = coder.encode(levels).bytes();
      for (int length = 0; length < code.length; length++) {
        decodesOrComplains(Arrays.copyOf(code, length), levels.rows(), levels.columns());
      }
    }
  }

  @Test
  void everyFlippedBitIsATypedErrorOrSomeMatrix() {
    SplittableRandom random = RandomSeed.random("flips");
    for (int i = 0; i < 20; i++) {
      LevelMatrix levels = RandomLevels.any(random, 300);
      byte[] code = coder.encode(levels).bytes();
      for (int bit = 0; bit < 8 * code.length; bit++) {
        code[bit / 8] ^= (byte) (1 << bit % 8);
        decodesOrComplains(code, levels.rows(), levels.columns());
        code[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void randomBytesAreATypedErrorOrSomeMatrix() {
    SplittableRandom random = RandomSeed.random("bytes");
    for (int i = 0; i < 20_000; i++) {
      byte[] code = new byte[random.nextInt(40)];
      random.nextBytes(code);
      decodesOrComplains(code, 1 + random.nextInt(20), 1 + random.nextInt(20));
    }
  }

  @Test
  void trailingBytesAreATypedError() {
    LevelMatrix levels = new LevelMatrix(2, 3, new short[] {0, 1, 0, 0, -2, 0});
    byte[] code = coder.encode(levels).bytes();
    assertThatThrownBy(() -> coder.decode(Arrays.copyOf(code, code.length + 1), 2, 3))
        .isInstanceOf(MalformedCodeException.class);
  }

  @Test
  void tenMillionLevelsComeBack() {
    SplittableRandom random = RandomSeed.random("large");
    roundTrip(RandomLevels.independent(random, 2500, 4000, 0.1, 7));
  }

  private void decodesOrComplains(byte[] code, int rows, int columns) {
    try {
      LevelMatrix levels = coder.decode(code, rows, columns).levels();
      assertThat(levels.size()).isEqualTo(rows * columns);
    } catch (MalformedCodeException e) {
      assertThat(e.offset()).isBetween(0, code.length);
    }
  }
}
