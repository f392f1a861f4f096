package dev.pare.ledger;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of a ledger: what a candidate was and what came of it.
 *
 * @param point the values that tell the candidate from the others, by dimension
 * @param stages its settings, from first to last, as people read them
 */
public record LedgerEntry(Map<String, String> point, List<String> stages, Outcome outcome) {
  public LedgerEntry {
    point = Collections.unmodifiableMap(new TreeMap<>(point));
    stages = List.copyOf(stages);
    requireNonNull(outcome, "outcome is null");
  }

  /** The entry that a ledger keeps of a candidate. */
  public static LedgerEntry of(Candidate candidate, Outcome outcome) {
    return new LedgerEntry(
        candidate.point(), candidate.stages().stream().map(Object::toString).toList(), outcome);
  }

  /** What tells the candidate from the others, as {@code bits=3 sparsity=0.9}. */
  public String label() {
    return Candidate.label(point);
  }
}
