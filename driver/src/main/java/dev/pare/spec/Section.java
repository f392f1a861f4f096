package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A value that has keys of its own: an element of a list, or what stands in place of one. */
final class Section {
  private final Settings settings;
  private final String key;
  private final ConfigObject entries;
  private final Set<String> names;
  private final String otherwise;

  /**
   * @param names that its keys may have
   * @param otherwise what is said of others
   */
  Section(
      Settings settings, String key, ConfigObject entries, Set<String> names, String otherwise) {
    this.settings = requireNonNull(settings, "settings is null");
    this.key = requireNonNull(key, "key is null");
    this.entries = requireNonNull(entries, "entries is null");
    this.names = requireNonNull(names, "names is null");
    this.otherwise = requireNonNull(otherwise, "otherwise is null");
  }

  /** The value of one of its keys, if it has it and that is a good one. */
  <T> Optional<T> find(String name, Domain<T> domain) {
    ConfigValue value = entries.get(name);
    return value == null
        ? Optional.empty()
        : settings.checked(key + "." + name, value, domain).map(Settings.Element::value);
  }

  /** Whether one of its keys has a value, good or bad. */
  boolean isPresent(String name) {
    return entries.containsKey(name);
  }

  /** How many keys it has. */
  int size() {
    return entries.size();
  }

  /** Reports keys that it may not have. */
  void finish() {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(entries).entrySet()) {
      if (!names.contains(entry.getKey())) {
        settings.rejectKey(
            key + "." + ConfigUtil.joinPath(entry.getKey()),
            entry.getValue(),
            otherwise + NearestKey.hint(names, entry.getKey()));
      }
    }
  }

  /** Adds a problem with the whole. */
  void reject(String message) {
    settings.reject(key, entries, message);
  }

  /** Adds a problem with the value of one of its keys. */
  void reject(String name, String message) {
    settings.reject(key + "." + name, requireNonNull(entries.get(name)), message);
  }
}
