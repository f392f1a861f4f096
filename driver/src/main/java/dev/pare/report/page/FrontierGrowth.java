package dev.pare.report.page;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.Hypervolume;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.frontier.Tradeoff;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.List;

/** How the frontier grew, candidate by candidate in the order in which they were asked for. */
final class FrontierGrowth {
  private FrontierGrowth() {}

  /**
   * How good the frontier is after some candidates.
   *
   * @param candidates how many were tried, those that failed included
   * @param seconds what their stages took, each once; unknown of those that failed, and counted as
   *     nothing
   * @param hypervolume of the frontier of these
   */
  record Step(int candidates, double seconds, double hypervolume) {}

  private record File(StageKey key, long bytes, double quality) implements Tradeoff {}

  /**
   * Every step at which it grew, and the last one.
   *
   * @param candidates in the order of asking; what the store had of them counts with what it took
   */
  static List<Step> of(List<LedgerEntry> candidates, Hypervolume measure) {
    double[] seconds = new double[candidates.size()];
    for (StageSegment segment : StageSegment.of(candidates)) {
      seconds[segment.candidate()] += segment.seconds();
    }
    List<Step> steps = new ArrayList<>();
    List<File> frontier = List.of();
    double spent = 0;
    double area = 0;
    for (int i = 0; i < seconds.length; i++) {
      spent += seconds[i];
      double before = area;
      if (candidates.get(i).outcome() instanceof Outcome.Measured measured) {
        List<File> files = new ArrayList<>(frontier);
        Measurement measurement = measured.measurement();
        files.add(
            new File(
                measured.key(), measurement.size().totalBytes(), measurement.score().quality()));
        ParetoFrontier<File> grown = ParetoFrontier.of(files);
        frontier = grown.points();
        area = measure.of(grown);
      }
      if (area > before || i == seconds.length - 1) {
        steps.add(new Step(i + 1, spent, area));
      }
    }
    return steps;
  }
}
