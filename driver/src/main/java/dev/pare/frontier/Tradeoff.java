package dev.pare.frontier;

import dev.pare.candidate.StageKey;

/** Something with a size and an accuracy. */
public interface Tradeoff {
  /** Tells it from all others; the smaller one goes first among equals. */
  StageKey key();

  /** Bytes of the whole file. */
  long bytes();

  /** Share of the validation examples that it gets right. */
  double accuracy();
}
