package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.pare.data.FilePaths;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** From HOCON text in files, on the command line and in programs to one resolved configuration. */
final class SpecSource {
  /** The one key that is no setting: a variable for the paths of the others. */
  static final String DATA_DIR = "data-dir";

  private static final String REFERENCE = "pare-reference.conf";

  // Values that are more than the text they are, and numbers that are spelled as they would be.
  private static final Pattern HOCON =
      Pattern.compile("^[\\[{\"]|\\$\\{|^null$|^-?(0|[1-9]\\d{0,8})(\\.\\d{0,8}[1-9])?$");

  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):");

  /** File systems that configurations include from; others may ask anybody on the web. */
  private static final Set<String> FILE_SYSTEMS =
      Set.of("file", "hdfs", "viewfs", "ofs", "o3fs", "s3", "s3a", "gs", "abfs", "abfss");

  /** Files that include one another several times each would never be read. */
  private static final int MOST_INCLUDED = 100;

  private final List<SpecProblem> problems = new ArrayList<>();
  // Included files that are being read.
  private final Deque<String> open = new ArrayDeque<>();
  private int included;
  private @Nullable Configuration hadoop;

  private SpecSource() {}

  /** A piece of a configuration, made where its problems are known. */
  interface Piece {
    Config in(SpecSource source);
  }

  static SweepSpec load(String conf, List<String> overrides) {
    return load(conf, overrides.stream().<Piece>map(text -> source -> source.override(text)));
  }

  /**
   * @param overrides later ones win
   */
  static SweepSpec load(String conf, Stream<Piece> overrides) {
    return load(conf, file -> file, overrides);
  }

  /** A specification that has of a file what says where the data are and how they are judged. */
  static SweepSpec loadData(String conf, Stream<Piece> pieces) {
    return load(
        conf,
        file ->
            Stream.of(DATA_DIR, "data", "sweep.metric")
                .map(file::withOnlyPath)
                .reduce(ConfigFactory.empty(), Config::withFallback),
        pieces);
  }

  private static SweepSpec load(String conf, UnaryOperator<Config> part, Stream<Piece> overrides) {
    SpecSource source = new SpecSource();
    return source.nested(
        conf,
        () -> {
          List<Config> given = source.all(overrides);
          return source.read(
              part.apply(source.parse(conf)), given, Locations.folderOf(conf), conf, nameOf(conf));
        });
  }

  /** A specification without a file. */
  static SweepSpec of(Stream<Piece> pieces) {
    SpecSource source = new SpecSource();
    return source.nested(
        Place.PROGRAM,
        () ->
            source.read(
                ConfigFactory.empty(), source.all(pieces), "", Place.PROGRAM, SweepSpec.UNNAMED));
  }

  /** HOCON is read recursively, as deep as it is nested. */
  private SweepSpec nested(String place, Supplier<SweepSpec> reading) {
    try {
      return reading.get();
    } catch (StackOverflowError e) {
      throw failed(place, "is nested too deeply to be read");
    }
  }

  private List<Config> all(Stream<Piece> pieces) {
    return pieces.map(piece -> piece.in(this)).toList();
  }

  private SweepSpec read(
      Config file, List<Config> given, String folder, String source, String name) {
    Config config = file;
    for (Config override : given) {
      config = override.withFallback(config);
    }
    Config resolved =
        new EarlierNames(problems).current(resolve(config.withFallback(reference()), source));
    return SpecReader.read(new Settings(resolved, folder, source, problems), name);
  }

  /** The defaults. */
  static Config reference() {
    return ConfigFactory.parseResources(SpecSource.class, REFERENCE);
  }

  /** Whether a value comes from {@link #reference}. */
  static boolean isDefault(ConfigOrigin origin) {
    return origin.resource() != null && origin.resource().endsWith(REFERENCE);
  }

  private static String nameOf(String conf) {
    String file = conf.substring(conf.lastIndexOf('/') + 1);
    return file.endsWith(".conf") ? file.substring(0, file.length() - ".conf".length()) : file;
  }

  private Config parse(String conf) {
    try {
      if (Locations.hasScheme(conf)) {
        Path path = new Path(conf);
        FileSystem fileSystem = path.getFileSystem(hadoop());
        checkLength(conf, fileSystem.getFileStatus(path).getLen());
        try (Reader reader =
            new InputStreamReader(FilePaths.open(fileSystem, path), StandardCharsets.UTF_8)) {
          return ConfigFactory.parseReader(reader, including(conf).setOriginDescription(conf));
        }
      }
      java.nio.file.Path file = java.nio.file.Path.of(conf);
      if (!Files.isRegularFile(file)) {
        throw failed(conf, "there is no such file");
      }
      checkLength(conf, Files.size(file));
      return ConfigFactory.parseFile(file.toFile(), including(conf));
    } catch (ConfigException e) {
      throw failed(place(e, conf), message(e));
    } catch (IOException e) {
      throw failed(conf, "cannot be read: " + e.getMessage());
    }
  }

  /** Read once, and only where a file needs it: it takes as long as many files. */
  private Configuration hadoop() {
    Configuration loaded = hadoop == null ? HadoopSettings.load() : hadoop;
    hadoop = loaded;
    return loaded;
  }

  private void checkLength(String conf, long bytes) {
    if (bytes > Expansion.MOST) {
      throw failed(conf, "has " + bytes + " bytes: must have at most " + Expansion.MOST);
    }
  }

  private ConfigParseOptions including(String conf) {
    return ConfigParseOptions.defaults().setIncluder(new Includer(conf, Locations.folderOf(conf)));
  }

  /** Of text that is in no file. */
  private ConfigParseOptions describedAs(String place) {
    return ConfigParseOptions.defaults()
        .setOriginDescription(place)
        .setIncluder(new Includer(place, ""));
  }

  /**
   * A file that includes one has it in its own folder, and needs it: HOCON would do without. Files
   * alone are included: to read a configuration must not fetch anything from the web.
   */
  private final class Includer
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private final String conf;
    private final String folder;

    Includer(String conf, String folder) {
      this.conf = conf;
      this.folder = folder;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
      Matcher scheme = SCHEME.matcher(name);
      if (scheme.find() && !FILE_SYSTEMS.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
        throw failed(conf, "includes " + name + ": configurations are not read from the web");
      }
      String file = Locations.within(folder, name);
      if (open.contains(file)) {
        throw failed(conf, "includes " + file + ", which is including it");
      }
      if (++included > MOST_INCLUDED) {
        throw failed(conf, "includes " + file + ": more than " + MOST_INCLUDED + " inclusions");
      }
      open.push(file);
      ConfigObject included = parse(file).root();
      open.pop();
      return included;
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
      return include(context, file.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
      throw failed(conf, "includes url(" + url + "): configurations are not read from the web");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String name) {
      throw failed(conf, "includes classpath(" + name + "): only files can be included");
    }
  }

  private Config resolve(Config config, String conf) {
    Optional<SpecProblem> tooLong = Expansion.problem(config);
    if (tooLong.isPresent()) {
      problems.add(tooLong.get());
      throw new InvalidSpecException(problems);
    }
    try {
      return config.resolve(
          ConfigResolveOptions.noSystem().appendResolver(EnvironmentReferences.resolver()));
    } catch (ConfigException e) {
      throw failed(place(e, conf), message(e));
    }
  }

  Config override(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      return none(
          new SpecProblem("", "", Place.COMMAND_LINE, "must be key=value, as in student.epochs=5"));
    }
    String key = text.substring(0, equals).trim();
    String value = text.substring(equals + 1).trim();
    try {
      // To HOCON slashes begin a comment, and 2026.10 is the number 2026.1.
      Config config =
          key.contains("{") || HOCON.matcher(value).find()
              ? ConfigFactory.parseString(key + " = " + value, describedAs(Place.COMMAND_LINE))
              : ConfigValueFactory.fromAnyRef(value, Place.COMMAND_LINE).atPath(key);
      return absolute(config);
    } catch (ConfigException e) {
      return none(new SpecProblem(key, "", Place.COMMAND_LINE, message(e)));
    }
  }

  /**
   * A key that a program sets.
   *
   * @param value text (as it is), a number, a flag, a constant, or a list of them
   */
  Config value(String key, @Nullable Object value) {
    try {
      return absolute(ConfigValueFactory.fromAnyRef(plain(value), Place.PROGRAM).atPath(key));
    } catch (ConfigException.BugOrBroken e) {
      String type = value == null ? "" : ", not of " + value.getClass().getName();
      return none(
          new SpecProblem(
              key,
              "",
              Place.PROGRAM,
              "must be text, a number, true or false, or a java.util.List of such" + type));
    } catch (ConfigException e) {
      return none(new SpecProblem(key, "", Place.PROGRAM, message(e)));
    }
  }

  /** A piece of HOCON that a program sets. */
  Config text(String hocon) {
    try {
      return absolute(ConfigFactory.parseString(hocon, describedAs(Place.PROGRAM)));
    } catch (ConfigException e) {
      return none(new SpecProblem("", "", place(e, Place.PROGRAM), message(e)));
    }
  }

  /** What HOCON can hold; other things as they are. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      return Domain.format(constant);
    }
    if (value instanceof Iterable<?> elements) {
      List<@Nullable Object> plain = new ArrayList<>();
      elements.forEach(element -> plain.add(plain(element)));
      return plain;
    }
    return value;
  }

  private Config none(SpecProblem problem) {
    problems.add(problem);
    return ConfigFactory.empty();
  }

  /** The paths that begin with it would otherwise start from the configuration's folder. */
  private static Config absolute(Config config) {
    if (!config.root().containsKey(DATA_DIR)) {
      return config;
    }
    ConfigValue folder = config.root().get(DATA_DIR);
    if (folder.valueType() != ConfigValueType.STRING) {
      return config;
    }
    String location = Locations.within("", folder.unwrapped().toString());
    return config.withValue(
        DATA_DIR, ConfigValueFactory.fromAnyRef(location, folder.origin().description()));
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
    return EnvironmentReferences.names(
        message.startsWith(prefix) ? message.substring(prefix.length()) : message);
  }
}
