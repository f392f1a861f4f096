package dev.pare.report.plot;

import java.util.Locale;

/** The colours of a figure, for light paper. */
enum Ink {
  PAPER(0xFFFFFF),
  TEXT(0x1C2330),
  QUIET(0x5C6675),
  RULE(0xE4E8EE),
  OTHERS(0xB4BDCB),
  FRONTIER(0x0B6E63),
  INTERVAL(0x6FA9A2),
  BAND(0xF6EEDF),
  TEACHER(0xA86400);

  private final int rgb;

  Ink(int rgb) {
    this.rgb = rgb;
  }

  /** Red, green and blue, a byte each. */
  int rgb() {
    return rgb;
  }

  /** As {@code #0b6e63}. */
  String hex() {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
