package dev.pare.train;

import dev.pare.layers.Team;
import java.util.Arrays;

/**
 * Adam (Kingma and Ba 2015) with its customary β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. Penalties, moments,
 * update and mask go over the variables block by block. Where few weights may change, it is over
 * these alone, side by side in arrays of their own; the bits are those of going over all.
 */
final class Adam implements Schedule.StepSizes {
  private static final float BETA1 = AdamCorrections.BETA1;
  private static final float BETA2 = AdamCorrections.BETA2;

  /** Steps after which what has faded is put to zero; until then it cannot fade to denormals. */
  private static final int STEPS_TO_FLUSH = 128;

  /** Weights between two loops over them; four arrays of as many fit into the first cache. */
  private static final int BLOCK = 1024;

  private static final float FADED = 1e-20f;
  private static final float FADED_SQUARE = 1e-30f;

  private final float l1;
  private final float l2;
  private final float[] first;
  private final float[] second;
  private final AdamCorrections corrections = new AdamCorrections();

  /**
   * What {@link TrainableParameters#liveVariables} gave last; their moments are in the arrays
   * below.
   */
  private int[] live = TrainableParameters.NONE;

  private float[] liveFirst = {};
  private float[] liveSecond = {};
  private float[] liveGradient = {};
  private float[] liveValues = {};
  private int steps;
  private float lastRate;
  private float lastEpsilon;

  /**
   * @param l1 weight of {@code |w|} in the loss, by its subgradient, 0 at 0
   * @param l2 weight of {@code w²/2} in the loss
   */
  Adam(int variables, double l1, double l2) {
    this.l1 = (float) l1;
    this.l2 = (float) l2;
    this.first = new float[variables];
    this.second = new float[variables];
  }

  /** One step against the gradient. */
  void step(TrainableParameters variables, float[] gradient, double learningRate) {
    if (++steps % STEPS_TO_FLUSH == 0) {
      flush();
    }
    corrections.next();
    float rate = corrections.rate(learningRate);
    float epsilon = corrections.epsilon();
    lastRate = corrections.steadyRate(learningRate);
    lastEpsilon = epsilon;
    gatherLive(variables);
    if (live.length > 0) {
      few(variables.values(), gradient, rate, epsilon);
    }
    for (TrainableParameters.Range range : variables.ranges()) {
      step(range, variables, gradient, rate, epsilon);
    }
  }

  /**
   * A method of its own: HotSpot's compiler does not vectorize the loops over variables where it
   * puts them into the one over ranges, which makes them five times as slow.
   */
  private void step(
      TrainableParameters.Range range,
      TrainableParameters variables,
      float[] gradient,
      float rate,
      float epsilon) {
    float[] values = variables.values();
    switch (range.kind()) {
      case STATISTICS -> {
        for (int i = range.from(); i < range.to(); i++) {
          values[i] -= gradient[i];
        }
      }
      case FREE -> free(values, gradient, range.from(), range.to(), rate, epsilon);
      case WEIGHTS -> {
        if (live.length == 0) {
          float[] mask = variables.mask();
          Team.divide(
              range.from(),
              range.to(),
              1,
              (from, to) -> weights(values, gradient, mask, from, to, rate, epsilon));
        }
      }
    }
  }

  @Override
  public float of(int variable) {
    int at = Arrays.binarySearch(live, variable);
    float square = at < 0 ? second[variable] : liveSecond[at];
    return lastRate / ((float) Math.sqrt(square) + lastEpsilon);
  }

  /**
   * Without gradient, moments would fade into denormal numbers, on which processors are a hundred
   * times slower.
   */
  private void flush() {
    flush(first, second);
    flush(liveFirst, liveSecond);
  }

  private static void flush(float[] first, float[] second) {
    for (int i = 0; i < first.length; i++) {
      first[i] = Math.abs(first[i]) < FADED ? 0 : first[i];
      second[i] = second[i] < FADED_SQUARE ? 0 : second[i];
    }
  }

  /** Sees to it that the moments of few weights that may change are side by side. */
  private void gatherLive(TrainableParameters variables) {
    int[] now = variables.liveVariables();
    if (now == live) {
      return;
    }
    for (int k = 0; k < live.length; k++) {
      first[live[k]] = liveFirst[k];
      second[live[k]] = liveSecond[k];
    }
    live = now;
    liveFirst = new float[now.length];
    liveSecond = new float[now.length];
    liveGradient = new float[now.length];
    liveValues = new float[now.length];
    for (int k = 0; k < now.length; k++) {
      liveFirst[k] = first[now[k]];
      liveSecond[k] = second[now[k]];
    }
    if (now.length > 0) {
      // A weight that is held at zero forgets.
      for (TrainableParameters.Range range : variables.ranges()) {
        if (range.kind() == TrainableParameters.Kind.WEIGHTS) {
          Arrays.fill(first, range.from(), range.to(), 0);
          Arrays.fill(second, range.from(), range.to(), 0);
        }
      }
    }
  }

  /** As {@link #weights} of those that are not held at zero. */
  private void few(float[] values, float[] gradient, float rate, float epsilon) {
    int[] at = live;
    float[] m = liveFirst;
    float[] v = liveSecond;
    float[] g = liveGradient;
    float[] w = liveValues;
    for (int k = 0; k < at.length; k++) {
      g[k] = gradient[at[k]];
      w[k] = values[at[k]];
    }
    penalize(w, g, 0, w.length);
    for (int k = 0; k < w.length; k++) {
      float gk = g[k];
      float mk = BETA1 * m[k] + (1 - BETA1) * gk;
      float vk = BETA2 * v[k] + (1 - BETA2) * gk * gk;
      m[k] = mk;
      v[k] = vk;
      w[k] = w[k] - rate * mk / ((float) Math.sqrt(vk) + epsilon) + 0f;
    }
    for (int k = 0; k < at.length; k++) {
      values[at[k]] = w[k];
    }
  }

  private void free(float[] values, float[] gradient, int from, int to, float rate, float epsilon) {
    float[] m = first;
    float[] v = second;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float mi = BETA1 * m[i] + (1 - BETA1) * g;
      float vi = BETA2 * v[i] + (1 - BETA2) * g * g;
      m[i] = mi;
      v[i] = vi;
      values[i] -= rate * mi / ((float) Math.sqrt(vi) + epsilon);
    }
  }

  /**
   * As {@link #free} in blocks that stay in the cache, after each of which weights that are pruned
   * are held at zero. HotSpot's compiler vectorizes these short loops wherever it puts them, but
   * not always a single one with as many products, which is four times as slow then.
   */
  private void weights(
      float[] values, float[] gradient, float[] mask, int from, int to, float rate, float epsilon) {
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(to, start + BLOCK);
      penalize(values, gradient, start, end);
      free(values, gradient, start, end, rate, epsilon);
      // A weight that is held at zero forgets: should it grow again, it begins anew.
      mask(first, mask, start, end);
      mask(second, mask, start, end);
      mask(values, mask, start, end);
    }
  }

  /** Adding zero makes the product of zero with a negative number plain zero. */
  private static void mask(float[] numbers, float[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      numbers[i] = mask[i] * numbers[i] + 0f;
    }
  }

  /** Adds the penalties' gradients to the loss's. */
  private void penalize(float[] values, float[] gradient, int from, int to) {
    if (l1 != 0) {
      for (int i = from; i < to; i++) {
        gradient[i] += l1 * Math.signum(values[i]);
      }
    }
    if (l2 != 0) {
      for (int i = from; i < to; i++) {
        gradient[i] += l2 * values[i];
      }
    }
  }
}
