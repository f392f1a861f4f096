package dev.pare.train;

/** What happens to a student between training steps. */
@FunctionalInterface
public interface Schedule {
  /** Nothing happens. */
  Schedule NONE = (step, steps) -> {};

  /** Called before each of {@code steps} steps, counted from 0. */
  void before(int step, int steps);

  /**
   * Called after each step.
   *
   * @param sizes of that step, valid until the next one
   */
  default void after(int step, int steps, StepSizes sizes) {}

  /** How far a step of the optimizer moved variables. */
  @FunctionalInterface
  interface StepSizes {
    /** By how much it moves a variable for each unit of a steady gradient. */
    float of(int variable);
  }
}
