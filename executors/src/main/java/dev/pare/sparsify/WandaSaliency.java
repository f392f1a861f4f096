package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.LayerInputs;
import dev.pare.train.MaskedWeights;

/**
 * Weights and activations (Wanda, Sun et al. 2024): {@code |w|·‖x‖} of a weight and what it is
 * multiplied by on calibration examples. The norm is over the root of how many numbers there are,
 * so that layers compare; several weights score by the root of their mean square.
 */
final class WandaSaliency implements Saliency {
  @Override
  public String name() {
    return "wanda";
  }

  @Override
  public Evidence evidence() {
    return Evidence.INPUTS;
  }

  @Override
  public void check(Prune settings, Architecture architecture) {
    PruningChecks.checkInputsKnown(settings.saliency(), architecture);
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new Criterion(
        architecture, weights, new LayerInputs(architecture, calibration.examples()));
  }

  private record Criterion(Architecture architecture, MaskedWeights weights, LayerInputs inputs)
      implements SaliencyCriterion {
    @Override
    public Combination combination() {
      return Combination.ROOT_MEAN_SQUARE;
    }

    @Override
    public int jumps() {
      return 10;
    }

    @Override
    public void score(float[] scores) {
      float[] values = weights.values();
      for (ParameterTensor tensor : architecture.weights()) {
        double[] squares = inputs.meanSquares(values, tensor.layer());
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          double norm = Math.sqrt(squares[(i - tensor.offset()) % tensor.columns()]);
          scores[i] = (float) (Math.abs(values[i]) * norm);
        }
      }
    }
  }
}
