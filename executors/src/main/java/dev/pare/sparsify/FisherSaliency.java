package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;

/**
 * What the loss rises without a weight, to second order and by itself: ½·F·w², with the diagonal of
 * the empirical Fisher matrix (LeCun et al. 1990); of several half the mean over examples of (Σ
 * w·∂L/∂w)² (Theis et al. 2018; Molchanov et al. 2019).
 */
final class FisherSaliency implements Saliency {
  @Override
  public String name() {
    return "fisher";
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
    return TaylorCriterion.ofHalvedSquares(architecture, weights, calibration.examples());
  }
}
