package dev.pare.train;

import org.jspecify.annotations.Nullable;

/** A number that goes evenly from one value to another while a student is trained. */
record Ramp(double from, double to) {
  /**
   * @param to null if it stays
   */
  static Ramp of(double from, @Nullable Double to) {
    return new Ramp(from, to == null ? from : to);
  }

  boolean isConstant() {
    return from == to;
  }

  /**
   * @param progress from 0, at the first step, to 1, at the last
   */
  double at(double progress) {
    return isConstant() ? from : from + progress * (to - from);
  }
}
