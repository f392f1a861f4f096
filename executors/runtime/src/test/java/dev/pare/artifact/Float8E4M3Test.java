package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.codec.RandomSeed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Float8E4M3Test {
  private static final byte NOT_A_NUMBER = 0x7F;

  @Test
  void everyQuarterHasTheValueThatItsBitsSayAndComesBackFromIt() {
    for (int bits = 0; bits < 1 << 8; bits++) {
      int exponent = bits >>> 3 & 15;
      int fraction = bits & 7;
      double magnitude =
          exponent == 0
              ? fraction * 0x1p-9
              : exponent == 15 && fraction == 7
                  ? Double.NaN
                  : (8 + fraction) * Math.pow(2, exponent - 10);
      double expected = bits >= 1 << 7 ? -magnitude : magnitude;
      float value = Float8E4M3.toFloat((byte) bits);
      assertThat((double) value).isEqualTo(Double.valueOf(expected));
      if (!Float.isNaN(value)) {
        assertThat(Float8E4M3.of(value)).isEqualTo((byte) bits);
      }
    }
    assertThat(Float8E4M3.of(Float.NaN)).isEqualTo(NOT_A_NUMBER);
  }

  @Test
  void floatsGoToTheNearestQuarterAndFromTheMiddleToTheEvenOne() {
    for (int bits = 0; bits < 0x7E; bits++) {
      byte below = (byte) bits;
      byte above = (byte) (bits + 1);
      float middle = (Float8E4M3.toFloat(below) + Float8E4M3.toFloat(above)) / 2;
      assertRounds(middle, bits % 2 == 0 ? below : above);
      assertRounds(Math.nextDown(middle), below);
      assertRounds(Math.nextUp(middle), above);
    }
    assertRounds(Float.MAX_VALUE, (byte) 0x7E);
    assertRounds(464, (byte) 0x7E);
    assertRounds(Float.MIN_VALUE, (byte) 0);
  }

  private static void assertRounds(float value, byte quarter) {
    assertThat(Float8E4M3.of(value)).as("%s", value).isEqualTo(quarter);
    assertThat(Float8E4M3.of(-value)).as("%s", -value).isEqualTo((byte) (quarter | 0x80));
  }

  @Test
  void valuesAreKeptToASixteenthWhateverTheirScale() {
    SplittableRandom random = RandomSeed.random("scale");
    for (int scale = -150; scale < 128; scale++) {
      float[] values = new float[20];
      double largest = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * Math.pow(2, scale));
        largest = Math.max(largest, Math.abs(values[i]));
      }
      float[] rounded = Float8E4M3.rounded(values);
      for (int i = 0; i < values.length; i++) {
        double bound = Math.max(Math.abs(values[i]) / 16.0, Math.max(largest, 0x1p-120) * 0x1p-17);
        assertThat(Math.abs((double) rounded[i] - values[i])).isLessThanOrEqualTo(bound);
      }
      assertThat(Float8E4M3.areExact(rounded)).isTrue();
      assertThat(Float8E4M3.rounded(rounded)).containsExactly(rounded);
      ByteSink out = new ByteSink();
      out.writeQuarters(rounded);
      byte[] bytes = out.toBytes();
      assertThat(bytes).hasSize(rounded.length + 1);
      assertThat(
              new ByteSource(bytes, 0, bytes.length, MalformedArtifactException.Fault.TRUNCATED)
                  .readQuarters(rounded.length))
          .containsExactly(rounded);
    }
  }

  @Test
  void exactnessIsToTheBit() {
    assertThat(Float8E4M3.areExact(new float[] {0, -0f, 1.5f, -0.125f})).isTrue();
    assertThat(Float8E4M3.areExact(new float[] {480, 1})).isTrue();
    assertThat(Float8E4M3.areExact(new float[] {0.1f, 1})).isFalse();
    assertThat(Float8E4M3.areExact(new float[] {Float.NaN})).isFalse();
    assertThat(Float8E4M3.areExact(new float[] {Float.POSITIVE_INFINITY, 1})).isFalse();
    assertThat(Float8E4M3.areExact(new float[] {Float.MAX_VALUE})).isFalse();
  }
}
