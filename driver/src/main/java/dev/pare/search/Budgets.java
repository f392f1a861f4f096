package dev.pare.search;

import java.io.Serializable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a search may take. Stages that candidates share count once; the teacher's training and
 * candidates that are spelled out are not counted.
 *
 * @param seconds that stages may take, of all tasks together, above 0; null without such a limit
 * @param epochs that stages may train, at least 1; null without such a limit
 * @param wallTime seconds of the clock in which candidates may run, above 0; null without such a
 *     limit
 */
public record Budgets(@Nullable Double seconds, @Nullable Integer epochs, @Nullable Double wallTime)
    implements Serializable {
  /** No limit. */
  public static final Budgets NONE = new Budgets(null, null, null);

  public Budgets {
    if (seconds != null && !(seconds > 0)) {
      throw new IllegalArgumentException("search.budget = " + seconds + ": must be above 0");
    }
    if (epochs != null && epochs < 1) {
      throw new IllegalArgumentException("search.epochs = " + epochs + ": must be at least 1");
    }
    if (wallTime != null && !(wallTime > 0)) {
      throw new IllegalArgumentException("search.wall-time = " + wallTime + ": must be above 0");
    }
  }

  /** Whether there is a limit. */
  public boolean isLimited() {
    return Stream.of(seconds, epochs, wallTime).anyMatch(limit -> limit != null);
  }
}
