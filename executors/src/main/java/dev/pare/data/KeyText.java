package dev.pare.data;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names in the texts of keys, where what differs must look different. */
final class KeyText {
  /** Stands where there is no name. */
  private static final String NONE = "null";

  /** What can be nothing but one name, also among others with commas between them. */
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}_.-](?:[\\p{L}\\p{N}_. -]*[\\p{L}\\p{N}_.-])?");

  private KeyText() {}

  /** In quotes unless it is a plain name, which keys have always had without. */
  static String of(@Nullable String name) {
    if (name == null) {
      return NONE;
    }
    return PLAIN.matcher(name).matches() && !name.equals(NONE)
        ? name
        : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  static String of(List<String> names) {
    return names.stream().map(KeyText::of).toList().toString();
  }
}
