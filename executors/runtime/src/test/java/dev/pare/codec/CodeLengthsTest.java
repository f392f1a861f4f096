package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CodeLengthsTest {
  private static final int TRIALS = 500;

  @Test
  void lengthsFillTheCodeSpaceExactly() {
    SplittableRandom random = RandomSeed.random("Kraft");
    for (int trial = 0; trial < TRIALS; trial++) {
      byte[] lengths = CodeLengths.of(randomCounts(random));
      if (!CodeLengths.isAlone(lengths)) {
        assertThat(kraft(lengths)).isEqualTo(1 << CodeLengths.MAX);
      }
    }
  }

  @Test
  void symbolsThatDoNotOccurHaveNoCode() {
    assertThat(CodeLengths.of(new int[] {0, 5, 0, 5, 10, 0})).containsExactly(0, 2, 0, 2, 1, 0);
    assertThat(CodeLengths.of(new int[] {0, 0})).containsExactly(0, 0);
  }

  @Test
  void aSymbolAloneCostsNothing() {
    int[] counts = {0, 1000, 0};
    byte[] lengths = CodeLengths.of(counts);
    assertThat(lengths).containsExactly(0, 1, 0);
    assertThat(CodeLengths.bits(counts, lengths)).isZero();
  }

  @Test
  void costIsWithinABitASymbolOfTheEntropy() {
    SplittableRandom random = RandomSeed.random("entropy");
    for (int trial = 0; trial < TRIALS; trial++) {
      int[] counts = randomCounts(random);
      long total = 0;
      for (int count : counts) {
        total += count;
      }
      double entropy = 0;
      for (int count : counts) {
        entropy += count == 0 ? 0 : count * Math.log((double) total / count) / Math.log(2);
      }
      double bits = CodeLengths.bits(counts, CodeLengths.of(counts));
      assertThat(bits).isBetween(entropy - 1e-6 * total, entropy + total);
    }
  }

  @Test
  void costIsHuffmansWhereTheLimitDoesNotBind() {
    SplittableRandom random = RandomSeed.random("Huffman");
    for (int trial = 0; trial < TRIALS; trial++) {
      int[] counts = new int[1 + random.nextInt(60)];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = random.nextInt(100, 1000);
      }
      assertThat(CodeLengths.bits(counts, CodeLengths.of(counts))).isEqualTo(huffmanBits(counts));
    }
  }

  @Test
  void noLengthExceedsTheLimitUnderExtremeSkew() {
    int[] counts = new int[30];
    counts[0] = 1;
    counts[1] = 1;
    for (int i = 2; i < counts.length; i++) {
      counts[i] = counts[i - 1] + counts[i - 2];
    }
    byte[] lengths = CodeLengths.of(counts);
    assertThat(kraft(lengths)).isEqualTo(1 << CodeLengths.MAX);
    for (byte length : lengths) {
      assertThat((int) length).isBetween(1, CodeLengths.MAX);
    }
    assertThat((double) CodeLengths.bits(counts, lengths)).isLessThan(1.01 * huffmanBits(counts));
  }

  @Test
  void theLargestAlphabetFits() {
    int[] counts = new int[(1 << GapHistogram.MAX_WIDTH) + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 1 + i % 3;
    }
    assertThat(kraft(CodeLengths.of(counts))).isEqualTo(1 << CodeLengths.MAX);
  }

  @Test
  void tablesComeBack() {
    SplittableRandom random = RandomSeed.random("tables");
    for (int trial = 0; trial < TRIALS; trial++) {
      byte[] lengths = CodeLengths.of(randomCounts(random));
      BitWriter out = new BitWriter();
      CodeLengthTable.write(lengths, out);
      BitReader in = new BitReader(out.toBytes());
      assertThat(CodeLengthTable.read(lengths.length, in)).isEqualTo(lengths);
      assertThat(in.bits()).isEqualTo(out.bits());
    }
  }

  @Test
  void incompleteAndOverfullTablesAreTypedErrors() {
    for (byte[] lengths : new byte[][] {{1, 2}, {1, 1, 1}, {0, 0}, {2}, {1, 2, 2, 15}, {2, 2, 2}}) {
      BitWriter out = new BitWriter();
      CodeLengthTable.write(lengths, out);
      assertThatThrownBy(() -> CodeLengthTable.read(lengths.length, new BitReader(out.toBytes())))
          .isInstanceOf(MalformedCodeException.class);
    }
  }

  /** At least one symbol, some of them never, with counts between alike and very skewed. */
  private static int[] randomCounts(SplittableRandom random) {
    int[] counts = new int[1 + random.nextInt(1 << random.nextInt(1, 10))];
    int range = 1 + random.nextInt(20);
    for (int i = 0; i < counts.length; i++) {
      counts[i] = random.nextInt(3) == 0 ? 0 : 1 << random.nextInt(range);
    }
    counts[random.nextInt(counts.length)] = 1;
    return counts;
  }

  private static int kraft(byte[] lengths) {
    int sum = 0;
    for (byte length : lengths) {
      sum += length == 0 ? 0 : 1 << CodeLengths.MAX - length;
    }
    return sum;
  }

  /** The cost of Huffman's own algorithm: every merge costs its weight. */
  private static long huffmanBits(int[] counts) {
    PriorityQueue<Long> queue = new PriorityQueue<>();
    for (int count : counts) {
      queue.add((long) count);
    }
    long bits = 0;
    while (queue.size() > 1) {
      long merged = queue.remove() + queue.remove();
      bits += merged;
      queue.add(merged);
    }
    return bits;
  }
}
