package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A time of tasks. Stages count with the seconds in their reports, those that candidates share
 * once, also where an earlier run computed them: so a search that is gone on with asks for the same
 * ones.
 */
final class TaskTimeBudget implements SearchBudget {
  private final double seconds;
  private final int atFirst;
  private final Set<List<StageSettings>> counted = new HashSet<>();

  /** The beginnings of those that came to a file: their stages have run. */
  private final Set<List<StageSettings>> onTheWay = new HashSet<>();

  /** What stages of a kind took up to where the last of them ends, by the path to there. */
  private final Map<List<StageSettings>, Map<String, Double>> ends = new HashMap<>();

  /** What is kept for later. */
  private double kept;

  private double spent;
  private int known;
  private int measured;

  /**
   * @param seconds that stages may take, of all tasks together
   * @param later share of them that is kept until it is {@linkplain #release released}
   * @param atFirst how many candidates to ask for before one is known, and at most to wait for
   */
  TaskTimeBudget(double seconds, double later, int atFirst) {
    this.seconds = seconds;
    this.kept = later * seconds;
    this.atFirst = atFirst;
  }

  @Override
  public void begin(Candidate candidate) {}

  /** Of failures no seconds are known: they count as much as the others on average. */
  @Override
  public void take(Candidate candidate, Outcome outcome) {
    List<StageSettings> stages = candidate.stages();
    if (!counted.add(stages)) {
      return;
    }
    if (outcome instanceof Outcome.Measured done) {
      done.seconds().forEach((kind, taken) -> spent += own(stages, kind, taken));
      for (int i = 1; i <= stages.size(); i++) {
        onTheWay.add(List.copyOf(stages.subList(0, i)));
      }
      measured++;
    } else if (measured > 0) {
      spent += spent / known;
    }
    known++;
  }

  /**
   * What of a kind's seconds no candidate before had. They are those of all stages of the kind on
   * the way, and known where the last of them ends.
   */
  private double own(List<StageSettings> stages, String kind, double taken) {
    int last = last(stages, kind, stages.size());
    if (last < 0) {
      return taken;
    }
    List<StageSettings> end = List.copyOf(stages.subList(0, last + 1));
    if (onTheWay.contains(end)) {
      return 0;
    }
    ends.computeIfAbsent(end, path -> new TreeMap<>()).put(kind, taken);
    int earlier = last(stages, kind, last);
    Double before = null;
    while (earlier >= 0 && before == null) {
      before = taken(List.copyOf(stages.subList(0, earlier + 1)), kind);
      earlier = last(stages, kind, earlier);
    }
    return Math.max(0, taken - (before == null ? 0 : before));
  }

  private @Nullable Double taken(List<StageSettings> path, String kind) {
    return ends.getOrDefault(path, Map.of()).get(kind);
  }

  /** Where the last of a kind is among the first stages; −1 if none is. */
  private static int last(List<StageSettings> stages, String kind, int end) {
    for (int i = end - 1; i >= 0; i--) {
      if (Spelling.of(stages.get(i).kind()).equals(kind)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int room(int waiting) {
    int left = measured == 0 ? atFirst - known : (int) Math.min(left(), Integer.MAX_VALUE);
    return Math.max(0, Math.min(left, atFirst) - waiting);
  }

  @Override
  public void release() {
    kept = 0;
  }

  @Override
  public long left() {
    return measured == 0 ? atFirst : (long) Math.max(0, (seconds - kept - spent) / (spent / known));
  }
}
