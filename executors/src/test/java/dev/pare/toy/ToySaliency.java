package dev.pare.toy;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.Saliency;
import dev.pare.sparsify.SaliencyCriterion;
import dev.pare.train.MaskedWeights;

/** A weight's square. */
public final class ToySaliency implements Saliency {
  @Override
  public String name() {
    return "toy";
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
    return new SaliencyCriterion() {
      @Override
      public Combination combination() {
        return Combination.SUM;
      }

      @Override
      public void score(float[] scores) {
        float[] values = weights.values();
        for (int i = 0; i < scores.length; i++) {
          scores[i] = values[i] * values[i];
        }
      }
    };
  }
}
