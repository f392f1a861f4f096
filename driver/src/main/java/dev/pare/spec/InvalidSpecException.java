package dev.pare.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; carries every reason at once. */
public final class InvalidSpecException extends RuntimeException {
  private final List<SpecProblem> problems;

  InvalidSpecException(List<SpecProblem> problems) {
    super(problems.stream().map(SpecProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the keys' reading. */
  public List<SpecProblem> problems() {
    return problems;
  }
}
