package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.ChannelGroups;
import dev.pare.train.LayerInputs;
import java.util.List;
import java.util.Set;

/** Which layers pruning can treat, and how. */
final class PruningChecks {
  /** Of one unit, for reconstruction: a matrix of so many squared takes half a gigabyte. */
  private static final int MOST_INPUTS = 8192;

  private PruningChecks() {}

  /**
   * @throws UnsupportedNetworkException naming the layer that the settings cannot treat
   */
  static void check(Prune settings, Architecture architecture) {
    settings
        .conflict()
        .ifPresent(
            problem -> {
              throw new UnsupportedNetworkException(problem);
            });
    List<ParameterTensor> weights =
        architecture.tensors().stream().filter(t -> t.isWeight()).toList();
    int given = settings.layerSparsity().size();
    if (given > 0 && given != weights.size()) {
      throw new UnsupportedNetworkException(
          "layer-sparsity = %s: has %d shares, the network %d layers with weights"
              .formatted(settings.layerSparsity(), given, weights.size()));
    }
    sizes(settings, weights);
    if (settings.granularity().kind() == Granularity.Kind.HEAD
        && AttentionHeads.of(architecture).isEmpty()) {
      throw new UnsupportedNetworkException(
          "granularity = head: the network has no self-attention");
    }
    if (settings.granularity().kind() == Granularity.Kind.LAYER) {
      BlockPruning.check(architecture);
    }
    boolean units = settings.granularity().kind() == Granularity.Kind.UNIT;
    if (units && settings.schedule() == Prune.Schedule.GRADUAL && compete(architecture)) {
      throw new UnsupportedNetworkException(
          "granularity = unit: units that went would go on competing with the others; needs"
              + " schedule = one-shot where only winners are heard");
    }
    if (units && ChannelGroups.of(architecture).groups().isEmpty()) {
      throw new UnsupportedNetworkException(
          "granularity = unit: the network has no hidden units that can be removed; those that"
              + " attention, layer normalization, factored layers or layers of DL4J read or make"
              + " cannot");
    }
    if (settings.saliency() == Prune.Saliency.ACTIVATION) {
      checkZeros(architecture, weights);
    }
    if (settings.saliency() == Prune.Saliency.RECONSTRUCTION) {
      checkInputs(architecture);
    }
  }

  /** Reconstruction needs what the weights of all layers are multiplied by. */
  private static void checkInputs(Architecture architecture) {
    for (int i = 0; i < architecture.layers().size(); i++) {
      boolean known =
          architecture.tensors(i).stream().noneMatch(ParameterTensor::isWeight)
              || LayerInputs.hasMoments(architecture.layers().get(i));
      if (!known) {
        throw new UnsupportedNetworkException(
            "saliency = reconstruction: what its weights are multiplied by is not known of "
                + place(i, architecture));
      }
    }
  }

  /** Outputs that are never zero would make all units alike. */
  private static void checkZeros(Architecture architecture, List<ParameterTensor> weights) {
    Set<Integer> outputs = architecture.outputLayers();
    for (ParameterTensor weight : weights) {
      int from = weight.layer();
      if (!outputs.contains(from) && !UnitOutputs.of(architecture, from).makeZeros()) {
        throw new UnsupportedNetworkException(
            "saliency = activation: the outputs of "
                + place(from, architecture)
                + ", are not zero where its units are inactive; needs ReLU or a sparse activation"
                + " after every hidden layer");
      }
    }
  }

  private static boolean compete(Architecture architecture) {
    return architecture.layers().stream().anyMatch(Layer::competes);
  }

  /** Matrices that must fit into memory, and into Java's arrays. */
  private static void sizes(Prune settings, List<ParameterTensor> weights) {
    if (settings.saliency() == Prune.Saliency.RECONSTRUCTION) {
      for (ParameterTensor tensor : weights) {
        if (tensor.columns() > MOST_INPUTS) {
          throw new UnsupportedNetworkException(
              "saliency = reconstruction: a unit of %s has %d weights, at most %d can be fitted"
                  .formatted(tensor.name(), tensor.columns(), MOST_INPUTS));
        }
      }
    }
    if (settings.saliency() == Prune.Saliency.SURGEON) {
      int block = settings.calibration().block();
      long blocks = weights.stream().mapToLong(t -> (t.size() - 1) / block + 1).sum();
      if (blocks * block * block > Integer.MAX_VALUE) {
        throw new UnsupportedNetworkException(
            "block = %d: the matrices of %d blocks have more than 2³¹ numbers"
                .formatted(block, blocks));
      }
    }
  }

  private static String place(int index, Architecture architecture) {
    return "layer " + index + ", " + architecture.layers().get(index).title();
  }
}
