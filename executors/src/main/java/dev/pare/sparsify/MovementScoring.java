package dev.pare.sparsify;

import dev.pare.model.Architecture;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Variables;
import java.util.List;

/**
 * Adds up {@code −w·∂L/∂w} while weights are trained (Sanh, Wolf and Rush 2020): positive where a
 * weight moves away from zero.
 */
final class MovementScoring implements Scoring, Variables {
  private final MaskedWeights weights;
  private final float[] movement;

  MovementScoring(Architecture architecture, MaskedWeights weights) {
    this.weights = weights;
    this.movement = new float[architecture.parameters()];
  }

  @Override
  public Combination combination() {
    return Combination.SUM;
  }

  @Override
  public void score(float[] scores) {
    System.arraycopy(movement, 0, scores, 0, scores.length);
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    add(weights.values(), parameterGradient, movement);
    return weights.pullBack(parameterGradient);
  }

  private static void add(float[] values, float[] gradient, float[] movement) {
    for (int i = 0; i < movement.length; i++) {
      movement[i] -= values[i] * gradient[i];
    }
  }

  @Override
  public float[] values() {
    return weights.values();
  }

  @Override
  public float[] parameters() {
    return weights.parameters();
  }

  @Override
  public List<Range> ranges() {
    return weights.ranges();
  }

  @Override
  public float[] mask() {
    return weights.mask();
  }
}
