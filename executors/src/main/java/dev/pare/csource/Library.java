package dev.pare.csource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The functions that programs call: resources, each named as its function, that include others by
 * {@code #include} lines, as C would; here each comes once, behind what it needs.
 */
final class Library {
  private static final String INCLUDE = "#include \"";

  private final Set<String> first = new LinkedHashSet<>();
  private final Set<String> called = new LinkedHashSet<>();
  private final Map<String, Long> macros = new TreeMap<>();

  /** Adds a function and what it needs. */
  void use(String function) {
    called.add(function);
  }

  /** Adds a function that others may need, though they do not include it. */
  void useFirst(String function) {
    first.add(function);
  }

  /** Defines a macro, for what not every program needs of its functions. */
  void define(String macro) {
    define(macro, 1);
  }

  /** Defines a macro as a size, if it is not defined as a larger one. */
  void define(String macro, long size) {
    macros.merge(macro, size, Math::max);
  }

  /** Whether a macro is defined. */
  boolean isDefined(String macro) {
    return macros.containsKey(macro);
  }

  /** What a macro is defined as; 0 if it is not. */
  long size(String macro) {
    return macros.getOrDefault(macro, 0L);
  }

  /** What a matrix takes besides its tables where addresses have 32 bits. */
  int matrixBytes() {
    int pairs = 0;
    for (String macro : List.of("LEVELS", "SCALES", "WORDS")) {
      pairs += isDefined(macro) ? 1 : 0;
    }
    return 20 + 8 * pairs + (isDefined("CODED") ? 4 : 0);
  }

  /** The functions' names, each behind what it needs. */
  Set<String> functions() {
    Set<String> found = new LinkedHashSet<>();
    first.forEach(function -> find(function, found));
    called.forEach(function -> find(function, found));
    return found;
  }

  /** The macros that are defined. */
  Set<String> macros() {
    return Set.copyOf(macros.keySet());
  }

  /** All of them. */
  String text() {
    StringBuilder text = new StringBuilder();
    macros.forEach((macro, size) -> text.append("#define %s %d\n".formatted(macro, size)));
    for (String function : functions()) {
      String own =
          read(function)
              .lines()
              .filter(line -> !line.startsWith(INCLUDE))
              .collect(Collectors.joining("\n"));
      text.append('\n').append(own.strip()).append('\n');
    }
    return text.toString();
  }

  private static void find(String function, Set<String> found) {
    if (found.contains(function)) {
      return;
    }
    read(function)
        .lines()
        .filter(line -> line.startsWith(INCLUDE))
        .forEach(line -> find(line.substring(INCLUDE.length(), line.lastIndexOf(".c\"")), found));
    found.add(function);
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
