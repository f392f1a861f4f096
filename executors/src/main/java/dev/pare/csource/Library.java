package dev.pare.csource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The functions that programs call: resources, each named as its function, that include others by
 * {@code #include} lines, as C would; here each comes once, behind what it needs.
 */
final class Library {
  private static final String INCLUDE = "#include \"";

  private final Map<String, String> used = new LinkedHashMap<>();
  private final Set<Switch> switches = new TreeSet<>();

  /** What not every program needs of its functions. */
  enum Switch {
    /** Weights are multiplied by scales of rows or of groups of columns. */
    SCALES,
    /** A code may stand for several weights. */
    WORDS
  }

  /** Adds a function and what it needs. */
  void use(String function) {
    if (!used.containsKey(function)) {
      used.put(function, "");
      String text = read(function);
      StringBuilder own = new StringBuilder();
      for (String line : text.split("\n", -1)) {
        if (line.startsWith(INCLUDE)) {
          use(line.substring(INCLUDE.length(), line.lastIndexOf(".c\"")));
        } else {
          own.append(line).append('\n');
        }
      }
      // Behind those that it needs.
      used.remove(function);
      used.put(function, own.toString().strip());
    }
  }

  void turnOn(Switch needed) {
    switches.add(needed);
  }

  /** All of them. */
  String text() {
    StringBuilder text = new StringBuilder();
    switches.forEach(needed -> text.append("#define ").append(needed).append('\n'));
    if (!switches.isEmpty()) {
      text.append('\n');
    }
    return text + String.join("\n\n", used.values()) + "\n";
  }

  private static String read(String function) {
    try (InputStream in = Library.class.getResourceAsStream(function + ".c")) {
      if (in == null) {
        throw new IllegalArgumentException("no function " + function);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
