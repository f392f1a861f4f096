package dev.pare.spec;

import dev.pare.train.Devices;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a sweep computes; only the engine changes results, in their rounding.
 *
 * @param maxAttempts how often a stage is tried that failed for want of resources, at least 1
 * @param stageTimeoutSeconds after which a running stage is stopped and tried again, above 0, or
 *     null for never
 * @param engine what trains: {@link Devices#CPU} or a kind of device
 */
public record Execution(int maxAttempts, @Nullable Double stageTimeoutSeconds, String engine)
    implements Serializable {
  /** As configured by default. */
  public static final Execution DEFAULT = new Execution(4, null, Devices.CPU);

  public Execution {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("max-attempts = " + maxAttempts + ": must be at least 1");
    }
    if (!Devices.names().contains(engine)) {
      throw new IllegalArgumentException(
          "engine = " + engine + ": must be one of " + String.join(", ", Devices.names()));
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
