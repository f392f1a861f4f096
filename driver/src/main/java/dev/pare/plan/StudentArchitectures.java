package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.Start;
import dev.pare.graph.Architecture;
import dev.pare.sparsify.ReducedNetwork;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the architectures are that a configuration names, for the data that students are to read.
 */
public final class StudentArchitectures {
  /** Before the data are known: names stand for themselves. */
  public static final StudentArchitectures UNKNOWN = new StudentArchitectures(Map.of());

  private final Map<String, Known> known;
  private final Map<Start, Start> resolved = new HashMap<>();

  /**
   * A network to begin with.
   *
   * @param weights under which key the store has it; null if weights are drawn
   */
  public record Known(Architecture architecture, @Nullable StageKey weights) {
    public Known {
      requireNonNull(architecture, "architecture is null");
    }
  }

  /**
   * @param known by name, the teacher's included
   */
  public StudentArchitectures(Map<String, Known> known) {
    this.known = Map.copyOf(known);
  }

  /** The same settings by what their architecture is: equal ones are one, whatever their names. */
  Start resolved(Start start) {
    if (known.isEmpty()) {
      return start;
    }
    return resolved.computeIfAbsent(
        start,
        named -> {
          Known one =
              requireNonNull(known.get(named.architecture()), "no such architecture: " + named);
          Architecture left =
              named.width() < 1
                  ? ReducedNetwork.narrowed(one.architecture(), named.width())
                  : one.architecture();
          return named.with(ArchitectureForm.of(left), one.weights());
        });
  }
}
