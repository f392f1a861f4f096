package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** From HOCON text in files and on the command line to one resolved configuration. */
final class SpecSource {
  /** The one key that is no setting: a variable for the paths of the others. */
  static final String DATA_DIR = "data-dir";

  private static final String REFERENCE = "pare-reference.conf";

  private final List<SpecProblem> problems = new ArrayList<>();

  private SpecSource() {}

  static SweepSpec load(String conf, List<String> overrides) {
    SpecSource source = new SpecSource();
    List<Config> given = overrides.stream().map(source::override).toList();
    Config config = source.parse(conf);
    for (Config override : given) {
      config = override.withFallback(config);
    }
    Config resolved = source.resolve(config.withFallback(reference()), conf);
    Settings settings = new Settings(resolved, Locations.folderOf(conf), conf, source.problems);
    return SpecReader.read(settings, nameOf(conf));
  }

  /** The defaults. */
  static Config reference() {
    return ConfigFactory.parseResources(SpecSource.class, REFERENCE);
  }

  private static String nameOf(String conf) {
    String file = conf.substring(conf.lastIndexOf('/') + 1);
    return file.endsWith(".conf") ? file.substring(0, file.length() - ".conf".length()) : file;
  }

  private Config parse(String conf) {
    try {
      if (Locations.hasScheme(conf)) {
        Path path = new Path(conf);
        try (Reader reader =
            new InputStreamReader(
                path.getFileSystem(new Configuration()).open(path), StandardCharsets.UTF_8)) {
          return ConfigFactory.parseReader(
              reader, ConfigParseOptions.defaults().setOriginDescription(conf));
        }
      }
      if (!Files.isRegularFile(java.nio.file.Path.of(conf))) {
        throw failed(conf, "there is no such file");
      }
      return ConfigFactory.parseFile(java.nio.file.Path.of(conf).toFile());
    } catch (ConfigException e) {
      throw failed(place(e, conf), message(e));
    } catch (IOException e) {
      throw failed(conf, "cannot be read: " + e.getMessage());
    }
  }

  private Config resolve(Config config, String conf) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw failed(place(e, conf), message(e));
    }
  }

  private Config override(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      problems.add(new SpecProblem("", "", Place.COMMAND_LINE + " " + text, "must be key=value"));
      return ConfigFactory.empty();
    }
    String key = text.substring(0, equals).trim();
    String value = text.substring(equals + 1).trim();
    try {
      // To HOCON the slashes of a URI begin a comment.
      Config config =
          Locations.hasScheme(value)
              ? ConfigValueFactory.fromAnyRef(value, Place.COMMAND_LINE).atPath(key)
              : ConfigFactory.parseString(
                  key + " = " + value,
                  ConfigParseOptions.defaults().setOriginDescription(Place.COMMAND_LINE));
      return key.equals(DATA_DIR) ? absolute(config) : config;
    } catch (ConfigException e) {
      problems.add(new SpecProblem(key, value, Place.COMMAND_LINE, message(e)));
      return ConfigFactory.empty();
    }
  }

  /** The paths that begin with it would otherwise start from the configuration's folder. */
  private static Config absolute(Config config) {
    if (!config.isResolved() || config.getValue(DATA_DIR).valueType() != ConfigValueType.STRING) {
      return config;
    }
    String location = Locations.within("", config.getString(DATA_DIR));
    return config.withValue(DATA_DIR, ConfigValueFactory.fromAnyRef(location, Place.COMMAND_LINE));
  }

  private InvalidSpecException failed(String place, String message) {
    problems.add(new SpecProblem("", "", place, message));
    return new InvalidSpecException(problems);
  }

  private static String place(ConfigException e, String conf) {
    ConfigOrigin origin = e.origin();
    return origin == null ? conf : Place.of(origin);
  }

  /** What HOCON has to say, less the place that it begins with. */
  private static String message(ConfigException e) {
    ConfigOrigin origin = e.origin();
    String message = String.valueOf(e.getMessage());
    String prefix = origin == null ? "" : origin.description() + ": ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }
}
