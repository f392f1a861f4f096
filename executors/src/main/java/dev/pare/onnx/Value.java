package dev.pare.onnx;

/** What a node reads or makes, for one example. */
sealed interface Value permits Tensor, Flow, Joined, Scores {
  /** Sides; the first is the batch's wherever there is one, and 1. */
  int[] dims();
}
