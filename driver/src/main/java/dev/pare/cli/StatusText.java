package dev.pare.cli;

import dev.pare.status.SweepStatus;
import java.util.Locale;

/** A sweep's status in words. */
final class StatusText {
  private StatusText() {}

  /** All that changes, in a line. */
  static String line(SweepStatus status) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "[%d/%d", status.done(), status.candidates()));
    line.append(status.atMost() == null ? "]" : " of at most " + status.atMost() + "]");
    if (status.failed() > 0) {
      line.append(' ').append(status.failed()).append(" failed,");
    }
    line.append(" frontier ").append(frontier(status));
    Double left = status.secondsLeft();
    if (left != null && (status.atMost() != null || status.done() < status.candidates())) {
      line.append(", about ").append(duration(left)).append(" left");
    }
    return line.toString();
  }

  static String frontier(SweepStatus status) {
    return String.format(
        Locale.ROOT,
        "%d %s, hypervolume %.3f",
        status.frontier(),
        status.frontier() == 1 ? "file" : "files",
        status.hypervolume());
  }

  /** As exact as a person cares to know. */
  static String duration(double seconds) {
    long whole = Math.round(Math.max(0, seconds));
    if (whole < 100) {
      return whole + " s";
    }
    long minutes = Math.round(whole / 60.0);
    return minutes < 100
        ? minutes + " min"
        : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
  }
}
