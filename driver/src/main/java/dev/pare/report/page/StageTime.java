package dev.pare.report.page;

import dev.pare.candidate.Outcome;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    // The ledger adds up a candidate's stages of a kind: what is known is where the last of them
    // ends, of each chain of stages.
    Map<List<String>, Double> ends = new LinkedHashMap<>();
    Map<String, Double> unshared = new LinkedHashMap<>();
    for (LedgerEntry candidate : candidates) {
      if (candidate.outcome() instanceof Outcome.Measured measured) {
        List<String> stages = candidate.stages();
        for (int i = 0; i < stages.size(); i++) {
          String kind = kind(stages.get(i));
          Double seconds = measured.seconds().get(kind);
          if (seconds != null && last(kind, stages, i + 1, stages.size()) < 0) {
            ends.putIfAbsent(List.copyOf(stages.subList(0, i + 1)), seconds);
            unshared.merge(kind, seconds, Double::sum);
          }
        }
      }
    }
    Map<String, StageTime> times = new LinkedHashMap<>();
    unshared.forEach((kind, seconds) -> times.put(kind, new StageTime(kind, 0, 0, seconds)));
    ends.forEach(
        (stages, seconds) -> {
          int end = stages.size() - 1;
          String kind = kind(stages.get(end));
          int earlier = last(kind, stages, 0, end);
          double start = earlier < 0 ? 0 : ends.getOrDefault(stages.subList(0, earlier + 1), 0.0);
          times.merge(
              kind, new StageTime(kind, 1, Math.max(0, seconds - start), 0), StageTime::plus);
        });
    return new ArrayList<>(times.values());
  }

  /** Where the last of a kind is among stages {@code from} to {@code end − 1}; −1 if none is. */
  private static int last(String kind, List<String> stages, int from, int end) {
    for (int i = end - 1; i >= from; i--) {
      if (kind(stages.get(i)).equals(kind)) {
        return i;
      }
    }
    return -1;
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
