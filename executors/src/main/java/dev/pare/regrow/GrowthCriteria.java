package dev.pare.regrow;

import dev.pare.candidate.Prune;
import dev.pare.train.TrainableParameters.Range;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The three ways to grow. */
final class GrowthCriteria {
  private GrowthCriteria() {}

  /**
   * Of a schedule by which weights change places.
   *
   * @param parameters how many the network has
   */
  static GrowthCriterion of(Prune.Schedule schedule, int parameters, long seed) {
    return switch (schedule) {
      case SET -> new AtRandom(new SplittableRandom(seed).split());
      case RIGL -> new ByGradient(parameters);
      case SPARSE_MOMENTUM -> new ByMomentum(parameters);
      case ONE_SHOT, GRADUAL, ITERATIVE, REWIND ->
          throw new IllegalArgumentException("nothing grows with schedule = " + schedule);
    };
  }

  private record AtRandom(SplittableRandom random) implements GrowthCriterion {
    @Override
    public void observe(float[] gradient) {}

    @Override
    public float worth(int index) {
      // The upper bits alone: a float holds 24.
      return random.nextInt() >>> 8;
    }
  }

  private static final class ByGradient implements GrowthCriterion {
    private final float[] last;

    ByGradient(int parameters) {
      this.last = new float[parameters];
    }

    @Override
    public void observe(float[] gradient) {
      System.arraycopy(gradient, 0, last, 0, last.length);
    }

    @Override
    public float worth(int index) {
      return Math.abs(last[index]);
    }
  }

  /** The average is of all gradients, while the optimizer's is of weights that are there. */
  private static final class ByMomentum implements GrowthCriterion {
    private static final float KEPT = 0.9f;

    private final float[] momentum;

    ByMomentum(int parameters) {
      this.momentum = new float[parameters];
    }

    @Override
    public void observe(float[] gradient) {
      float[] m = momentum;
      for (int i = 0; i < m.length; i++) {
        m[i] = KEPT * m[i] + (1 - KEPT) * gradient[i];
      }
    }

    @Override
    public float worth(int index) {
      return Math.abs(momentum[index]);
    }

    @Override
    public boolean watchesAlways() {
      return true;
    }

    @Override
    public int[] parts(List<Range> layers, float[] mask, int[] dropped) {
      double[] claims = new double[dropped.length];
      int[] room = new int[dropped.length];
      for (int l = 0; l < dropped.length; l++) {
        claims[l] = meanMagnitude(layers.get(l), mask);
        for (int i = layers.get(l).from(); i < layers.get(l).to(); i++) {
          room[l] += mask[i] == 0 ? 1 : 0;
        }
      }
      return ProportionalAllocation.of(Arrays.stream(dropped).sum(), claims, room);
    }

    /** Over the weights that are there. */
    private double meanMagnitude(Range layer, float[] mask) {
      double sum = 0;
      int count = 0;
      for (int i = layer.from(); i < layer.to(); i++) {
        if (mask[i] != 0) {
          sum += Math.abs(momentum[i]);
          count++;
        }
      }
      return count == 0 ? 0 : sum / count;
    }
  }
}
