package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;

/** A weight's absolute value; of several, the root of their mean square. */
final class MagnitudeSaliency implements Saliency {
  @Override
  public String name() {
    return "magnitude";
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
    return new Criterion(weights);
  }

  private record Criterion(MaskedWeights weights) implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.ROOT_MEAN_SQUARE;
    }

    @Override
    public void score(float[] scores) {
      Combination.ROOT_MEAN_SQUARE.ofEach(weights.values(), scores);
    }
  }
}
