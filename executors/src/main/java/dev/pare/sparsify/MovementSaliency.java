package dev.pare.sparsify;

import dev.pare.train.MaskedWeights;

/**
 * Adds up {@code −w·∂L/∂w} while weights are trained (Sanh, Wolf and Rush 2020): positive where a
 * weight moves away from zero.
 */
final class MovementSaliency implements SaliencyCriterion {
  private final MaskedWeights weights;
  private final float[] movement;

  MovementSaliency(MaskedWeights weights) {
    this.weights = weights;
    this.movement = new float[weights.values().length];
    weights.watch(this::add);
  }

  @Override
  public Combination combination() {
    return Combination.SUM;
  }

  @Override
  public void score(float[] scores) {
    System.arraycopy(movement, 0, scores, 0, scores.length);
  }

  private void add(float[] gradient) {
    float[] values = weights.values();
    for (int i = 0; i < movement.length; i++) {
      movement[i] -= values[i] * gradient[i];
    }
  }
}
