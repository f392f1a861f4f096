package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;
import java.util.SplittableRandom;

/** A seeded draw, which everything must beat: one a weight, the same at every step. */
final class RandomSaliency implements Saliency {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Evidence evidence() {
    return Evidence.NONE;
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(weights.values().length, calibration.seed());
  }

  private static final class Criterion implements SaliencyCriterion {
    private final float[] draws;

    Criterion(int count, long seed) {
      this.draws = new float[count];
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < count; i++) {
        draws[i] = (float) random.nextDouble();
      }
    }

    @Override
    public Combination combination() {
      return Combination.FIRST;
    }

    @Override
    public void score(float[] scores) {
      System.arraycopy(draws, 0, scores, 0, scores.length);
    }
  }
}
