package dev.pare.train;

/**
 * Adam (Kingma and Ba 2015) with its customary β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. Penalties, moments,
 * update and mask are one pass over the variables.
 */
final class Adam implements Schedule.StepSizes {
  private static final float BETA1 = AdamCorrections.BETA1;
  private static final float BETA2 = AdamCorrections.BETA2;

  /** Steps after which what has faded is put to zero; until then it cannot fade to denormals. */
  private static final int STEPS_TO_FLUSH = 128;

  private static final float FADED = 1e-20f;
  private static final float FADED_SQUARE = 1e-30f;

  private final float l1;
  private final float l2;
  private final float[] first;
  private final float[] second;
  private final AdamCorrections corrections = new AdamCorrections();
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
    float[] values = variables.values();
    for (TrainableParameters.Range range : variables.ranges()) {
      switch (range.kind()) {
        case STATISTICS -> {
          for (int i = range.from(); i < range.to(); i++) {
            values[i] -= gradient[i];
          }
        }
        case FREE -> free(values, gradient, range.from(), range.to(), rate, epsilon);
        case WEIGHTS -> {
          if (l1 != 0) {
            addSigns(values, gradient, range.from(), range.to());
          }
          weights(values, gradient, variables.mask(), range.from(), range.to(), rate, epsilon);
        }
      }
    }
  }

  @Override
  public float of(int variable) {
    return lastRate / ((float) Math.sqrt(second[variable]) + lastEpsilon);
  }

  /**
   * Without gradient, moments would fade into denormal numbers, on which processors are a hundred
   * times slower.
   */
  private void flush() {
    for (int i = 0; i < first.length; i++) {
      first[i] = Math.abs(first[i]) < FADED ? 0 : first[i];
      second[i] = second[i] < FADED_SQUARE ? 0 : second[i];
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

  private void weights(
      float[] values, float[] gradient, float[] mask, int from, int to, float rate, float epsilon) {
    float[] m = first;
    float[] v = second;
    float penalty = l2;
    for (int i = from; i < to; i++) {
      float keep = mask[i];
      float w = values[i];
      float g = keep * (gradient[i] + penalty * w);
      // A weight that is held at zero forgets: should it grow again, it begins anew.
      float mi = keep * (BETA1 * m[i]) + (1 - BETA1) * g;
      float vi = keep * (BETA2 * v[i]) + (1 - BETA2) * g * g;
      m[i] = mi;
      v[i] = vi;
      // Adding zero makes a pruned weight's product of zero with a negative number plain zero.
      values[i] = keep * (w - rate * mi / ((float) Math.sqrt(vi) + epsilon)) + 0f;
    }
  }

  private void addSigns(float[] values, float[] gradient, int from, int to) {
    for (int i = from; i < to; i++) {
      gradient[i] += l1 * Math.signum(values[i]);
    }
  }
}
