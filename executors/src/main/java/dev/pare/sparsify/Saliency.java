package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.train.MaskedWeights;
import java.util.Optional;

/** What makes a weight worth keeping. Stateless; its result depends on its arguments alone. */
public interface Saliency {
  /** What a saliency computes on the calibration examples, and so the memory that it takes. */
  enum Evidence {
    /** Nothing: it looks at weights alone. */
    NONE,
    /** Gradients of the loss of single examples. */
    GRADIENTS,
    /** What layers read. */
    INPUTS,
    /** Products of gradients, a row of a block for each weight. */
    GRADIENT_PRODUCTS
  }

  /** How {@code prune.saliency} names it: lower-case words between hyphens. */
  String name();

  /** What it computes on calibration examples. */
  Evidence evidence();

  /** Whether the weights that stay change when others go. */
  default boolean updates() {
    return false;
  }

  /** Whether it is known only after weights have been trained for a while. */
  default boolean isLearned() {
    return false;
  }

  /** Why some settings make no sense with this saliency, whatever the network; empty if they do. */
  default Optional<String> conflict(Prune settings) {
    return Optional.empty();
  }

  /**
   * @throws UnsupportedNetworkException naming the layer that it cannot treat, if there is one
   */
  default void check(Prune settings, Architecture architecture) {}

  /**
   * Scores the weights of a network.
   *
   * @param weights of the architecture, as they are whenever scores are asked for
   */
  SaliencyCriterion criterion(
      Prune settings,
      Architecture architecture,
      MaskedWeights weights,
      CalibrationSource calibration);
}
