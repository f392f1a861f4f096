package dev.pare.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is trained, and how a network's parameters follow from it.
 *
 * <p>Pruning keeps some of them at zero, quantization rounds or shares them; each is a way from
 * variables to parameters, and a way for the parameters' gradient back.
 */
public interface TrainableParameters {
  /** No weights. */
  int[] NONE = {};

  /** The variables themselves, which the optimizer changes in place; always the same array. */
  float[] values();

  /**
   * The parameters that follow from the variables now; valid until the variables change. Not to be
   * written to.
   */
  float[] parameters();

  /**
   * Turns the parameters' gradient into the variables'; penalties are the optimizer's part. The
   * gradient is that at what {@link #parameters()} gave last.
   *
   * @param parameterGradient may be overwritten
   * @return as long as {@link #values()}; may be {@code parameterGradient} itself
   */
  float[] pullBack(float[] parameterGradient);

  /**
   * For each parameter the variable that it always equals, −1 if it is zero and stays so; empty if
   * parameters follow from variables in another way, or someone looks at each gradient.
   */
  default Optional<int[]> sources() {
    return Optional.empty();
  }

  /** All variables, in ranges that the optimizer treats alike. */
  List<Range> ranges();

  /**
   * Variables that are treated alike.
   *
   * @param from index of the first
   * @param to index after the last
   * @param kind what holds for them
   */
  record Range(int from, int to, Kind kind) {}

  /** What holds for a range of variables. */
  enum Kind {
    /** Weights: penalties apply, and {@link #mask()} holds some of them at zero. */
    WEIGHTS,
    /** Biases, scales, centroids. */
    FREE,
    /** Running means and variances: their gradient is the step to take, whatever the optimizer. */
    STATISTICS
  }

  /**
   * 1 for each weight that may change, 0 for each held at zero; as long as {@link #values()}, read
   * in weight ranges only.
   */
  float[] mask();

  /**
   * The weights that may change, those of {@link #mask()} 1, ascending: the same array for as long
   * as they are the same, and another once they are others. Those held at zero are zero then. Empty
   * unless it is known which they are and that they are few, in which case it saves work.
   */
  default int[] liveVariables() {
    return NONE;
  }

  /**
   * The weights among the parameters that may be other than zero, ascending: the same array for as
   * long as they are the same, and another once they are others. Empty unless it is known which
   * they are and that they are few, and nobody looks at the gradient of others.
   */
  default int[] liveParameters() {
    return NONE;
  }

  /**
   * The weights that a mask does not hold at zero, ascending; none if they are more than a quarter,
   * as an optimizer is as fast over all of them then.
   */
  static int[] fewOf(List<Range> ranges, float[] mask) {
    int all = 0;
    int count = 0;
    int[] found = new int[mask.length];
    for (Range range : ranges) {
      if (range.kind() == Kind.WEIGHTS) {
        all += range.to() - range.from();
        for (int i = range.from(); i < range.to(); i++) {
          found[count] = i;
          count += mask[i] == 0 ? 0 : 1;
        }
      }
    }
    return 4L * count <= all ? Arrays.copyOf(found, count) : NONE;
  }
}
