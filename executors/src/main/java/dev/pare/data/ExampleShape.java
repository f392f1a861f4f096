package dev.pare.data;

import java.io.Serializable;

/**
 * What one example is, as its file declares it: {@code channels × height × width} values,
 * channel-major. Features without a spatial order have {@code height = width = 1}.
 */
public record ExampleShape(int channels, int height, int width) implements Serializable {
  public ExampleShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape " + channels + "×" + height + "×" + width + ": sides must be at least 1");
    }
    if ((long) channels * height > Integer.MAX_VALUE / width) {
      throw new IllegalArgumentException(
          "shape " + channels + "×" + height + "×" + width + ": more than 2³¹ − 1 values");
    }
  }

  /** How many values one example has. */
  public int size() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
