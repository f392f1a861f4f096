package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Test {
  @Test
  void everyHalfHasTheValueThatItsBitsSay() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >>> 10 & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 0
              ? fraction * 0x1p-24
              : exponent < 31
                  ? (1024 + fraction) * Math.pow(2, exponent - 25)
                  : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      double expected = bits >= 1 << 15 ? -magnitude : magnitude;
      assertThat((double) Float16.toFloat((short) bits)).isEqualTo(Double.valueOf(expected));
    }
  }

  @Test
  void everyHalfComesBackFromItsValue() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float16.toFloat((short) bits);
      boolean signaling = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0 && (bits & 0x200) == 0;
      assertThat(Float16.of(value)).isEqualTo((short) (signaling ? bits | 0x200 : bits));
    }
  }

  @Test
  void floatsGoToTheNearestHalfAndFromTheMiddleToTheEvenOne() {
    // What is right at, beside and between all neighbours is right everywhere: rounding is
    // monotonic.
    for (int bits = 0; bits < 0x7C00; bits++) {
      short below = (short) bits;
      short above = (short) (bits + 1);
      // What would come after the greatest half, were there no infinity.
      float next = bits == 0x7BFF ? 65_536f : Float16.toFloat(above);
      float middle = (float) ((Float16.toFloat(below) + (double) next) / 2);
      short even = bits % 2 == 0 ? below : above;
      assertRounds(middle, even);
      assertRounds(Math.nextDown(middle), below);
      assertRounds(Math.nextUp(middle), above);
    }
    assertRounds(Float.MIN_VALUE, (short) 0);
    assertRounds(Float.MAX_VALUE, (short) 0x7C00);
  }

  @Test
  void exactnessIsToTheBit() {
    assertThat(Float16.areExact(new float[] {0, -0f, 1.5f, -65_504, 0x1p-24f})).isTrue();
    assertThat(Float16.areExact(new float[] {0.1f})).isFalse();
    assertThat(Float16.areExact(new float[] {65_505})).isFalse();
    assertThat(Float16.areExact(new float[] {Float.intBitsToFloat(0x7FC0_0001)})).isFalse();
  }

  private static void assertRounds(float value, short half) {
    assertThat(Float16.of(value)).as("%s", value).isEqualTo(half);
    assertThat(Float16.of(-value)).as("%s", -value).isEqualTo((short) (half | 0x8000));
  }
}
