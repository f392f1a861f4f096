package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long a configuration becomes when its references are replaced: never less than it will be.
 * HOCON itself replaces whatever it is asked to, and 40 lines that each name the one before twice
 * come to a terabyte.
 */
final class Expansion {
  /** Most characters that a configuration may have, references replaced. */
  static final int MOST = 1 << 24;

  private final Node root = new Node("");
  private long total;

  private Expansion() {}

  /** A section, or where {@code value} is not null, all that stands at a key. */
  private static final class Node {
    private final String key;
    private final Map<String, Node> children = new TreeMap<>();
    private @Nullable ConfigValue value;
    private long length = -1;
    private boolean open;

    Node(String key) {
      this.key = key;
    }
  }

  /** What is wrong with an unresolved configuration, if it would become too long. */
  static Optional<SpecProblem> problem(Config unresolved) {
    Expansion expansion = new Expansion();
    try {
      expansion.add(expansion.root, unresolved.root());
      expansion.length(expansion.root);
      return Optional.empty();
    } catch (TooLongException e) {
      return Optional.of(e.problem);
    }
  }

  private void add(Node node, ConfigValue value) {
    if (value instanceof ConfigObject section) {
      try {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
          String name = ConfigUtil.joinPath(entry.getKey());
          Node child = new Node(node.key.isEmpty() ? name : node.key + "." + name);
          node.children.put(entry.getKey(), child);
          add(child, entry.getValue());
        }
        return;
      } catch (ConfigException.NotResolved e) {
        // A section that begins with a reference.
      }
    }
    node.value = value;
  }

  private long length(Node node) {
    ConfigValue value = node.value;
    if (value == null) {
      long sum = 0;
      for (Node child : node.children.values()) {
        sum = Math.min(sum + 1 + length(child), MOST + 1);
      }
      return sum;
    }
    if (node.length < 0) {
      node.open = true;
      node.length = length(node, value);
      node.open = false;
      total += node.length;
      if (total > MOST) {
        throw tooLong(
            node, value, "makes the configuration longer than " + MOST + " characters, or may");
      }
    }
    return node.length;
  }

  private long length(Node node, ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise());
    long length = text.length();
    int ofItself = 0;
    for (String path : references(text)) {
      Node other = find(path);
      if (other == node) {
        ofItself++;
      } else if (other != null && other.open) {
        throw tooLong(node, value, "refers to itself by way of ${" + path + "}");
      } else if (other != null) {
        length = Math.min(length + length(other), MOST + 1);
      }
    }
    // At each of these references it stands for all that came before.
    for (int i = 0; i < ofItself && length <= MOST; i++) {
      length *= 2;
    }
    return length;
  }

  /** The paths in {@code ${…}} and {@code ${?…}} that are not within quotes. */
  private static List<String> references(String text) {
    List<String> paths = new ArrayList<>();
    boolean quoted = false;
    int start = -1;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (quoted && character == '\\') {
        i++;
      } else if (character == '"') {
        quoted = !quoted;
      } else if (!quoted && start < 0 && text.startsWith("${", i)) {
        start = i + (text.startsWith("?", i + 2) ? 3 : 2);
      } else if (!quoted && start >= 0 && character == '}') {
        paths.add(text.substring(start, i));
        start = -1;
      }
    }
    return paths;
  }

  /** In an included file the first sections of a path may be those that the file is included in. */
  private @Nullable Node find(String path) {
    List<String> names = ConfigUtil.splitPath(path);
    for (int first = 0; first < names.size(); first++) {
      Node node = root;
      for (String name : names.subList(first, names.size())) {
        Node child = node.value == null ? node.children.get(name) : node;
        if (child == null) {
          node = root;
          break;
        }
        node = child;
      }
      if (node != root) {
        return node;
      }
    }
    return null;
  }

  private static TooLongException tooLong(Node node, ConfigValue value, String message) {
    return new TooLongException(new SpecProblem(node.key, "", Place.of(value.origin()), message));
  }

  private static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient SpecProblem problem;

    TooLongException(SpecProblem problem) {
      super(problem.message(), null, false, false);
      this.problem = problem;
    }
  }
}
