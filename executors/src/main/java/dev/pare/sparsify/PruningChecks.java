package dev.pare.sparsify;

import static dev.pare.candidate.Prune.Saliency.MAGNITUDE;
import static dev.pare.candidate.Prune.Saliency.RANDOM;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Prune.Schedule;
import dev.pare.candidate.Prune.Scope;
import dev.pare.candidate.Spelling;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.ChannelGroups;
import dev.pare.train.LayerInputs;
import java.util.Optional;

/** Which settings of pruning make sense together, and which layers they can treat. */
public final class PruningChecks {
  private PruningChecks() {}

  /**
   * Checks whether some settings fit a network.
   *
   * @throws UnsupportedNetworkException naming the layer that they cannot treat, if they do not
   */
  public static void check(Prune settings, Architecture architecture) {
    check(settings);
    int given = settings.layerSparsity().size();
    int weights = architecture.weights().size();
    if (given > 0 && given != weights) {
      throw new UnsupportedNetworkException(
          "layer-sparsity = %s: has %d shares, the network %d layers with weights"
              .formatted(settings.layerSparsity(), given, weights));
    }
    if (settings.granularity().kind() == Granularity.Kind.HEAD
        && AttentionHeads.of(architecture).isEmpty()) {
      throw new UnsupportedNetworkException(
          "granularity = head: the network has no self-attention");
    }
    if (settings.granularity().kind() == Granularity.Kind.LAYER) {
      BlockPruning.check(architecture);
    }
    boolean units = settings.granularity().kind() == Granularity.Kind.UNIT;
    if (units && settings.schedule() == Schedule.GRADUAL && compete(architecture)) {
      throw new UnsupportedNetworkException(
          "granularity = unit: units that went would go on competing with the others; needs"
              + " schedule = one-shot where activations are top-k");
    }
    if (units && ChannelGroups.of(architecture).groups().isEmpty()) {
      throw new UnsupportedNetworkException(
          "granularity = unit: the network has no hidden units that can be removed; those that"
              + " attention, layer normalization, factored layers or layers of DL4J read or make"
              + " cannot");
    }
    Saliencies.of(settings.saliency()).check(settings, architecture);
  }

  /**
   * @throws UnsupportedNetworkException if the settings make no sense together, whatever the
   *     network
   */
  public static void check(Prune settings) {
    conflict(settings)
        .ifPresent(
            problem -> {
              throw new UnsupportedNetworkException(problem);
            });
  }

  /**
   * @throws UnsupportedNetworkException naming the layer of which it is not known what its weights
   *     are multiplied by, if there is one
   */
  static void checkInputsKnown(Prune.Saliency saliency, Architecture architecture) {
    for (ParameterTensor tensor : architecture.weights()) {
      if (!LayerInputs.hasMoments(architecture.layers().get(tensor.layer()))) {
        throw new UnsupportedNetworkException(
            "saliency = %s: what its weights are multiplied by is not known of %s"
                .formatted(saliency, place(tensor.layer(), architecture)));
      }
    }
  }

  private static boolean compete(Architecture architecture) {
    return architecture.layers().stream().anyMatch(Layer::competes);
  }

  /** A layer, for messages. */
  static String place(int index, Architecture architecture) {
    return "layer " + index + ", " + architecture.layers().get(index).title();
  }

  /** Why some settings make no sense together, whatever the network; empty if they do. */
  public static Optional<String> conflict(Prune settings) {
    Saliency saliency = Saliencies.of(settings.saliency());
    return conflictOfStructure(settings, saliency)
        .or(() -> saliency.conflict(settings))
        .or(() -> conflictOfSaliency(settings, saliency))
        .or(() -> conflictOfUnits(settings))
        .or(() -> conflictOfPattern(settings))
        .or(() -> conflictOfRegrowth(settings))
        .or(() -> conflictOfRandomInitialization(settings));
  }

  /** What makes no sense where heads or layers go. */
  private static Optional<String> conflictOfStructure(Prune settings, Saliency saliency) {
    boolean layer = settings.granularity().kind() == Granularity.Kind.LAYER;
    if (!layer && settings.granularity().kind() != Granularity.Kind.HEAD) {
      return Optional.empty();
    }
    String what = "granularity = " + settings.granularity() + ": ";
    if (saliency.updates()) {
      return Optional.of(what + "saliency = " + settings.saliency() + " is for weights and blocks");
    }
    if (settings.outputSparsity() != null || !settings.layerSparsity().isEmpty()) {
      return Optional.of(
          what + "output-sparsity and layer-sparsity must be left out, only sparsity counts");
    }
    if (layer && settings.scope() != Scope.GLOBAL) {
      return Optional.of(what + "needs scope = global");
    }
    if (settings.scope() == Scope.ERDOS_RENYI_KERNEL) {
      return Optional.of("scope = erdos-renyi-kernel: is for weights and blocks, not heads");
    }
    boolean gradual = settings.schedule() == Schedule.GRADUAL;
    if (layer && (gradual || settings.schedule() == Schedule.REWIND)) {
      return Optional.of(what + "needs schedule = one-shot or iterative");
    }
    if (layer && !settings.saliency().equals(MAGNITUDE) && !settings.saliency().equals(RANDOM)) {
      return Optional.of(
          what
              + "layers go by what the loss rises without them; leave saliency at magnitude, or set"
              + " it to random");
    }
    return Optional.empty();
  }

  private static Optional<String> conflictOfSaliency(Prune settings, Saliency saliency) {
    if (saliency.updates() && settings.granularity().kind() == Granularity.Kind.UNIT) {
      return Optional.of(
          "saliency = " + settings.saliency() + ": needs weights or blocks, not units");
    }
    if (saliency.isLearned() && scans(settings)) {
      return Optional.of("scope = sensitivity: needs a saliency known before training");
    }
    if (saliency.updates() && settings.schedule() == Schedule.REWIND) {
      return Optional.of(
          "schedule = rewind: undoes what saliency = "
              + settings.saliency()
              + " does to survivors");
    }
    return Optional.empty();
  }

  private static boolean scans(Prune settings) {
    return settings.scope() == Scope.SENSITIVITY && settings.layerSparsity().isEmpty();
  }

  private static Optional<String> conflictOfUnits(Prune settings) {
    if (settings.granularity().kind() != Granularity.Kind.UNIT) {
      return Optional.empty();
    }
    if (settings.outputSparsity() != null) {
      return Optional.of("output-sparsity: the output layer keeps its units; leave it out");
    }
    int given = settings.layerSparsity().size();
    if (settings.scope() == Scope.ERDOS_RENYI_KERNEL && given == 0) {
      return Optional.of("scope = erdos-renyi-kernel: is for weights and blocks, not units");
    }
    if (given > 0 && settings.layerSparsity().get(given - 1) != 0) {
      return Optional.of("layer-sparsity: the output layer keeps its units; its share must be 0");
    }
    return Optional.empty();
  }

  private static Optional<String> conflictOfPattern(Prune settings) {
    if (settings.granularity().kind() != Granularity.Kind.N_OF_M) {
      return Optional.empty();
    }
    if (settings.outputSparsity() != null && settings.outputSparsity() != 0) {
      return Optional.of("output-sparsity: must be 0 or left out where granularity is N:M");
    }
    return settings.layerSparsity().isEmpty()
        ? Optional.empty()
        : Optional.of("layer-sparsity: must be left out where granularity is N:M");
  }

  private static Optional<String> conflictOfRegrowth(Prune settings) {
    if (!settings.schedule().regrows()) {
      return Optional.empty();
    }
    if (settings.granularity().kind() != Granularity.Kind.WEIGHT) {
      return Optional.of(schedule(settings) + ": needs granularity = weight");
    }
    if (!settings.saliency().equals(MAGNITUDE)) {
      return Optional.of(schedule(settings) + ": drops by saliency = magnitude");
    }
    if (settings.ramp() == 0) {
      return Optional.of(
          schedule(settings) + ": needs a ramp above 0, to prune and regrow weights in");
    }
    return settings.training().epochs() == 0
        ? Optional.of(schedule(settings) + ": needs epochs above 0, to prune and regrow weights in")
        : Optional.empty();
  }

  private static Optional<String> conflictOfRandomInitialization(Prune settings) {
    if (settings.initialization() != Prune.Initialization.RANDOM) {
      return Optional.empty();
    }
    if (settings.training().epochs() == 0) {
      return Optional.of("initialization = random: needs epochs above 0");
    }
    Schedule schedule = settings.schedule();
    if (schedule == Schedule.REWIND || schedule == Schedule.ITERATIVE) {
      return Optional.of(schedule(settings) + ": needs initialization = teacher");
    }
    return scans(settings)
        ? Optional.of(
            "scope = sensitivity: needs initialization = teacher, as it asks what is learned")
        : Optional.empty();
  }

  private static String schedule(Prune settings) {
    return "schedule = " + Spelling.of(settings.schedule());
  }
}
