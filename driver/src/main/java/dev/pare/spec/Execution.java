package dev.pare.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How hard a sweep tries; changes no result.
 *
 * @param maxAttempts how often a stage is tried that failed for want of resources, at least 1
 * @param stageTimeoutSeconds after which a running stage is stopped and tried again, above 0, or
 *     null for never
 */
public record Execution(int maxAttempts, @Nullable Double stageTimeoutSeconds)
    implements Serializable {
  /** As configured by default. */
  public static final Execution DEFAULT = new Execution(4, null);

  public Execution {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("max-attempts = " + maxAttempts + ": must be at least 1");
    }
    if (stageTimeoutSeconds != null && !(stageTimeoutSeconds > 0)) {
      throw new IllegalArgumentException(
          "stage-timeout = " + stageTimeoutSeconds + ": must be above 0");
    }
  }

  /** After which a running stage is stopped, if ever. */
  public Optional<Duration> stageTimeout() {
    return Optional.ofNullable(stageTimeoutSeconds)
        .map(seconds -> Duration.ofMillis((long) Math.ceil(1000 * seconds)));
  }
}
