package dev.pare.status;

import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long a sweep will still take, reckoned from the stages that it has run: those that are left
 * take as long as the ones of their kind took on average, and as many run at once as did so far.
 * Candidates that are not known yet have as many of each kind as the others on average.
 */
final class TimeLeft {
  private static final class Stages {
    int all;
    int ended;
    int measured;
    double seconds;

    double left(double growth) {
      return Math.max(0, growth * all - ended);
    }
  }

  private final Map<Kind, Stages> kinds = new EnumMap<>(Kind.class);

  /** There is one more stage of a kind. */
  void planned(Kind kind) {
    stages(kind).all++;
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
   * @param growth how many candidates there will be for each one that is known
   */
  OptionalDouble seconds(double elapsed, double growth) {
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
      left += stages.left(growth) * each;
    }
    return OptionalDouble.of(left * elapsed / worked);
  }
}
