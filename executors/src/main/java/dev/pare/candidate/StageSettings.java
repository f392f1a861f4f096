package dev.pare.candidate;

import java.io.Serializable;

/**
 * One stage on a candidate's path from the teacher to a file. Two candidates whose paths begin with
 * equal settings share that beginning's work.
 */
public sealed interface StageSettings extends Serializable
    permits Start, Factorize, Activate, Regularize, Prune, Quantize, Encode {
  /** What the stage does; switch over this. */
  Kind kind();

  /** How many epochs it trains; 0 if it does not. */
  default int epochs() {
    return switch (kind()) {
      case START -> ((Start) this).training().epochs();
      case FACTORIZE -> ((Factorize) this).training().epochs();
      case ACTIVATE -> ((Activate) this).training().epochs();
      case REGULARIZE -> ((Regularize) this).training().epochs();
      case PRUNE -> ((Prune) this).training().epochs();
      case QUANTIZE -> ((Quantize) this).training().epochs();
      case ENCODE -> 0;
    };
  }

  /** The kinds of stages, in the order in which they usually run. */
  enum Kind {
    START,
    FACTORIZE,
    ACTIVATE,
    REGULARIZE,
    PRUNE,
    QUANTIZE,
    ENCODE
  }
}
