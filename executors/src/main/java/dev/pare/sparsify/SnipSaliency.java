package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.train.ExampleGradients;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;

/**
 * Connection sensitivity (SNIP, Lee, Ajanthan and Torr 2019): {@code |w·∂L/∂w|} of the mean loss of
 * calibration examples, of several weights {@code |Σ w·∂L/∂w|}. Meant for networks that are not
 * trained yet: at trained ones the gradients of different examples cancel.
 */
final class SnipSaliency implements Saliency {
  @Override
  public String name() {
    return "snip";
  }

  @Override
  public Evidence evidence() {
    return Evidence.GRADIENTS;
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(architecture, weights, calibration.examples());
  }

  private record Criterion(Architecture architecture, MaskedWeights weights, Examples examples)
      implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.ABSOLUTE_SUM;
    }

    @Override
    public int jumps() {
      return 10;
    }

    @Override
    public void score(float[] scores) {
      float[] changes = new float[scores.length];
      changes(changes);
      combination().ofEach(changes, scores);
    }

    @Override
    public void score(PruningGroups items, float[] itemScores, float[] scratch) {
      changes(scratch);
      items.combine(scratch, combination(), itemScores);
    }

    private void changes(float[] changes) {
      Arrays.fill(changes, 0);
      float[] values = weights.values();
      ExampleGradients.forEach(
          architecture,
          values,
          examples,
          ExampleGradients.smallestBatch(architecture),
          (gradient, count) -> {
            float share = (float) count / examples.size();
            for (int i = 0; i < changes.length; i++) {
              changes[i] += share * values[i] * gradient[i];
            }
          });
    }
  }
}
