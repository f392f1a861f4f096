package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Spelling;
import dev.pare.plan.StageTree.Stage;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A stage in the words of the candidates whose paths go through it.
 *
 * @param candidates how many there are
 * @param values what their points have in common
 */
public record StagePoint(int candidates, Map<String, String> values) {
  public StagePoint {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** Of a stage. */
  public static StagePoint of(Stage first) {
    int candidates = 0;
    Map<String, String> common = null;
    Deque<Stage> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Stage stage = open.remove();
      if (stage.candidate().isPresent()) {
        Candidate candidate = stage.candidate().get();
        candidates++;
        if (common == null) {
          common = new TreeMap<>(candidate.point());
        } else {
          common.entrySet().retainAll(candidate.point().entrySet());
        }
      }
      open.addAll(stage.children());
    }
    return new StagePoint(candidates, common == null ? Map.of() : common);
  }

  /** What a stage does, with its sparsity where the candidates' points do not tell it. */
  public String name(Stage stage) {
    String kind = Spelling.of(stage.settings().kind());
    boolean untold = stage.settings() instanceof Prune && !values.containsKey("sparsity");
    return untold ? kind + " to " + ((Prune) stage.settings()).sparsity() : kind;
  }

  /** As {@code bits=3 sparsity=0.9}, without the values that are known already. */
  public String label(Map<String, String> known) {
    return values.entrySet().stream()
        .filter(value -> !known.entrySet().contains(value))
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }
}
