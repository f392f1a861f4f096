package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.Serializable;
import java.util.List;

/**
 * A result from elsewhere that a sweep's picture and page show beside the frontier.
 *
 * @param name for people: the paper, and what differs
 * @param bytes of the file, at least 1
 * @param value of the sweep's metric, written as tables have it: shares in percent
 */
public record PublishedResult(String name, long bytes, double value) implements Serializable {
  public PublishedResult {
    requireNonNull(name, "name is null");
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes = " + bytes + ": must be at least 1");
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value = " + value + ": must be a finite number");
    }
  }

  /**
   * Those that a sweep's configuration has, as it is kept with the results.
   *
   * @throws ConfigException if one is not there as it was written
   * @throws IllegalArgumentException if one is no result
   */
  public static List<PublishedResult> of(Config configuration) {
    return configuration.hasPath(PublishedReader.KEY)
        ? configuration.getConfigList(PublishedReader.KEY).stream()
            .map(
                entry ->
                    new PublishedResult(
                        entry.getString("name"), entry.getLong("bytes"), entry.getDouble("value")))
            .toList()
        : List.of();
  }
}
