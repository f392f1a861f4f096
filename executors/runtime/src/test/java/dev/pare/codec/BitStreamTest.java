package dev.pare.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BitStreamTest {
  @Test
  void bitsComeBackInOrder() {
    SplittableRandom random = RandomSeed.random("bits");
    for (int trial = 0; trial < 200; trial++) {
      int n = random.nextInt(300);
      int[] counts = new int[n];
      long[] values = new long[n];
      BitWriter out = new BitWriter();
      long total = 0;
      for (int i = 0; i < n; i++) {
        counts[i] = random.nextInt(33);
        values[i] = random.nextLong() & (1L << counts[i]) - 1;
        out.write(values[i], counts[i]);
        total += counts[i];
        assertThat(out.bits()).isEqualTo(total);
      }
      BitReader in = new BitReader(out.toBytes());
      for (int i = 0; i < n; i++) {
        assertThat(in.peek(counts[i])).isEqualTo(values[i]);
        assertThat(in.read(counts[i]) & 0xFFFFFFFFL).isEqualTo(values[i]);
      }
      assertThat(in.bits()).isEqualTo(total);
      in.expectPadding();
    }
  }

  @Test
  void theFirstBitIsTheMostSignificant() {
    BitWriter out = new BitWriter();
    out.write(1, 1);
    out.write(0b0110, 4);
    assertThat(out.toBytes()).containsExactly(0b10110_000);
  }

  @Test
  void numbersComeBack() {
    BitWriter out = new BitWriter();
    for (int value = 1; value > 0; value *= 2) {
      out.writeNumber(value - 1);
      out.writeNumber(value);
      out.writeGamma(value);
    }
    out.writeNumber(Integer.MAX_VALUE);
    out.writeGamma(Integer.MAX_VALUE);
    BitReader in = new BitReader(out.toBytes());
    for (int value = 1; value > 0; value *= 2) {
      assertThat(in.readNumber()).isEqualTo(value - 1);
      assertThat(in.readNumber()).isEqualTo(value);
      assertThat(in.readGamma()).isEqualTo(value);
    }
    assertThat(in.readNumber()).isEqualTo(Integer.MAX_VALUE);
    assertThat(in.readGamma()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void readingBeyondTheEndIsATypedError() {
    BitReader in = new BitReader(new byte[] {1, 2, 3});
    in.read(20);
    assertThat(in.peek(8)).isEqualTo(3 << 4);
    assertThatThrownBy(() -> in.read(5))
        .isInstanceOfSatisfying(
            MalformedCodeException.class, e -> assertThat(e.offset()).isEqualTo(3));
    assertThatThrownBy(() -> new BitReader(new byte[8]).readGamma())
        .isInstanceOf(MalformedCodeException.class);
  }

  @Test
  void paddingMustBeZerosOfLessThanAByte() {
    assertThatThrownBy(() -> new BitReader(new byte[1]).expectPadding())
        .isInstanceOf(MalformedCodeException.class);
    BitReader ones = new BitReader(new byte[] {(byte) 0x81});
    ones.read(1);
    assertThatThrownBy(ones::expectPadding).isInstanceOf(MalformedCodeException.class);
    new BitReader(new byte[0]).expectPadding();
  }
}
