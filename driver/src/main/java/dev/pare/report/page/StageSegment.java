package dev.pare.report.page;

import dev.pare.candidate.Outcome;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Stages of a kind that follow each other, as far as the ledger tells them from those before them:
 * it adds up a candidate's stages of a kind, so that what is known is where the last of them ends.
 *
 * @param kind in lower case
 * @param candidate the first one that has them, by its place
 * @param seconds what they took
 */
record StageSegment(String kind, int candidate, double seconds) {
  /** Where the last stage of a kind ends, and what those of the kind took until then. */
  private record End(String kind, double seconds) {}

  /**
   * All that took time, each once.
   *
   * @param candidates those that failed have no times
   */
  static List<StageSegment> of(List<LedgerEntry> candidates) {
    Map<List<String>, End> ends = new LinkedHashMap<>();
    Map<List<String>, Integer> first = new HashMap<>();
    for (int place = 0; place < candidates.size(); place++) {
      LedgerEntry candidate = candidates.get(place);
      if (candidate.outcome() instanceof Outcome.Measured measured) {
        List<String> stages = candidate.stages();
        for (int i = 0; i < stages.size(); i++) {
          String kind = kind(stages.get(i));
          Double seconds = measured.seconds().get(kind);
          List<String> path = List.copyOf(stages.subList(0, i + 1));
          first.putIfAbsent(path, place);
          if (seconds != null && last(kind, stages, i + 1, stages.size()) < 0) {
            ends.putIfAbsent(path, new End(kind, seconds));
          }
        }
      }
    }
    List<StageSegment> segments = new ArrayList<>();
    ends.forEach(
        (path, end) -> {
          int earlier = last(end.kind, path, 0, path.size() - 1);
          End start = earlier < 0 ? null : ends.get(path.subList(0, earlier + 1));
          double own = end.seconds - (start == null ? 0 : start.seconds);
          segments.add(new StageSegment(end.kind, first.getOrDefault(path, 0), Math.max(0, own)));
        });
    return segments;
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
}
