package dev.pare.graph;

import java.io.Serializable;

/**
 * What a network reads: {@code channels × height × width} numbers, channel-major, each divided by
 * {@code divisor} first. Features without a spatial order have {@code height = width = 1}.
 *
 * @param divisor what raw feature values are divided by before the first layer, for instance 255
 *     for image bytes
 */
public record InputShape(int channels, int height, int width, float divisor)
    implements Serializable {
  public InputShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "input shape " + channels + "×" + height + "×" + width + ": sides must be at least 1");
    }
    if ((long) channels * height > Integer.MAX_VALUE / width) {
      throw new IllegalArgumentException(
          "input shape " + channels + "×" + height + "×" + width + ": more than 2³¹ − 1 numbers");
    }
    if (!(divisor > 0 && divisor <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("divisor = " + divisor + ": must be positive and finite");
    }
  }

  /** How many numbers one example has. */
  public int size() {
    return channels * height * width;
  }
}
