package dev.pare.train;

/**
 * Adam's bias corrections (Kingma and Ba 2015), moved out of its loops: they scale the learning
 * rate and epsilon of each step.
 */
public final class AdamCorrections {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  static final float EPSILON = 1e-8f;

  private double beta1Power = 1;
  private double beta2Power = 1;
  private float correction;

  /** Goes on to the next step. */
  public void next() {
    beta1Power *= BETA1;
    beta2Power *= BETA2;
    correction = (float) Math.sqrt(1 - beta2Power);
  }

  /** By what the first moment is multiplied, before it is divided by the second's root. */
  public float rate(double learningRate) {
    return (float) (learningRate * correction / (1 - beta1Power));
  }

  /** The same for a first moment that a steady gradient has brought to its value. */
  float steadyRate(double learningRate) {
    return (float) (learningRate * correction);
  }

  /** What is added to the second moment's root. */
  public float epsilon() {
    return EPSILON * correction;
  }
}
