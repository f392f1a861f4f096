package dev.pare.train;

import java.util.OptionalInt;

/** What happens to a student between training steps. */
@FunctionalInterface
public interface Schedule {
  /** Nothing happens. */
  Schedule NONE =
      new Schedule() {
        @Override
        public void before(int step, int steps) {}

        @Override
        public OptionalInt next(int step, int steps) {
          return OptionalInt.of(steps);
        }
      };

  /** Called before each of {@code steps} steps, counted from 0. */
  void before(int step, int steps);

  /**
   * Called after each step.
   *
   * @param sizes of that step, valid until the next one
   */
  default void after(int step, int steps, StepSizes sizes) {}

  /**
   * From a step on, the first one before which something happens, {@code steps} if nothing does;
   * empty if that is not known beforehand, or something happens after steps too.
   */
  default OptionalInt next(int step, int steps) {
    return OptionalInt.empty();
  }

  /** How far a step of the optimizer moved variables. */
  @FunctionalInterface
  interface StepSizes {
    /** By how much it moves a variable for each unit of a steady gradient. */
    float of(int variable);
  }
}
