package dev.pare.train;

/** Adam (Kingma and Ba 2015), with its customary β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. */
final class Adam {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final float[] first;
  private final float[] second;
  private double beta1Power = 1;
  private double beta2Power = 1;

  Adam(int variables) {
    this.first = new float[variables];
    this.second = new float[variables];
  }

  /** One step against the gradient. */
  void step(float[] values, float[] gradient, double learningRate) {
    beta1Power *= BETA1;
    beta2Power *= BETA2;
    // Bias corrections moved out of the loop: they scale the rate and epsilon.
    float correction = (float) Math.sqrt(1 - beta2Power);
    float rate = (float) (learningRate * correction / (1 - beta1Power));
    float epsilon = EPSILON * correction;
    float[] m = first;
    float[] v = second;
    for (int i = 0; i < values.length; i++) {
      float g = gradient[i];
      float mi = BETA1 * m[i] + (1 - BETA1) * g;
      float vi = BETA2 * v[i] + (1 - BETA2) * g * g;
      m[i] = mi;
      v[i] = vi;
      values[i] -= rate * mi / ((float) Math.sqrt(vi) + epsilon);
    }
  }
}
