package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;

/**
 * What a layer's output on calibration examples changes without a weight; those that stay become
 * the least squares fit to the output before (Frantar et al. 2022).
 */
final class ReconstructionSaliency implements Saliency {
  /** Of one unit: a matrix of so many squared takes half a gigabyte. */
  private static final int MOST_INPUTS = 8192;

  @Override
  public String name() {
    return "reconstruction";
  }

  @Override
  public Evidence evidence() {
    return Evidence.INPUTS;
  }

  @Override
  public boolean updates() {
    return true;
  }

  /**
   * It needs what the weights of all layers are multiplied by, and matrices that fit into memory.
   */
  @Override
  public void check(Prune settings, Architecture architecture) {
    for (ParameterTensor tensor : architecture.weights()) {
      if (tensor.columns() > MOST_INPUTS) {
        throw new UnsupportedNetworkException(
            "saliency = reconstruction: a unit of %s has %d weights, at most %d can be fitted"
                .formatted(tensor.name(), tensor.columns(), MOST_INPUTS));
      }
    }
    PruningChecks.checkInputsKnown(settings.saliency(), architecture);
  }

  @Override
  public SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration) {
    return new ReconstructionCriterion(
        settings.calibration(), architecture, weights, calibration.examples());
  }
}
