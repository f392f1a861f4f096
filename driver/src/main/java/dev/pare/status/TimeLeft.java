package dev.pare.status;

import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long a sweep will still take, reckoned from the stages that it has run: those that are left
 * take as long as the ones of their kind took on average, and as many run at once as did so far.
 */
final class TimeLeft {
  private static final class Stages {
    int all;
    int ended;
    int measured;
    double seconds;

    int left() {
      return Math.max(0, all - ended);
    }
  }

  private final Map<Kind, Stages> kinds = new EnumMap<>(Kind.class);

  /**
   * @param stages how many there are of each kind
   */
  TimeLeft(Map<Kind, Integer> stages) {
    stages.forEach((kind, count) -> stages(kind).all = count);
  }

  private Stages stages(Kind kind) {
    return kinds.computeIfAbsent(kind, k -> new Stages());
  }

  /** Stages have ended, which this run has computed itself. */
  void ran(StageReport report) {
    ended(report);
    report
        .seconds()
        .forEach(
            (kind, seconds) -> {
              stages(kind).measured++;
              stages(kind).seconds += seconds;
            });
  }

  /** Stages have ended without any work, since an earlier run had their product. */
  void ended(StageReport report) {
    report.seconds().keySet().forEach(kind -> stages(kind).ended++);
  }

  /** How many stages have ended. */
  int ended() {
    return kinds.values().stream().mapToInt(stages -> stages.ended).sum();
  }

  /** Task time that was measured, by kind. */
  Map<Kind, Double> seconds() {
    Map<Kind, Double> seconds = new EnumMap<>(Kind.class);
    kinds.forEach((kind, stages) -> seconds.put(kind, stages.seconds));
    return seconds;
  }

  /**
   * An estimate; empty before anything was measured.
   *
   * @param elapsed seconds since the first stage began
   */
  OptionalDouble seconds(double elapsed) {
    double worked = 0;
    int measured = 0;
    for (Stages stages : kinds.values()) {
      worked += stages.seconds;
      measured += stages.measured;
    }
    if (worked <= 0 || elapsed <= 0) {
      return OptionalDouble.empty();
    }
    double left = 0;
    for (Stages stages : kinds.values()) {
      double each = stages.measured > 0 ? stages.seconds / stages.measured : worked / measured;
      left += stages.left() * each;
    }
    return OptionalDouble.of(left * elapsed / worked);
  }
}
