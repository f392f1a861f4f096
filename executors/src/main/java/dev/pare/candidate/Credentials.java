package dev.pare.candidate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Keeps credentials out of texts that people read or that are stored beside results. */
public final class Credentials {
  /** Stands where a credential was. */
  public static final String MASK = "***";

  /** A password may hold the sign that ends it, but not the next URI. */
  private static final String TO_LAST_AT = "(?:(?!://)[^\\s\"'])*@";

  // A number between a host's colon and a slash is a port; buckets have none.
  private static final Pattern IN_AUTHORITY =
      Pattern.compile(
          "(?<=s3[an]?://)[^\\s/@:\"']*:"
              + TO_LAST_AT
              + "|(?<=https?://)[^\\s/@:\"']+@"
              + "|(?<=://)[^\\s/@:\"']*:(?!\\d+/)"
              + TO_LAST_AT);

  private static final String WORDS = "pass|pwd|secret|token|credential|key|auth|signature";

  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)([?&][^\\s=&]*(?:" + WORDS + "|sig)[^\\s=&]*=)[^\\s&\"']+");

  private static final Pattern NAME = Pattern.compile("(?i)" + WORDS);

  private static final int SHORTEST = 6;

  private static final List<String> OF_ENVIRONMENT = values(System.getenv());

  private Credentials() {}

  /**
   * A text with {@code user:password@} and secret parameters of its URIs masked, and with the
   * values of environment variables that are likely to be credentials by their names.
   */
  public static String masked(String text) {
    return masked(text, OF_ENVIRONMENT);
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
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  /** Whether what has this name is likely to be a credential. */
  public static boolean areNamed(String name) {
    return NAME.matcher(name).find();
  }
}
