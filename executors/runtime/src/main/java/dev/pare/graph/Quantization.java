package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Rounds each number to one of 256 levels: an activation of 8 bits (Jacob et al. 2018). Level q
 * stands for {@code (q − zeroPoint) · scale}, so that 0 is exact; what lies beyond the first or the
 * last level becomes that.
 *
 * <p>As in ONNX's QuantizeLinear and DequantizeLinear the level of x is {@code x / scale}, in float
 * arithmetic, rounded to the nearest whole number, to the even one of two, plus the zero point.
 *
 * @param scale from one level to the next
 * @param zeroPoint the level of 0, 0 to 255
 */
public record Quantization(float scale, int zeroPoint) implements Layer {
  /** The last level; the first is 0. */
  public static final int LAST_LEVEL = 255;

  public Quantization {
    if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE / (LAST_LEVEL + 1))) {
      throw new IllegalArgumentException(
          "scale = %s: must be %s to %s"
              .formatted(scale, Float.MIN_NORMAL, Float.MAX_VALUE / (LAST_LEVEL + 1)));
    }
    if (zeroPoint < 0 || zeroPoint > LAST_LEVEL) {
      throw new IllegalArgumentException(
          "zero point = " + zeroPoint + ": must be 0 to " + LAST_LEVEL);
    }
  }

  /**
   * The one whose levels reach from {@code low} to {@code high}, or a little farther for 0 to be
   * one.
   *
   * @param low at most 0
   * @param high at least 0
   */
  public static Quantization between(double low, double high) {
    float scale = (float) ((high - low) / LAST_LEVEL);
    return scale >= Float.MIN_NORMAL
        ? new Quantization(scale, (int) Math.min(LAST_LEVEL, Math.round(-low / scale)))
        : new Quantization(1, 0);
  }

  /** Whether an architecture has activations of 8 bits. */
  public static boolean isIn(Architecture architecture) {
    return architecture.layers().stream().anyMatch(Quantization.class::isInstance);
  }

  /**
   * How many levels a number is above 0: its level less the zero point.
   *
   * @return 0 of what is no number
   */
  public int steps(float number) {
    double steps = Math.rint(number / scale);
    return (int) Math.max(-zeroPoint, Math.min(LAST_LEVEL - zeroPoint, steps));
  }

  /** The number that the nearest level stands for. */
  public float of(float number) {
    return steps(number) * scale;
  }

  @Override
  public String title() {
    return "8-bit quantization";
  }

  @Override
  public String summary() {
    return "8 bits, scale %s, zero point %d".formatted(scale, zeroPoint);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return OptionalDouble.of(of((float) number));
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs || zeroPoint == 0;
  }

  @Override
  public boolean isContinuous() {
    return false;
  }

  @Override
  public boolean makesZeros() {
    return zeroPoint == 0;
  }
}
