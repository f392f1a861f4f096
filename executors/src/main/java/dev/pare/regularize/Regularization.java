package dev.pare.regularize;

import dev.pare.candidate.Regularize;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Factored;
import dev.pare.graph.Network;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.Technique;

/**
 * Training with a penalty that ends in zeros. Weights that are zero at the start stay so.
 *
 * <p>L1, L0 and variational dropout treat every weight of every layer. Group lasso treats dense and
 * convolution layers, LSTMs and self-attention: over units all of them but the output layer, over
 * inputs all that have more than one. It knows nothing of layers that DL4J runs.
 */
public final class Regularization {
  private Regularization() {}

  /**
   * What a penalty makes of training.
   *
   * @param settings with a penalty
   * @param start is copied
   * @param examples how many there are in an epoch
   * @param seed of what is drawn
   * @throws UnsupportedNetworkException if the settings do not fit the network
   */
  public static Technique of(Regularize settings, Network start, int examples, long seed) {
    check(settings, start.architecture());
    Ramp ramp = new Ramp(settings.lambda(), settings.ramp());
    return switch (settings.penalty()) {
      case L1, GROUP_LASSO_UNITS, GROUP_LASSO_INPUTS ->
          new Proximal(settings.penalty(), ramp, start);
      case L0 -> new GatedWeights(start, ramp, examples, seed);
      case VARIATIONAL_DROPOUT -> new VariationalWeights(start, ramp, examples, seed);
      case NONE -> throw new IllegalArgumentException("penalty = none: nothing to do");
    };
  }

  /**
   * Checks whether some settings fit a network.
   *
   * @throws UnsupportedNetworkException naming the layer that they cannot treat, if they do not
   */
  public static void check(Regularize settings, Architecture architecture) {
    settings
        .conflict()
        .ifPresent(
            problem -> {
              throw new UnsupportedNetworkException(problem);
            });
    if (!settings.penalty().isOfGroups()) {
      return;
    }
    String penalty = "penalty = " + settings.penalty().text();
    for (int i = 0; i < architecture.layers().size(); i++) {
      if (architecture.layers().get(i) instanceof Factored) {
        throw new UnsupportedNetworkException(
            penalty + ": not supported for layer " + i + ", whose weights are factors");
      }
      if (architecture.layers().get(i) instanceof Dl4jLayer stock
          && stock.parameters().stream().anyMatch(p -> p.isWeight())) {
        throw new UnsupportedNetworkException(
            penalty + ": not supported for layer " + i + ", which DL4J runs");
      }
    }
    if (Groups.of(settings.penalty(), architecture).isEmpty()) {
      throw new UnsupportedNetworkException(
          penalty + ": the network has no weights that it applies to");
    }
  }
}
