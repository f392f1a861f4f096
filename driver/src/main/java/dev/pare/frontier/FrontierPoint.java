package dev.pare.frontier;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;

/** A candidate and what was measured on its file. */
public record FrontierPoint(Candidate candidate, Outcome.Measured outcome) implements Tradeoff {
  public FrontierPoint {
    requireNonNull(candidate, "candidate is null");
    requireNonNull(outcome, "outcome is null");
  }

  @Override
  public StageKey key() {
    return outcome.key();
  }

  @Override
  public long bytes() {
    return outcome.measurement().size().totalBytes();
  }

  @Override
  public double quality() {
    return outcome.measurement().score().quality();
  }
}
