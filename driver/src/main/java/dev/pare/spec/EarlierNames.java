package dev.pare.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings, dimensions and values that have other names by now: configurations of earlier versions
 * are read as if they had these, with a warning that says them.
 */
final class EarlierNames {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierNames.class);

  /** Within {@code student}. In an order, as warnings are. */
  private static final SortedMap<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "activation.winners", "activation.top-k-share",
              "factorize.remainder", "factorize.sparse-residual",
              "prune.start", "prune.initialization",
              "quantize.dimension", "quantize.vector-dimension"));

  /** Called as the last part of their settings. */
  private static final SortedMap<String, String> DIMENSIONS = new TreeMap<>();

  static {
    SETTINGS.forEach((earlier, now) -> DIMENSIONS.put(lastPart(earlier), lastPart(now)));
  }

  /** Of the dimension {@code activation}, and of the setting. */
  private static final Map<String, String> ACTIVATIONS = Map.of("winners", "top-k");

  private static final String SPACE = "space";
  private static final String POINTS = "points";
  private static final String ACTIVATION = "activation";

  private final List<SpecProblem> problems;

  /**
   * @param problems takes what has a value by both of its names
   */
  EarlierNames(List<SpecProblem> problems) {
    this.problems = problems;
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** A resolved configuration, everything by its name of now. */
  Config current(Config resolved) {
    ConfigObject root = resolved.root();
    if (root.get(SPACE) instanceof ConfigObject space) {
      root = root.withValue(SPACE, dimensions(SPACE, space));
    }
    if (root.get(POINTS) instanceof ConfigList points) {
      List<ConfigValue> current = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        String key = POINTS + "[" + i + "]";
        current.add(
            points.get(i) instanceof ConfigObject point ? dimensions(key, point) : points.get(i));
      }
      root = root.withValue(POINTS, list(current, points));
    }
    Config config = root.toConfig();
    for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
      config = moved(config, "student." + setting.getKey(), "student." + setting.getValue());
    }
    String kind = "student.activation.kind";
    return config.hasPath(kind)
        ? config.withValue(kind, activation(kind, config.getValue(kind)))
        : config;
  }

  private ConfigObject dimensions(String section, ConfigObject values) {
    ConfigObject current = values;
    for (Map.Entry<String, String> dimension : DIMENSIONS.entrySet()) {
      ConfigValue value = current.get(dimension.getKey());
      if (value != null) {
        String earlier = section + "." + dimension.getKey();
        String now = section + "." + dimension.getValue();
        if (current.containsKey(dimension.getValue())) {
          isTwice(earlier, now, value);
        } else {
          warn(earlier, now, value);
          current = current.withValue(dimension.getValue(), value);
        }
        current = current.withoutKey(dimension.getKey());
      }
    }
    ConfigValue activations = current.get(ACTIVATION);
    return activations == null
        ? current
        : current.withValue(ACTIVATION, activation(section + "." + ACTIVATION, activations));
  }

  /** The kind of an activation, or a list of them. */
  private ConfigValue activation(String key, ConfigValue value) {
    if (value instanceof ConfigList values) {
      return list(values.stream().map(one -> activation(key, one)).toList(), values);
    }
    String now =
        value.valueType() == ConfigValueType.STRING
            ? ACTIVATIONS.get(value.unwrapped().toString())
            : null;
    if (now == null) {
      return value;
    }
    warn(key + " = " + value.unwrapped(), now, value);
    return ConfigValueFactory.fromAnyRef(now).withOrigin(value.origin());
  }

  private static ConfigValue list(List<ConfigValue> values, ConfigList earlier) {
    return ConfigValueFactory.fromIterable(values).withOrigin(earlier.origin());
  }

  private Config moved(Config config, String earlier, String now) {
    if (!config.hasPath(earlier)) {
      return config;
    }
    ConfigValue value = config.getValue(earlier);
    Config without = config.withoutPath(earlier);
    if (config.hasPath(now) && !SpecSource.isDefault(config.getValue(now).origin())) {
      isTwice(earlier, now, value);
      return without;
    }
    warn(earlier, now, value);
    return without.withValue(now, value);
  }

  private static void warn(String earlier, String now, ConfigValue value) {
    LOG.warn("{} ({}) is called {} by now", earlier, Place.of(value.origin()), now);
  }

  private void isTwice(String earlier, String now, ConfigValue value) {
    problems.add(
        new SpecProblem(
            earlier, "", Place.of(value.origin()), "is the earlier name of " + now + ", also set"));
  }
}
