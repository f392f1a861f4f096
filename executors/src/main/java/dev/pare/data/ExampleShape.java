package dev.pare.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

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

  /**
   * Of the examples of an array: rank 2 (examples × features), 3 (examples × height × width) or 4
   * (examples × channels × height × width); none for other ranks.
   *
   * @param dimensions at least 1 each
   */
  static Optional<ExampleShape> ofArray(int[] dimensions) {
    int[] d = dimensions;
    return switch (d.length) {
      case 2 -> Optional.of(new ExampleShape(d[1], 1, 1));
      case 3 -> Optional.of(new ExampleShape(1, d[1], d[2]));
      case 4 -> Optional.of(new ExampleShape(d[1], d[2], d[3]));
      default -> Optional.empty();
    };
  }

  /** How many values one example has. */
  public int size() {
    return channels * height * width;
  }

  /** Whether both have the same sides in the same order, apart from those of 1. */
  boolean hasSidesOf(ExampleShape other) {
    return Arrays.equals(sides(), other.sides());
  }

  private int[] sides() {
    return IntStream.of(channels, height, width).filter(side -> side > 1).toArray();
  }

  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
