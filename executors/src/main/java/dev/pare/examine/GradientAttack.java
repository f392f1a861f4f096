package dev.pare.examine;

import dev.pare.train.AttackLoss;
import dev.pare.train.InputSpace;
import java.util.SplittableRandom;

/**
 * Attacks along the sign of the loss's gradient: one step to the farthest input (FGSM, Goodfellow
 * et al. 2015), or many small ones that stay near enough, from the example and from random inputs
 * (PGD, Madry et al. 2018).
 */
final class GradientAttack implements Attack {
  private final AttackLoss loss;
  private final int steps;
  private final int starts;

  /** Of the way to the farthest input. */
  private final double stride;

  private final long seed;

  private GradientAttack(AttackLoss loss, int steps, int starts, double stride, long seed) {
    this.loss = loss;
    this.steps = steps;
    this.starts = starts;
    this.stride = stride;
    this.seed = seed;
  }

  static GradientAttack fgsm() {
    return new GradientAttack(AttackLoss.CROSS_ENTROPY, 1, 1, 1, 0);
  }

  /**
   * By the margin of logits, whose gradient cannot be masked by a sure answer.
   *
   * @param starts of which the first is the example itself
   */
  static GradientAttack pgd(int steps, int starts, long seed) {
    return new GradientAttack(AttackLoss.MARGIN, steps, starts, 2.5 / steps, seed);
  }

  @Override
  public void run(Attacked examples, boolean[] broken) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int start = 0; start < starts; start++) {
      for (int[] batch : examples.batches(broken)) {
        float[] values = new float[batch.length * examples.features()];
        examples.copy(batch, values);
        if (start > 0) {
          scatter(examples, batch, values, random);
        }
        climb(examples, batch, values, broken);
      }
    }
  }

  private static void scatter(
      Attacked examples, int[] batch, float[] values, SplittableRandom random) {
    for (int b = 0; b < batch.length; b++) {
      for (int f = 0; f < examples.features(); f++) {
        float least = examples.least(batch[b], f);
        float most = examples.most(batch[b], f);
        values[b * examples.features() + f] = InputSpace.draw(least, most, random);
      }
    }
  }

  private void climb(Attacked examples, int[] batch, float[] values, boolean[] broken) {
    int features = examples.features();
    float[] gradient = new float[values.length];
    float[] margins = new float[batch.length];
    for (int step = 0; step < steps; step++) {
      examples.gradient(batch, values, loss, gradient);
      for (int b = 0; b < batch.length; b++) {
        for (int f = 0; f < features; f++) {
          int at = b * features + f;
          float least = examples.least(batch[b], f);
          float most = examples.most(batch[b], f);
          float x = examples.input(batch[b], f);
          values[at] = InputSpace.step(values[at], x, least, most, stride, gradient[at]);
        }
      }
      examples.tryAll(batch, values, broken, margins);
    }
  }
}
