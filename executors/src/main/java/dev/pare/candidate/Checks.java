package dev.pare.candidate;

import java.util.regex.Pattern;

/** Range checks of settings; the message names the setting as the configuration spells it. */
final class Checks {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private Checks() {}

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least " + least);
    }
  }

  static void between(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      String range =
          most == Double.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
      throw new IllegalArgumentException(name + " = " + value + ": must be " + range);
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0 && value <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(name + " = " + value + ": must be positive and finite");
    }
  }

  /** What a registry may know something by. */
  static void name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\": must be lower-case words between hyphens");
    }
  }
}
