package dev.pare.candidate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/** Keeps credentials out of texts that people read or that are stored beside results. */
public final class Credentials {
  /** Stands where a credential was. */
  public static final String MASK = "***";

  /** A password may hold the sign that ends it, but not the next URI. */
  private static final String TO_LAST_AT = "(?:(?!://)[^\\s\"'])*@";

  /** 80, 443, and those that services take which are not the system's own: 1024 to 65535. */
  private static final String PORT =
      "(?:80|443|102[4-9]|10[3-9]\\d|1[1-9]\\d\\d|[2-9]\\d{3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])";

  // Between a host's colon and a slash stands a port; buckets have none, and those who log in by
  // FTP are named before the host. Digits and slashes alone before an @ are rather a password than
  // a port and a path, and a host with a port after it is in no path.
  private static final Pattern IN_AUTHORITY =
      Pattern.compile(
          "(?<=s3[an]?://|s?ftp://)[^\\s/@:\"']*:"
              + TO_LAST_AT
              + "|(?<=https?://)[^\\s/@:\"']+@"
              + "|(?<=://)[^\\s/@:\"']*:(?!"
              + PORT
              + "/(?!/*\\d[\\d/]*@|(?:(?!://)[^\\s\"'])*@[^\\s/@:\"']+:\\d+(?:/|$)))"
              + TO_LAST_AT);

  private static final String WORDS = "pass|pwd|secret|token|credential|key|auth|signature";

  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)([?&][^\\s=&]*(?:" + WORDS + "|sig)[^\\s=&]*=)[^\\s&\"']+");

  private static final Pattern NAME = Pattern.compile("(?i)" + WORDS);

  private static final int SHORTEST = 6;

  private static final Comparator<String> LONG_ONES_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private static final List<String> OF_ENVIRONMENT = values(System.getenv());

  /** Names of the variables that configurations have referred to, by their values. */
  private static final Map<String, String> REFERRED = new ConcurrentSkipListMap<>(LONG_ONES_FIRST);

  private Credentials() {}

  /**
   * A text with {@code user:password@} and secret parameters of its URIs masked, and with the
   * values of environment variables that are likely to be credentials by their names.
   */
  public static String masked(String text) {
    return masked(text, OF_ENVIRONMENT);
  }

  /**
   * The same, for texts that people read and no program does: with {@code ${NAME}} for the value of
   * each environment variable that a configuration has referred to in this process, whatever its
   * name. Short values stay.
   */
  public static String inMessage(String text) {
    String shown = masked(text);
    for (Map.Entry<String, String> variable : REFERRED.entrySet()) {
      shown = shown.replace(variable.getKey(), "${" + variable.getValue() + "}");
    }
    return shown;
  }

  /** Says that a configuration refers to an environment variable that is set. */
  public static void referTo(String variable) {
    String value = System.getenv(variable);
    if (value != null && value.length() >= SHORTEST) {
      REFERRED.putIfAbsent(value, variable);
    }
  }

  static String masked(String text, List<String> values) {
    String masked = IN_AUTHORITY.matcher(text).replaceAll(MASK + "@");
    masked = IN_QUERY.matcher(masked).replaceAll("$1" + MASK);
    for (String value : values) {
      masked = masked.replace(value, MASK);
    }
    return masked;
  }

  /** The values, long ones first. Short ones would mask parts of words, and paths name files. */
  static List<String> values(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(variable -> areNamed(variable.getKey()))
        .map(Map.Entry::getValue)
        .filter(value -> value.length() >= SHORTEST && !value.startsWith("/"))
        .sorted(LONG_ONES_FIRST)
        .toList();
  }

  /** Whether what has this name is likely to be a credential. */
  public static boolean areNamed(String name) {
    return NAME.matcher(name).find();
  }
}
