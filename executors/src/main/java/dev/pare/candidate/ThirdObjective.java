package dev.pare.candidate;

/**
 * What a frontier weighs beside bytes and the metric: of two files as large and as good the one
 * that has less of it is better, and a larger file stays that has less of it than all smaller ones
 * as good. Counts alone, which are the same wherever a file is made; what a machine takes in time
 * is not.
 */
public enum ThirdObjective {
  /** Nothing. */
  NONE,
  /** Multiply-adds of an example, zeros among the weights included: what dense kernels do. */
  MULTIPLY_ADDS,
  /** Multiply-adds of an example by weights and activations that are not zero. */
  EFFECTIVE_MULTIPLY_ADDS,
  /** Validation examples that an attack finds a wrong answer for. */
  ROBUST_ERROR;

  /** How much of it a file has; 0 of nothing. */
  public long of(FileSummary file) {
    return switch (this) {
      case NONE -> 0;
      case MULTIPLY_ADDS -> file.operations().multiplyAdds();
      case EFFECTIVE_MULTIPLY_ADDS -> file.operations().effectiveMultiplyAdds();
      // A file of an earlier version that nobody attacked is as bad as can be.
      case ROBUST_ERROR ->
          file.robustness() == null ? Integer.MAX_VALUE : file.robustness().broken();
    };
  }

  /** As configurations spell it. */
  @Override
  public String toString() {
    return Spelling.of(this);
  }
}
