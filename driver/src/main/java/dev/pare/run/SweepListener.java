package dev.pare.run;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataSummary;
import dev.pare.plan.StageTree;
import dev.pare.result.Score;
import dev.pare.status.SweepStatus;

/**
 * Is called with the progress of a sweep, by the thread that runs it unless a method names another.
 */
public interface SweepListener {
  /** The data were read. */
  default void loaded(DataSummary data) {}

  /** How the teacher comes about, in words. */
  default void teacher(String what) {}

  /** The teacher is there. */
  default void teacherReady(Score validation) {}

  /** Why the teacher may not be what was meant, in words. */
  default void teacherDoubted(String why) {}

  /**
   * The candidates are about to start; called again whenever a search asks for more.
   *
   * @param tree of all candidates so far
   * @param atMost how many candidates there can come to be: as many as the tree has where no more
   *     will follow
   */
  default void planned(StageTree tree, int atMost) {}

  /** A candidate ended, as the {@code done}-th one. */
  default void finished(Candidate candidate, Outcome outcome, int done) {}

  /** How things stand: about once a second, from a thread of its own. */
  default void status(SweepStatus status) {}
}
