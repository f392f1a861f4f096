package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Credentials;
import java.io.Serializable;

/**
 * One thing that is wrong with a configuration. Credentials in it are masked, and so are values of
 * keys that are likely to be some; what is very long is cut off.
 *
 * @param key the whole key; empty if the problem is not one key's
 * @param value what it was set to, as HOCON spells it; empty if it is not set
 * @param place where, as {@code file:line}, or {@code --set} for the command line
 * @param message what is wrong, and what would be right
 */
public record SpecProblem(String key, String value, String place, String message)
    implements Serializable {
  private static final int LONGEST = 1000;

  public SpecProblem {
    requireNonNull(key, "key is null");
    requireNonNull(value, "value is null");
    requireNonNull(place, "place is null");
    requireNonNull(message, "message is null");
    value =
        Credentials.areNamed(key) && !value.isEmpty()
            ? Credentials.MASK
            : shortened(Credentials.inMessage(value));
    key = shortened(key);
    place = shortened(Credentials.inMessage(place));
    message = shortened(Credentials.inMessage(message));
  }

  private static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  /** As {@code quantize.bits = 19 (conf/x.conf:14): must be 1 to 8}. */
  @Override
  public String toString() {
    if (key.isEmpty()) {
      return place + ": " + message;
    }
    return key + (value.isEmpty() ? "" : " = " + value) + " (" + place + "): " + message;
  }
}
