package dev.pare.frontier;

import dev.pare.candidate.StageKey;

/** Something with a size and a quality. */
public interface Tradeoff {
  /** Tells it from all others; the smaller one goes first among equals. */
  StageKey key();

  /** Bytes of the whole file. */
  long bytes();

  /** What it is judged by on the validation examples, such that more is better. */
  double quality();
}
