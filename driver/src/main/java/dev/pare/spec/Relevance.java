package dev.pare.spec;

import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.quantize.Quantizer;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.Saliency;

/** When settings of a stage make a difference, by its others. */
final class Relevance {
  private Relevance() {}

  static boolean uses(Quantize stage, Quantizer.Parameter parameter) {
    return Quantizers.of(stage.quantizer()).parameters().contains(parameter);
  }

  static boolean takesRanks(Factorize stage) {
    return stage.method().usesRank() && stage.layerRank().isEmpty();
  }

  static double sparsity(Prune stage, double sparsity) {
    if (stage.removesNothing() || !stage.layerSparsity().isEmpty()) {
      return 0;
    }
    Granularity pattern = stage.granularity();
    // A pattern says how many.
    return pattern.kind() == Granularity.Kind.N_OF_M
        ? 1 - (double) pattern.rows() / pattern.columns()
        : sparsity;
  }

  /** Whether the scope makes a difference. */
  static boolean competes(Prune stage) {
    return !stage.removesNothing()
        && stage.layerSparsity().isEmpty()
        && stage.granularity().kind() != Granularity.Kind.N_OF_M;
  }

  /**
   * Whether a saliency orders weights as their magnitude does: LAMP's scores do within a layer, and
   * differ where layers compete.
   */
  static boolean ranksAsMagnitude(Prune stage, Prune.Saliency saliency) {
    Granularity.Kind kind = stage.granularity().kind();
    boolean within =
        !competes(stage)
            || stage.scope() == Prune.Scope.LAYER
            || stage.scope() == Prune.Scope.ERDOS_RENYI_KERNEL;
    return saliency.equals(Prune.Saliency.LAMP)
        && within
        && (kind == Granularity.Kind.WEIGHT || kind == Granularity.Kind.N_OF_M);
  }

  static boolean regrows(Prune stage) {
    return !stage.removesNothing() && stage.schedule().regrows();
  }

  /** Whether something happens while the student trains. */
  static boolean takesTime(Prune stage) {
    boolean gradual = stage.schedule() == Prune.Schedule.GRADUAL && stage.training().epochs() > 0;
    return regrows(stage) || gradual && !stage.removesNothing();
  }

  static boolean asksData(Prune stage) {
    boolean ofLayers =
        stage.granularity().kind() == Granularity.Kind.LAYER
            && !stage.saliency().equals(Prune.Saliency.RANDOM);
    boolean scans = competes(stage) && stage.scope() == Prune.Scope.SENSITIVITY;
    boolean asked = Saliencies.of(stage.saliency()).evidence() != Saliency.Evidence.NONE;
    return !stage.removesNothing() && (asked || ofLayers || scans);
  }

  static boolean updates(Prune stage) {
    return Saliencies.of(stage.saliency()).updates();
  }
}
