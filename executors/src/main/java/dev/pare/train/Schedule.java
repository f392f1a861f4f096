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
   * @param learningRate the step's
   */
  default void after(int step, int steps, double learningRate) {}
}
