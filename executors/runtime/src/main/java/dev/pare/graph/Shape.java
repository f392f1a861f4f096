package dev.pare.graph;

import java.io.Serializable;

/** Channels, height and width of what flows between layers. */
public record Shape(int channels, int height, int width) implements Serializable {
  public Shape {
    if ((long) channels * height > Integer.MAX_VALUE / width) {
      throw new IllegalArgumentException(
          "a shape of " + channels + "×" + height + "×" + width + ": more than 2³¹ − 1 numbers");
    }
  }

  /** How many numbers that is. */
  public int size() {
    return channels * height * width;
  }

  /** How many places a channel has. */
  public int places() {
    return height * width;
  }

  /** Whether it has a single place, as vectors do. */
  public boolean isPoint() {
    return height == 1 && width == 1;
  }

  @Override
  public String toString() {
    return channels + "×" + height + "×" + width;
  }
}
