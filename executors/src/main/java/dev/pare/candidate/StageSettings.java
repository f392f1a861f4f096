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
