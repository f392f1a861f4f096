package dev.pare.candidate;

import java.util.Locale;

/** How configurations and reports spell constants: lower-case words between hyphens. */
public final class Spelling {
  private Spelling() {}

  /** The words of a constant. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant's name of words. */
  static String constant(String words) {
    return words.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
