package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.pare.candidate.Credentials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Typed reading of a resolved configuration that goes on after a problem. Every key that was asked
 * for is a valid one; {@link #finish} reports the others.
 */
final class Settings {
  private static final ConfigValue MASKED = ConfigValueFactory.fromAnyRef(Credentials.MASK);

  /** Of a file that is none of ours every line is a problem. */
  private static final int MOST_PROBLEMS = 100;

  private final Config config;
  private final String folder;
  private final String source;
  private final TreeMap<String, String> requirements = new TreeMap<>();
  private final Map<String, String> references = new TreeMap<>();

  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  /** The keys that elements of lists may have, without their indexes. */
  private final Set<String> ofSections = new HashSet<>();

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
    requirements.put(key, domain.requirement());
    if (!isPresent(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    Optional<T> found = checked(key, value, domain).map(Element::value);
    if (found.isPresent()
        && found.get() instanceof String
        && value.unwrapped() instanceof String text
        && EnvironmentReferences.in(text)) {
      references.put(key, text);
    }
    return found;
  }

  /** The text at a key, if it has one, without credentials from the environment. */
  Optional<String> findName(String key) {
    return find(key, Domain.text())
        .map(
            text ->
                references.containsKey(key)
                    ? EnvironmentReferences.harmlessValues(references.get(key))
                    : text);
  }

  /**
   * The texts and paths (made absolute) that come from the environment, by their keys: with {@link
   * EnvironmentReferences}.
   */
  Map<String, String> references() {
    Map<String, String> ofSettings = new TreeMap<>(references);
    ofSettings.remove(SpecSource.DATA_DIR);
    return ofSettings;
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
    if (location.contains(Credentials.MASK)) {
      reject(key, "its credentials were masked: set it again, best with ${NAME} for each of them");
    }
    if (Locations.isFetched(location)) {
      reject(
          key,
          "must lie on a file system, as file, hdfs or s3a; what is on the web or in an archive is"
              + " not fetched");
    }
    String start = Place.isBesideFile(config.getValue(key).origin()) ? "" : folder;
    String absolute = Locations.within(start, location);
    if (!absolute.equals(location)) {
      references.computeIfPresent(key, (k, text) -> Locations.within(start, text));
    }
    return absolute;
  }

  /** The good elements of the list at a key, if it has one. */
  <T> Optional<List<Element<T>>> findList(String key, Domain<T> domain) {
    requirements.put(key, domain.requirement());
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

  /** Whether there is a section at a key. */
  boolean isSection(String key) {
    return isPresent(key) && config.getValue(key) instanceof ConfigObject;
  }

  /** Whether there is a list at a key. */
  boolean isList(String key) {
    return isPresent(key) && config.getValue(key) instanceof ConfigList;
  }

  /**
   * The sections of the list at a key, if it has one; reports elements that are none.
   *
   * @param names that keys of such a section may have
   * @param otherwise what is said of others
   */
  Optional<List<Section>> findSections(
      String key, String example, Set<String> names, String otherwise) {
    requirements.put(key, "a list of sections");
    if (!isPresent(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    if (!(value instanceof ConfigList list)) {
      reject(key, value, "must be a list of sections, as in [" + example + "]");
      return Optional.empty();
    }
    names.forEach(name -> ofSections.add(key + "." + name));
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String place = key + "[" + i + "]";
      if (list.get(i) instanceof ConfigObject entries) {
        sections.add(new Section(this, place, entries, names, otherwise));
      } else {
        reject(place, list.get(i), "must be a section, as in " + example);
      }
    }
    return Optional.of(sections);
  }

  /**
   * The section at a key, where one may stand in place of a list.
   *
   * @param names that its keys may have
   */
  Optional<Section> findSection(String key, Set<String> names) {
    requirements.put(key, "a section");
    if (!isSection(key)) {
      return Optional.empty();
    }
    names.forEach(name -> ofSections.add(key + "." + name));
    ConfigObject entries = (ConfigObject) config.getValue(key);
    return Optional.of(new Section(this, key, entries, names, "is no setting"));
  }

  /**
   * The names of the sections within a section, if there is one; reports what is none. Their keys
   * are to be asked for.
   *
   * @param example of one of them
   * @param names that they may have
   * @param otherwise what is said of others
   */
  List<String> sections(String key, String example, Predicate<String> names, String otherwise) {
    if (!isSection(key)) {
      requirements.put(key, "a section");
      if (isPresent(key)) {
        reject(key, "must be a section, as in " + key + " { " + example + " }");
      }
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : config.getObject(key).entrySet()) {
      String inner = key + "." + ConfigUtil.joinPath(entry.getKey());
      boolean section = entry.getValue() instanceof ConfigObject;
      if (section && names.test(entry.getKey())) {
        found.add(entry.getKey());
      } else {
        requirements.put(inner, "a section");
        reject(
            inner, entry.getValue(), section ? otherwise : "must be a section, as in " + example);
      }
    }
    return found;
  }

  /** Every key that was asked for, with what its value or each of its values must be. */
  Map<String, String> requirements() {
    return Collections.unmodifiableMap(requirements);
  }

  /** Whether a key has a list without elements. */
  boolean isEmptyList(String key) {
    return config.getValue(key) instanceof ConfigList list && list.isEmpty();
  }

  /** One value of a list, and where it came from. */
  record Element<T>(String key, T value, ConfigValue origin) {}

  /** A value, if it is a good one; a problem if not. */
  <T> Optional<Element<T>> checked(String key, ConfigValue value, Domain<T> domain) {
    ConfigValueType type = value.valueType();
    boolean scalar =
        (type != ConfigValueType.LIST || domain.readsLists())
            && type != ConfigValueType.OBJECT
            && type != ConfigValueType.NULL;
    Optional<T> read = scalar ? domain.read(revealed(value.unwrapped())) : Optional.empty();
    if (read.isEmpty()) {
      String lists =
          type == ConfigValueType.LIST && !domain.readsLists()
              ? "; lists of values belong in space"
              : "";
      reject(key, value, "must be " + domain.requirement() + lists);
    }
    return read.map(good -> new Element<>(key, good, value));
  }

  /** What a value is with the environment's values. */
  private static Object revealed(Object value) {
    if (value instanceof List<?> elements) {
      return elements.stream().map(Settings::revealed).toList();
    }
    return value instanceof String text ? EnvironmentReferences.values(text) : value;
  }

  /** Whether a key has a value, good or bad. */
  boolean isPresent(String key) {
    return config.hasPath(key);
  }

  /** Where a key was given a value by anybody but the defaults; empty if nobody did. */
  Optional<String> placeGiven(String key) {
    return isPresent(key) && !SpecSource.isDefault(config.getValue(key).origin())
        ? Optional.of(Place.of(config.getValue(key).origin()))
        : Optional.empty();
  }

  /** Adds a problem with the value at a key that has one. */
  void reject(String key, String message) {
    reject(key, config.getValue(key), message);
  }

  /** Adds a problem with an element of the list at a key. */
  void rejectElement(String key, int index, String message) {
    reject(key + "[" + index + "]", config.getList(key).get(index), message);
  }

  /** Adds a problem with a value. */
  void reject(String key, ConfigValue value, String message) {
    ConfigValue known = known(key, value);
    String text = EnvironmentReferences.names(known.render(ConfigRenderOptions.concise()));
    reject(key, text, value, message);
  }

  /** Adds a problem with a key that is none. Its value may be anything, and is not shown. */
  void rejectKey(String key, ConfigValue value, String message) {
    reject(key, "", value, message);
  }

  private void reject(String key, String shown, ConfigValue value, String message) {
    problems.add(new SpecProblem(key, shown, Place.of(value.origin()), message));
  }

  /** A value without those of its own keys that are no settings. */
  private ConfigValue known(String key, ConfigValue value) {
    if (value instanceof ConfigList list) {
      return ConfigValueFactory.fromIterable(
          list.stream().map(element -> known(key, element)).toList());
    }
    if (!(value instanceof ConfigObject object)) {
      return value;
    }
    ConfigObject known = object;
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String inner = key + "." + ConfigUtil.joinPath(entry.getKey());
      boolean shown =
          entry.getValue() instanceof ConfigObject
              || requirements.containsKey(inner)
              || ofSections.contains(INDEX.matcher(inner).replaceAll(""));
      known = known.withValue(entry.getKey(), shown ? known(inner, entry.getValue()) : MASKED);
    }
    return known;
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
    for (String key : requirements.keySet()) {
      for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
        sections.add(key.substring(0, dot));
      }
    }
    unknown("", config.root(), sections);
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
  }

  private void unknown(String prefix, ConfigObject section, Set<String> sections) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
      String key = prefix + ConfigUtil.joinPath(entry.getKey());
      ConfigValue value = entry.getValue();
      if (requirements.containsKey(key)) {
        continue;
      }
      if (problems.size() >= MOST_PROBLEMS) {
        return;
      }
      if (!sections.contains(key) && !holdsOne(value)) {
        Set<String> candidates = value instanceof ConfigObject ? sections : requirements.keySet();
        rejectKey(key, value, "is no setting" + NearestKey.hint(candidates, key));
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
