package dev.pare.train;

import dev.pare.layers.Exponential;
import java.util.Arrays;

/** What attacks on a classifier make large, of one example. */
public enum AttackLoss {
  /** The negative logarithm of the true class's probability. */
  CROSS_ENTROPY {
    /**
     * The gradient over the probability of all wrong classes together: its signs are the same, and
     * it does not vanish where the true class is nearly certain.
     */
    @Override
    public void gradient(float[] logits, int from, int classes, int label, float[] target) {
      float largest = logits[other(logits, from, classes, label)];
      float sum = 0;
      for (int c = 0; c < classes; c++) {
        float e = c == label ? 0 : Exponential.exp(logits[from + c] - largest);
        target[from + c] = e;
        sum += e;
      }
      for (int c = 0; c < classes; c++) {
        target[from + c] = c == label ? -1 : target[from + c] / sum;
      }
    }
  },
  /** The largest other logit less the true class's, whose gradient never vanishes. */
  MARGIN {
    @Override
    public void gradient(float[] logits, int from, int classes, int label, float[] target) {
      Arrays.fill(target, from, from + classes, 0);
      target[other(logits, from, classes, label)] = 1;
      target[from + label] = -1;
    }
  };

  /**
   * Its gradient with respect to the logits, up to a positive factor.
   *
   * @param from where the example's logits begin, and their gradient
   * @param target written
   */
  public abstract void gradient(float[] logits, int from, int classes, int label, float[] target);

  /** The true class's logit less the largest other one: below 0 for a wrong answer. */
  public static float margin(float[] logits, int from, int classes, int label) {
    return logits[from + label] - logits[other(logits, from, classes, label)];
  }

  /** The index of the largest logit but the true class's. */
  private static int other(float[] logits, int from, int classes, int label) {
    int other = label == 0 ? 1 : 0;
    for (int c = 0; c < classes; c++) {
      other = c != label && logits[from + c] > logits[from + other] ? c : other;
    }
    return from + other;
  }
}
