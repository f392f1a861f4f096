package dev.pare.onnx;

import java.util.List;
import java.util.Set;

/**
 * An operator of ONNX.
 *
 * @param attributes that are known; others are refused, as they may change what it computes
 * @param meaning what it does
 */
record Operator(Set<String> attributes, Meaning meaning) {
  /** What an operator makes of its inputs, for one example. */
  @FunctionalInterface
  interface Meaning {
    /**
     * Its outputs, of which the last may be missing.
     *
     * @throws IllegalArgumentException saying what is not supported
     */
    List<Value> of(Call call);
  }
}
