package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;

/**
 * A driver's sign of life, which it renews as a file where others look for it.
 *
 * @param run tells a driver's run from all others
 * @param configuration what it runs: SHA-256 of the rendered configuration
 * @param startedMillis when the run began, since 1970
 * @param renewedMillis when it was last known to live, since 1970
 */
public record DriverSign(
    String run,
    String host,
    long process,
    String configuration,
    long startedMillis,
    long renewedMillis) {
  /** How often a sign is to be renewed. */
  public static final Duration RENEWAL = Duration.ofSeconds(5);

  /** After how long without renewal a driver counts as dead; clocks must agree better than that. */
  public static final Duration STALE = Duration.ofSeconds(60);

  public DriverSign {
    requireNonNull(run, "run is null");
    requireNonNull(host, "host is null");
    requireNonNull(configuration, "configuration is null");
  }

  /** The sign of a run of this process that begins now. */
  public static DriverSign of(String configuration) {
    long now = System.currentTimeMillis();
    return new DriverSign(
        UUID.randomUUID().toString(),
        thisHost(),
        ProcessHandle.current().pid(),
        configuration,
        now,
        now);
  }

  /** The same as of now. */
  public DriverSign renewed() {
    return new DriverSign(
        run, host, process, configuration, startedMillis, System.currentTimeMillis());
  }

  /** Whether the driver lives, as far as can be told from here. */
  public boolean lives() {
    boolean renewed = Math.abs(System.currentTimeMillis() - renewedMillis) <= STALE.toMillis();
    boolean ended = host.equals(thisHost()) && ProcessHandle.of(process).isEmpty();
    return renewed && !ended;
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }
}
