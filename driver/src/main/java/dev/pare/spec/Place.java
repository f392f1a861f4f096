package dev.pare.spec;

import com.typesafe.config.ConfigOrigin;

/** Where a value stands, for people. */
final class Place {
  /** The place of all that was given on the command line. */
  static final String COMMAND_LINE = "--set";

  /** The place of all that a program set. */
  static final String PROGRAM = "the program";

  private static final String MERGED = "merge of ";

  private Place() {}

  /** As {@code conf/x.conf:14}, or {@code conf/x.conf:5-14} for a value made of parts. */
  static String of(ConfigOrigin origin) {
    if (isCommandLine(origin)) {
      return COMMAND_LINE;
    }
    // "conf/x.conf: 14", "conf/x.conf: 14-16", or several such for a value made of others.
    String place = origin.description();
    if (place.startsWith(MERGED)) {
      place = place.substring(MERGED.length()).split(",", 2)[0];
    }
    return place.replaceFirst(": (\\d+(-\\d+)?)$", ":$1");
  }

  /** Whether it was given beside the file, on the command line or by a program. */
  static boolean isBesideFile(ConfigOrigin origin) {
    String place = origin.description();
    return isCommandLine(origin) || place.equals(PROGRAM) || place.startsWith(PROGRAM + ": ");
  }

  private static boolean isCommandLine(ConfigOrigin origin) {
    return origin.description().startsWith(COMMAND_LINE);
  }
}
