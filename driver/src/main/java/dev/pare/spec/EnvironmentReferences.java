package dev.pare.spec;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.pare.candidate.Credentials;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References to environment variables in a resolved configuration. They stand there, between two
 * control characters, in place of the variables' values, which are looked up where a setting is
 * read: so none gets into a message or a text that is kept.
 */
final class EnvironmentReferences {
  private static final char OPEN = '\u0001';
  private static final char CLOSE = '\u0002';

  /** As it stands, or as JSON escapes it. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:\u0001|\\\\u0001)([^\u0002\\\\]*)(?:\u0002|\\\\u0002)");

  private static final Pattern EMPTY_TEXT = Pattern.compile("(?<!\\\\)\"\"(?=\\$\\{)|(?<=\\})\"\"");

  private EnvironmentReferences() {}

  /** Of every variable that is set. */
  static ConfigResolver resolver() {
    return new ConfigResolver() {
      @Override
      public @Nullable ConfigValue lookup(String path) {
        if (System.getenv(path) == null) {
          return null;
        }
        Credentials.referTo(path);
        return ConfigValueFactory.fromAnyRef(OPEN + path + CLOSE, "env var " + path);
      }

      @Override
      public ConfigResolver withFallback(ConfigResolver fallback) {
        return this;
      }
    };
  }

  /** Whether there are any in a text. */
  static boolean in(String text) {
    return REFERENCE.matcher(text).find();
  }

  /** The text with the variables' values. */
  static String values(String text) {
    return replaced(text, name -> String.valueOf(System.getenv(name)));
  }

  /** The text with the values of variables, but for those that are likely to be credentials. */
  static String harmlessValues(String text) {
    return replaced(
        text,
        name ->
            Credentials.areNamed(name) ? "${" + name + "}" : String.valueOf(System.getenv(name)));
  }

  /** The text with {@code ${NAME}} for each. */
  static String names(String text) {
    return replaced(text, name -> "${" + name + "}");
  }

  /** Rendered HOCON whose quoted texts have them, as HOCON that refers to the variables. */
  static String hocon(String rendered) {
    return EMPTY_TEXT.matcher(replaced(rendered, name -> "\"${" + name + "}\"")).replaceAll("");
  }

  private static String replaced(String text, UnaryOperator<String> replacement) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found.group(1))));
  }
}
