package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;

/**
 * What the losses of single calibration examples change without a weight, to first order: the mean
 * over examples of |w·∂L/∂w|, of several of |Σ w·∂L/∂w| (Molchanov et al. 2017).
 */
final class GradientSaliency implements Saliency {
  @Override
  public String name() {
    return "gradient";
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
    return TaylorCriterion.ofMagnitudes(architecture, weights, calibration.examples());
  }
}
