package dev.pare.schedule;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the candidates of a stage tree come from while it runs. */
public interface CandidateSource {
  /**
   * Adds the candidates to the tree that are to be tried now. Asked until there are none, at the
   * start and whenever a stage has ended; when all stages have ended there are none only if no more
   * will come.
   *
   * @return what was added; none if nothing was
   */
  Optional<Added> next();

  /** Whether nothing will be added any more, whatever stages come to. */
  boolean isComplete();

  /**
   * Looks up stages that another driver may have made since they were added.
   *
   * @param stages of the tree, each after the one it starts from
   * @return the reports of those that are made or failed for good
   */
  default Map<StageKey, StageReport> made(List<Stage> stages) {
    return Map.of();
  }

  /**
   * What was added to a tree.
   *
   * @param stages those that it had not, in its order
   * @param finished reports of these that an earlier run finished or saw fail for good
   */
  record Added(List<Stage> stages, Map<StageKey, StageReport> finished) {
    public Added {
      stages = List.copyOf(stages);
      finished = Collections.unmodifiableMap(finished);
    }
  }

  /**
   * A tree that has all of its candidates.
   *
   * @param finished reports of stages that an earlier run finished or saw fail for good
   */
  static CandidateSource of(StageTree tree, Map<StageKey, StageReport> finished) {
    return new CandidateSource() {
      private boolean isAdded;

      @Override
      public Optional<Added> next() {
        Optional<Added> added =
            isAdded ? Optional.empty() : Optional.of(new Added(tree.all(), finished));
        isAdded = true;
        return added;
      }

      @Override
      public boolean isComplete() {
        return true;
      }
    };
  }
}
