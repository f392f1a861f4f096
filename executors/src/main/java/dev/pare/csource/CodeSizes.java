package dev.pare.csource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What a program's code takes of a microcontroller's flash: what gcc 12.2 with {@code -Os} makes
 * for a Cortex-M3, which has no unit for floats. Of each function its size is known, in a resource;
 * of calls, what they take on average.
 */
final class CodeSizes {
  /** Of the resource: what the compiler brings for floats, of which any network needs all. */
  static final String COMPILERS = "libgcc";

  private static final int CALL = 6;
  private static final int ARGUMENT = 2;
  private static final int LOOP = 16;

  private final Properties known = new Properties();

  CodeSizes() {
    try (InputStream in = CodeSizes.class.getResourceAsStream("code-sizes.properties")) {
      if (in == null) {
        throw new IllegalStateException("no code-sizes.properties");
      }
      known.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of all functions that a program has, and of what these need of the compiler. */
  long of(Library library) {
    long bytes = size(COMPILERS);
    for (String function : library.functions()) {
      bytes += size(function);
      for (String macro : library.macros()) {
        String more = function + "." + macro;
        if (known.containsKey(more)) {
          bytes += size(more);
        }
      }
    }
    return bytes;
  }

  private int size(String name) {
    String size = known.getProperty(name);
    if (size == null) {
      throw new IllegalStateException("code-sizes.properties has no " + name);
    }
    return Integer.parseInt(size);
  }

  /** Bytes of calls of functions, all together with so many arguments, and of loops around them. */
  static long ofStatements(int calls, int arguments, int loops) {
    return (long) CALL * calls + (long) ARGUMENT * arguments + (long) LOOP * loops;
  }
}
