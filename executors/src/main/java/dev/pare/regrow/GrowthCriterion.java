package dev.pare.regrow;

import dev.pare.train.TrainableParameters.Range;
import java.util.List;

/** What makes a weight worth growing, and how many grow in each layer. */
interface GrowthCriterion {
  /**
   * Looks at the gradient of one step, of weights that are held at zero, too.
   *
   * @param gradient in the layout of the parameters
   */
  void observe(float[] gradient);

  /**
   * How much a weight is worth that might grow; the most worth grows first.
   *
   * @param index of a parameter; asked once a change, in ascending order
   */
  float worth(int index);

  /** Whether it looks at every step's gradient, and not only where weights change places. */
  default boolean watchesAlways() {
    return false;
  }

  /**
   * How many weights each layer grows, as many together as were dropped. Layers keep their density
   * unless a way to grow has another idea.
   *
   * @param layers their weights
   * @param mask 1 for each weight that has not been dropped
   * @param dropped how many each layer has dropped
   */
  default int[] parts(List<Range> layers, float[] mask, int[] dropped) {
    return dropped;
  }
}
