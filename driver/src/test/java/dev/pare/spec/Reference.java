package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code pare-reference.conf} as its readers see it: every key, the ones in comments included, with
 * the comment of its paragraph.
 */
final class Reference {
  private static final Pattern OPENING = Pattern.compile("([a-z][a-z0-9-]*) \\{(})?");
  private static final Pattern SETTING = Pattern.compile("([a-z][a-z0-9-]*) = .*");
  private static final Pattern EXAMPLE =
      Pattern.compile("# ([a-z][a-z0-9-]* (?:= (?!\\[$)|\\{ ).*)");
  private static final Pattern EXAMPLES = Pattern.compile("# ([a-z][a-z0-9-]* (?:= \\[|\\{))");

  private final Map<String, List<String>> comments = new TreeMap<>();
  private final Map<String, List<String>> sections = new TreeMap<>();
  private final StringBuilder examples = new StringBuilder();
  private final Deque<String> path = new ArrayDeque<>();
  private List<String> comment = new ArrayList<>();

  private Reference() {}

  static Reference read() throws IOException {
    Reference reference = new Reference();
    List<String> lines = text().lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher several = EXAMPLES.matcher(lines.get(i));
      if (several.matches()) {
        int end = i;
        while (!lines.get(end).matches("# [\\]}]")) {
          end++;
        }
        reference.block(several.group(1), lines.subList(i, end + 1));
        i = end;
      } else {
        reference.line(lines.get(i));
      }
    }
    if (!reference.path.isEmpty()) {
      throw new IOException("not closed: " + reference.path);
    }
    return reference;
  }

  /** All of it. */
  static String text() throws IOException {
    try (InputStream in = SpecSource.class.getResourceAsStream("pare-reference.conf")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The keys that have a value or an example, each with the lines of its comment. */
  Map<String, List<String>> comments() {
    return comments;
  }

  /** What stands within a commented section that is no HOCON, such as that of {@code space}. */
  List<String> section(String name) {
    return sections.getOrDefault(name, List.of());
  }

  /** All values that stand in comments, as if they did not. */
  Config examples() {
    return ConfigFactory.parseString(examples.toString());
  }

  private void line(String line) {
    Matcher opening = OPENING.matcher(line);
    Matcher setting = SETTING.matcher(line);
    Matcher example = EXAMPLE.matcher(line);
    if (line.isEmpty()) {
      comment = new ArrayList<>();
    } else if (example.matches()) {
      example(example.group(1));
    } else if (line.startsWith("#")) {
      comment.add(line.substring(1));
    } else if (opening.matches()) {
      if (opening.group(2) == null) {
        path.addLast(opening.group(1));
      }
      comment = new ArrayList<>();
    } else if (line.equals("}")) {
      path.removeLast();
      comment = new ArrayList<>();
    } else if (setting.matches()) {
      comments.put(within(setting.group(1)), comment);
    } else {
      throw new IllegalArgumentException("neither a setting nor a comment: " + line);
    }
  }

  private String within(String name) {
    return path.isEmpty() ? name : String.join(".", path) + "." + name;
  }

  private void example(String text) {
    // What a path may begin with.
    String folder = "data-dir";
    Config config = ConfigFactory.parseString(folder + " = x\n" + text).resolve();
    config
        .root()
        .forEach(
            (key, value) -> {
              if (!key.equals(folder) || text.startsWith(folder)) {
                keys(within(key), value.unwrapped());
              }
            });
    examples
        .append(path.isEmpty() ? "" : String.join(".", path) + " { ")
        .append(text)
        .append(path.isEmpty() ? "\n" : " }\n");
  }

  private void keys(String key, Object value) {
    if (value instanceof Map<?, ?> section) {
      section.forEach((name, inner) -> keys(key + "." + name, Objects.requireNonNull(inner)));
    } else {
      comments.put(key, comment);
    }
  }

  private void block(String first, List<String> lines) {
    List<String> inner =
        lines.subList(1, lines.size() - 1).stream().map(line -> line.substring(1)).toList();
    if (first.endsWith("{")) {
      sections.put(first.substring(0, first.indexOf(' ')), inner);
    } else {
      example(first + String.join("\n", inner) + "]");
    }
  }
}
