package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many more candidates a search may ask for within a time of tasks. Stages count with the
 * seconds in their reports, those that candidates share once, also where an earlier run computed
 * them: so a search that is gone on with asks for the same ones.
 */
final class SearchBudget {
  private final double seconds;
  private final int atFirst;
  private final Set<List<StageSettings>> counted = new HashSet<>();
  private double spent;
  private int known;
  private int measured;

  /**
   * @param seconds that stages may take, of all tasks together
   * @param atFirst how many candidates to ask for before one is known, and at most to wait for
   */
  SearchBudget(double seconds, int atFirst) {
    this.seconds = seconds;
    this.atFirst = atFirst;
  }

  /** Takes account of a candidate that has ended; of failures no seconds are known. */
  void take(Candidate candidate, Outcome outcome) {
    List<StageSettings> stages = candidate.stages();
    if (counted.contains(stages)) {
      return;
    }
    known++;
    if (outcome instanceof Outcome.Measured done) {
      Map<String, Boolean> isNew = new TreeMap<>();
      for (int i = 0; i < stages.size(); i++) {
        isNew.put(
            Spelling.of(stages.get(i).kind()),
            !counted.contains(List.copyOf(stages.subList(0, i + 1))));
      }
      done.seconds().forEach((kind, taken) -> spent += isNew.getOrDefault(kind, true) ? taken : 0);
      measured++;
    }
    for (int i = 0; i < stages.size(); i++) {
      counted.add(List.copyOf(stages.subList(0, i + 1)));
    }
  }

  /**
   * How many there is room for.
   *
   * @param waiting candidates that were asked for and have not ended
   */
  int room(int waiting) {
    int left = measured == 0 ? atFirst - known : (int) Math.min(left(), Integer.MAX_VALUE);
    return Math.max(0, Math.min(left, atFirst) - waiting);
  }

  /** How many more than those that are known there will be, as far as can be told. */
  long left() {
    return measured == 0 ? atFirst : (long) Math.max(0, (seconds - spent) / (spent / known));
  }
}
