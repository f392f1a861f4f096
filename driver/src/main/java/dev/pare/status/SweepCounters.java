package dev.pare.status;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.ThirdObjective;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.Hypervolume;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.pipeline.StageReport;
import dev.pare.status.SweepStatus.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what comes of a sweep while it runs. Any thread may tell and ask. */
public final class SweepCounters {
  private final String sweep;
  private final long startedMillis = System.currentTimeMillis();
  private State state = State.RUNNING;
  private String doing = "";
  private int candidates;
  private int most;
  private final ThirdObjective third;
  private int done;
  private int failed;
  private int stages;
  private List<FrontierPoint> frontier = List.of();
  private double area;
  private @Nullable Hypervolume hypervolume;
  private final TimeLeft left = new TimeLeft();
  private long plannedNanos;

  /**
   * @param third what the frontier weighs beside bytes and the metric
   */
  public SweepCounters(String sweep, ThirdObjective third) {
    this.sweep = requireNonNull(sweep, "sweep is null");
    this.third = requireNonNull(third, "third is null");
  }

  /** What the sweep is at, in words. */
  public synchronized void doing(String what) {
    doing = what;
  }

  /** What the frontier's hypervolume is measured from. */
  public synchronized void reference(Hypervolume from) {
    hypervolume = from;
  }

  /**
   * There are candidates to try, or more of them.
   *
   * @param all how many there are now
   * @param atMost how many there can come to be: as many where no more will follow
   * @param added kinds of the stages that there are more for them, the shared ones counted once
   */
  public synchronized void planned(int all, int atMost, Collection<StageSettings.Kind> added) {
    if (candidates == 0) {
      doing = "";
      plannedNanos = System.nanoTime();
    }
    candidates = all;
    most = atMost;
    stages += added.size();
    added.forEach(left::planned);
  }

  /** Stages have ended, which this run has computed itself. */
  public synchronized void ran(StageReport report) {
    left.ran(report);
  }

  /** Stages have ended without any work, since an earlier run had their product. */
  public synchronized void found(StageReport report) {
    left.ended(report);
  }

  /** A candidate has ended. */
  public synchronized void ended(Candidate candidate, Outcome outcome) {
    done++;
    if (outcome instanceof Outcome.Measured measured) {
      List<FrontierPoint> points = new ArrayList<>(frontier);
      points.add(new FrontierPoint(candidate, measured));
      ParetoFrontier<FrontierPoint> grown =
          ParetoFrontier.of(points, p -> third.of(p.outcome().measurement().file()));
      frontier = grown.points();
      area = hypervolume == null ? 0 : hypervolume.of(grown);
    } else {
      failed++;
    }
  }

  /** What has become of the sweep. */
  public synchronized void state(State now) {
    state = now;
  }

  /** How things stand now. */
  public synchronized SweepStatus status() {
    Map<String, Double> seconds = new TreeMap<>();
    left.seconds().forEach((kind, spent) -> seconds.put(name(kind), spent));
    OptionalDouble secondsLeft =
        done < most
            ? left.seconds((System.nanoTime() - plannedNanos) / 1e9, (double) most / candidates)
            : OptionalDouble.empty();
    return new SweepStatus(
        sweep,
        state,
        doing,
        candidates,
        most == candidates ? null : most,
        done,
        failed,
        stages,
        left.ended(),
        frontier.size(),
        area,
        seconds,
        secondsLeft.isPresent() ? secondsLeft.getAsDouble() : null,
        startedMillis,
        System.currentTimeMillis());
  }

  static String name(StageSettings.Kind kind) {
    return Spelling.of(kind);
  }
}
