package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A number of epochs that stages may train. What a candidate takes is known before it begins, so
 * that the same ones are tried on any machine.
 */
final class EpochBudget implements SearchBudget {
  private final long epochs;
  private final Set<List<StageSettings>> begun = new HashSet<>();
  private double kept;
  private long spent;
  private long most;
  private long candidates;
  private long ended;

  /**
   * @param later share of them that is kept until it is {@linkplain #release released}
   */
  EpochBudget(long epochs, double later) {
    this.epochs = epochs;
    this.kept = later * epochs;
  }

  @Override
  public void begin(Candidate candidate) {
    long own = 0;
    List<StageSettings> stages = candidate.stages();
    for (int i = 1; i <= stages.size(); i++) {
      if (begun.add(List.copyOf(stages.subList(0, i)))) {
        own += stages.get(i - 1).epochs();
      }
    }
    spent += own;
    most = Math.max(most, own);
    candidates++;
  }

  @Override
  public void take(Candidate candidate, Outcome outcome) {
    ended++;
  }

  /** One at a time until it is known what one takes; none that would take too much if it does. */
  @Override
  public int room(int waiting) {
    if (candidates == 0) {
      return 1;
    }
    return (int) Math.min(Math.max(0, more(Math.max(1, most))), Integer.MAX_VALUE);
  }

  private long more(double each) {
    return (long) ((epochs - kept - spent) / each);
  }

  @Override
  public void release() {
    kept = 0;
  }

  @Override
  public long left() {
    double each = candidates == 0 ? 1 : Math.max(1, (double) spent / candidates);
    return Math.max(0, candidates - ended + more(each));
  }
}
