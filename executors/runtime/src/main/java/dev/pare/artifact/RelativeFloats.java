package dev.pare.artifact;

import dev.pare.artifact.FloatTable.Width;
import dev.pare.codec.MalformedCodeException;
import dev.pare.codec.RelativeCode;

/** Floats beside others as bytes: their width, and how far apart they are, counted in floats. */
final class RelativeFloats {
  private RelativeFloats() {}

  static void write(float[] values, float[] others, ByteSink out) {
    Width width = FloatTable.width(values);
    out.writeByte(width.flag());
    int exponent = width == Width.QUARTERS ? Float8E4M3.exponent(values) : 0;
    if (width == Width.QUARTERS) {
      out.writeByte(exponent);
    }
    byte[] code =
        RelativeCode.ofNumbers(
            ordered(values, width, exponent), ordered(others, width, exponent), bits(width));
    out.writeVarint(code.length);
    out.writeBytes(code);
  }

  /**
   * Takes as many floats as there are others.
   *
   * @throws MalformedArtifactException if they are not there
   */
  static float[] read(float[] others, ByteSource in) {
    int flag = in.readByte();
    if ((flag & ~FloatTable.FLAGS) != 0) {
      throw in.invalid("floats of unknown width " + flag);
    }
    Width width = Width.of(flag, in);
    int exponent = width == Width.QUARTERS ? (byte) in.readByte() : 0;
    if (exponent > Float8E4M3.GREATEST_EXPONENT) {
      throw in.invalid("scaled 8-bit floats with exponent " + exponent);
    }
    byte[] code = in.readBytes(in.readVarint());
    int[] numbers;
    try {
      numbers = RelativeCode.numbers(code, ordered(others, width, exponent), bits(width));
    } catch (MalformedCodeException e) {
      throw in.invalid("not a code of floats: " + e.getMessage());
    }
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(numbers[i], width, exponent);
    }
    return values;
  }

  private static int bits(Width width) {
    return (int) (Byte.SIZE * (width.bytes(2) - width.bytes(1)));
  }

  /** Numbers in the order of their floats, those below zero complemented. */
  private static int[] ordered(float[] values, Width width, int exponent) {
    int[] numbers = new int[values.length];
    int shift = Integer.SIZE - bits(width);
    for (int i = 0; i < numbers.length; i++) {
      int coded = Float.floatToRawIntBits(values[i]);
      if (width == Width.HALVES) {
        coded = Float16.of(values[i]);
      } else if (width == Width.QUARTERS) {
        coded = Float8E4M3.of(Math.scalb(values[i], -exponent));
      }
      numbers[i] = flipped(coded << shift) >>> shift;
    }
    return numbers;
  }

  private static float value(int number, Width width, int exponent) {
    int shift = Integer.SIZE - bits(width);
    int coded = flipped(number << shift) >>> shift;
    if (width == Width.HALVES) {
      return Float16.toFloat((short) coded);
    }
    return width == Width.QUARTERS
        ? Math.scalb(Float8E4M3.toFloat((byte) coded), exponent)
        : Float.intBitsToFloat(coded);
  }

  /** Its own inverse: turns the order of what is below zero round. */
  private static int flipped(int bits) {
    return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
  }
}
