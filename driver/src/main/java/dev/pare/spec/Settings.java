package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Typed reading of a resolved configuration that goes on after a problem. Every key that was asked
 * for is a valid one; {@link #finish} reports the others.
 */
final class Settings {
  private final Config config;
  private final String folder;
  private final String source;
  private final TreeSet<String> valid = new TreeSet<>();
  private final List<SpecProblem> problems;

  /**
   * @param folder where relative paths start
   * @param source the place of what is missing
   * @param problems those met so far
   */
  Settings(Config config, String folder, String source, List<SpecProblem> problems) {
    this.config = config;
    this.folder = folder;
    this.source = source;
    this.problems = new ArrayList<>(problems);
  }

  /** The value of a key that must have one; the domain's example if it has none or a bad one. */
  <T> T read(String key, Domain<T> domain) {
    Optional<T> value = find(key, domain);
    if (!isPresent(key)) {
      missing(key, "must be set, to " + domain.requirement());
    }
    return value.orElse(domain.example());
  }

  /** The value of a key, if it has one and that is a good one. */
  <T> Optional<T> find(String key, Domain<T> domain) {
    valid.add(key);
    return isPresent(key)
        ? checked(key, config.getValue(key), domain).map(Element::value)
        : Optional.empty();
  }

  /** The path at a key that must have one, made absolute. */
  String readLocation(String key) {
    String location = read(key, Domain.path());
    return isPresent(key) ? absolute(key, location) : location;
  }

  /** The path at a key, made absolute, if it has one. */
  Optional<String> findLocation(String key) {
    return find(key, Domain.path()).map(location -> absolute(key, location));
  }

  private String absolute(String key, String location) {
    boolean beside = Place.isBesideFile(config.getValue(key).origin());
    return Locations.within(beside ? "" : folder, location);
  }

  /** The good elements of the list at a key, if it has one. */
  <T> Optional<List<Element<T>>> findList(String key, Domain<T> domain) {
    valid.add(key);
    if (!isPresent(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    if (!(value instanceof ConfigList list)) {
      reject(key, value, "must be a list, as in [" + Domain.format(domain.example()) + "]");
      return Optional.empty();
    }
    List<Element<T>> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      checked(key + "[" + i + "]", list.get(i), domain).ifPresent(elements::add);
    }
    return Optional.of(elements);
  }

  /** Whether a key has a list without elements. */
  boolean isEmptyList(String key) {
    return config.getValue(key) instanceof ConfigList list && list.isEmpty();
  }

  /** One value of a list, and where it came from. */
  record Element<T>(String key, T value, ConfigValue origin) {}

  private <T> Optional<Element<T>> checked(String key, ConfigValue value, Domain<T> domain) {
    ConfigValueType type = value.valueType();
    boolean scalar =
        type != ConfigValueType.LIST
            && type != ConfigValueType.OBJECT
            && type != ConfigValueType.NULL;
    Optional<T> read = scalar ? domain.read(value.unwrapped()) : Optional.empty();
    if (read.isEmpty()) {
      String lists = type == ConfigValueType.LIST ? "; lists of values belong in space" : "";
      reject(key, value, "must be " + domain.requirement() + lists);
    }
    return read.map(good -> new Element<>(key, good, value));
  }

  /** Whether a key has a value, good or bad. */
  boolean isPresent(String key) {
    return config.hasPath(key);
  }

  /** Adds a problem with the value at a key that has one. */
  void reject(String key, String message) {
    reject(key, config.getValue(key), message);
  }

  /** Adds a problem with a value. */
  void reject(String key, ConfigValue value, String message) {
    String text = value.render(ConfigRenderOptions.concise());
    problems.add(new SpecProblem(key, text, Place.of(value.origin()), message));
  }

  /** Adds the problem that a key has no value. */
  void missing(String key, String message) {
    if (!isCutOff(key)) {
      problems.add(new SpecProblem(key, "", source, message));
    }
  }

  /** Whether a value stands where a section of this key should; that is one problem, not many. */
  private boolean isCutOff(String key) {
    for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
      String section = key.substring(0, dot);
      if (isPresent(section) && !(config.getValue(section) instanceof ConfigObject)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reports keys that nobody asked for, then everything.
   *
   * @throws InvalidSpecException if there was any problem
   */
  void finish() {
    TreeSet<String> sections = new TreeSet<>();
    for (String key : valid) {
      for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
        sections.add(key.substring(0, dot));
      }
    }
    unknown("", config.root(), sections);
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
  }

  private void unknown(String prefix, ConfigObject section, TreeSet<String> sections) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
      String key = prefix + ConfigUtil.joinPath(entry.getKey());
      ConfigValue value = entry.getValue();
      if (valid.contains(key)) {
        continue;
      }
      if (!sections.contains(key) && !holdsOne(value)) {
        TreeSet<String> candidates = value instanceof ConfigObject ? sections : valid;
        reject(key, value, "is no setting; the nearest is " + NearestKey.among(candidates, key));
      } else if (value instanceof ConfigObject object) {
        unknown(key + ".", object, sections);
      } else if (value.valueType() != ConfigValueType.NULL) {
        reject(key, value, "must be a section, as in " + key + " { … }");
      }
    }
  }

  /** Whether it is a section of one setting, which is what a key with a dot makes. */
  private static boolean holdsOne(ConfigValue value) {
    return value instanceof ConfigObject section && section.size() == 1;
  }
}
