package dev.pare.graph;

/** Checks of the numbers that layers are made of. */
final class Sizes {
  private Sizes() {}

  static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least 1");
    }
  }

  static void epsilon(float epsilon) {
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "epsilon = " + epsilon + ": must be above 0 and at most 1");
    }
  }
}
