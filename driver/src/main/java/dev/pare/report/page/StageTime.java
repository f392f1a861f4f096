package dev.pare.report.page;

import dev.pare.candidate.Outcome;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the stages of a kind took, in all candidates that have a file.
 *
 * @param stage kind of the stages, in lower case
 * @param runs how many different ones there are; a stage that candidates share is one
 * @param seconds what those took
 * @param unshared what they would have taken had every candidate run its own
 */
record StageTime(String stage, int runs, double seconds, double unshared) {
  /** The kinds in the order in which they run. */
  static List<StageTime> of(List<LedgerEntry> candidates) {
    Map<String, StageTime> times = new LinkedHashMap<>();
    Set<List<String>> counted = new HashSet<>();
    for (LedgerEntry candidate : candidates) {
      if (candidate.outcome() instanceof Outcome.Measured measured) {
        for (int i = 0; i < candidate.stages().size(); i++) {
          String stage = kind(candidate.stages().get(i));
          Double seconds = measured.seconds().get(stage);
          // The ledger adds up stages of a kind; the last of them stands for all.
          if (seconds != null && isLast(stage, i, candidate.stages())) {
            boolean first = counted.add(List.copyOf(candidate.stages().subList(0, i + 1)));
            times.merge(
                stage,
                new StageTime(stage, first ? 1 : 0, first ? seconds : 0, seconds),
                StageTime::plus);
          }
        }
      }
    }
    return new ArrayList<>(times.values());
  }

  private static boolean isLast(String stage, int at, List<String> stages) {
    return stages.subList(at + 1, stages.size()).stream().noneMatch(s -> kind(s).equals(stage));
  }

  /** Of {@code Prune[sparsity=0.9, …]} it is {@code prune}. */
  private static String kind(String settings) {
    int end = settings.indexOf('[');
    return settings.substring(0, end < 0 ? settings.length() : end).toLowerCase(Locale.ROOT);
  }

  private StageTime plus(StageTime other) {
    return new StageTime(
        stage, runs + other.runs, seconds + other.seconds, unshared + other.unshared);
  }
}
