package dev.pare.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * When a run ended, or a moment after the runs before it, to the millisecond, in UTC. It names the
 * run's folder, without the colons that HDFS does not allow: {@code 2026-11-22T025048.123Z}.
 */
public record RunTime(Instant instant) implements Comparable<RunTime> {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  public RunTime {
    instant = instant.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The run that a folder's name tells of, if it is one. */
  static Optional<RunTime> ofName(String name) {
    try {
      return Optional.of(new RunTime(NAME.parse(name, Instant::from)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The last moment that a person may mean: a date's last millisecond, or a moment, as a folder's
   * name or as {@code 2026-11-22T02:50:48Z}, whose second is the whole one.
   */
  public static Optional<RunTime> atLatest(String text) {
    try {
      Instant next = LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      return Optional.of(new RunTime(next.minusMillis(1)));
    } catch (DateTimeException e) {
      return ofName(text).or(() -> ofSecond(text));
    }
  }

  private static Optional<RunTime> ofSecond(String text) {
    try {
      Instant second = Instant.parse(text);
      return Optional.of(
          new RunTime(
              second.truncatedTo(ChronoUnit.SECONDS).equals(second)
                  ? second.plusSeconds(1).minusMillis(1)
                  : second));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The name of the run's folder. */
  public String name() {
    return NAME.format(instant);
  }

  /** The next one. */
  RunTime next() {
    return new RunTime(instant.plusMillis(1));
  }

  @Override
  public int compareTo(RunTime other) {
    return instant.compareTo(other.instant);
  }

  /** As people write it, to the second: {@code 2026-11-22 02:50:48 UTC}. */
  @Override
  public String toString() {
    return instant
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace('T', ' ')
        .replace("Z", " UTC");
  }
}
