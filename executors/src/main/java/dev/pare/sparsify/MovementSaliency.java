package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;
import java.util.Optional;

/**
 * A weight's movement while it is trained, {@code −Σ w·∂L/∂w} (Sanh, Wolf and Rush 2020): positive
 * where it moves away from zero.
 */
final class MovementSaliency implements Saliency {
  @Override
  public String name() {
    return "movement";
  }

  @Override
  public Evidence evidence() {
    return Evidence.NONE;
  }

  @Override
  public boolean isLearned() {
    return true;
  }

  @Override
  public Optional<String> conflict(Prune settings) {
    if (settings.schedule() != Prune.Schedule.GRADUAL || settings.training().epochs() == 0) {
      return Optional.of("saliency = movement: needs schedule = gradual and epochs above 0");
    }
    return settings.ramp() == 0
        ? Optional.of("saliency = movement: needs a ramp above 0 to see weights move")
        : Optional.empty();
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(weights);
  }

  private static final class Criterion implements SaliencyCriterion {
    private final MaskedWeights weights;
    private final float[] movement;

    Criterion(MaskedWeights weights) {
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
}
