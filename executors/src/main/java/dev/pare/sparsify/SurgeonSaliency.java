package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;

/**
 * What the loss rises without a weight after the others of its block have made up for it, which
 * they do (Hassibi and Stork 1993), with the inverse of the empirical Fisher matrix in blocks
 * (Singh and Alistarh 2020, Kurtic et al. 2022).
 */
final class SurgeonSaliency implements Saliency {
  @Override
  public String name() {
    return "surgeon";
  }

  @Override
  public Evidence evidence() {
    return Evidence.GRADIENT_PRODUCTS;
  }

  @Override
  public boolean updates() {
    return true;
  }

  @Override
  public void check(Prune settings, Architecture architecture) {
    int block = settings.calibration().block();
    long blocks = architecture.weights().stream().mapToLong(t -> (t.size() - 1) / block + 1).sum();
    if (blocks * block * block > Integer.MAX_VALUE) {
      throw new UnsupportedNetworkException(
          "block = %d: the matrices of %d blocks have more than 2³¹ numbers"
              .formatted(block, blocks));
    }
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new SurgeonCriterion(
        settings.calibration(), architecture, weights, calibration.examples());
  }
}
