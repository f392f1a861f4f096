package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.graph.Subnetwork;
import dev.pare.regrow.FixedDensity;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.sparsify.BlockPruning;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.Pruning;
import dev.pare.sparsify.PruningChecks;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.sparsify.Sensitivity;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Technique;
import java.util.List;
import java.util.Optional;

/** The stage that makes a student sparse, or smaller. */
public final class PruneStage {
  private final DistillationData distillation;

  PruneStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /**
   * How sensitive a network is to the sparsity of each of its layers, by the saliency, the
   * granularity and the calibration of some settings.
   *
   * @param examples to draw those for calibration from
   * @throws UnsupportedNetworkException if the settings do not fit the network
   */
  public static Sensitivity sensitivity(
      Prune settings, Network network, Examples examples, long seed) {
    ReducedNetwork reduction = ReducedNetwork.ofInputs(network, ConstantFeatures.of(examples));
    return Pruning.sensitivity(
        settings,
        reduction,
        CalibrationSource.draw(settings, reduction, examples, network.architecture(), seed));
  }

  CompressedNetwork run(Prune settings, CompressedNetwork student, long seed) {
    if (QuantizedPruning.isQuantized(student)) {
      return new QuantizedPruning(distillation).run(settings, student, seed);
    }
    StudentTraining training = new StudentTraining(distillation, settings.training(), seed);
    CompressedNetwork start = start(settings, student, seed);
    Subnetwork left =
        settings.granularity().kind() == Granularity.Kind.LAYER
            ? withoutLayers(settings, start.toNetwork(), training)
            : pruned(settings, start.toNetwork(), training);
    return CompressedNetwork.of(left.network())
        .withOrigin(start.origin().flatMap(first -> first.of(left, start.architecture())));
  }

  /** What the settings begin with. */
  private static CompressedNetwork start(Prune settings, CompressedNetwork student, long seed) {
    Architecture architecture = student.architecture();
    return switch (settings.initialization()) {
      case RANDOM ->
          CompressedNetwork.of(Initialization.random(architecture, seed))
              .withOrigin(Optional.of(Origin.of(architecture, seed)));
      // Units whose output is constant, or that have no outgoing weights, would go with it.
      case TEACHER ->
          settings.granularity().kind() == Granularity.Kind.UNIT
              ? EquivalentNetworks.simplify(student)
              : student;
    };
  }

  /** Weights are still to go here, and those that went may grow again: inputs alone can be out. */
  private Subnetwork pruned(Prune settings, Network student, StudentTraining training) {
    ReducedNetwork reduction = training.reduced(student);
    MaskedWeights weights = Pruning.remaining(settings, reduction.network());
    Pruning pruning =
        new Pruning(
            settings,
            reduction,
            weights,
            distillation.calibration(settings, reduction, training.seed()));
    Technique technique =
        switch (settings.schedule()) {
          case GRADUAL -> pruning;
          case SET, RIGL, SPARSE_MOMENTUM -> {
            pruning.prune();
            yield new FixedDensity(settings, weights, training.seed());
          }
          case ONE_SHOT, ITERATIVE -> {
            pruning.prune();
            yield weights;
          }
          case REWIND -> {
            pruning.prune();
            rewind(student.architecture(), weights);
            yield weights;
          }
        };
    boolean gradual = settings.schedule() == Prune.Schedule.GRADUAL;
    return settings.granularity().kind().leavesTheNetwork() && !gradual
        ? trained(pruning.without(reduction.expand(weights.network())), training)
        : pruning.without(training.run(reduction, technique));
  }

  private Subnetwork withoutLayers(Prune settings, Network student, StudentTraining training) {
    PruningChecks.check(settings);
    CalibrationSource source =
        CalibrationSource.draw(
            settings,
            ReducedNetwork.none(student),
            distillation.examples(),
            distillation.teacher().orElse(student.architecture()),
            training.seed());
    return trained(BlockPruning.prune(settings, student, source), training);
  }

  /** Trains what is left of a network: less of it takes less time. */
  private static Subnetwork trained(Subnetwork smaller, StudentTraining training) {
    return smaller.with(training.run(smaller.network(), MaskedWeights::ofNonzeros));
  }

  /** Returns all but what is pruned to what it was before the teacher was trained. */
  private void rewind(Architecture architecture, MaskedWeights weights) {
    Network start =
        distillation
            .initial()
            .orElseThrow(
                () ->
                    new UnsupportedNetworkException(
                        "schedule = rewind: the initial weights of a teacher that Pare did not train are not known"));
    if (!shapes(start.architecture()).equals(shapes(architecture))) {
      throw new UnsupportedNetworkException(
          "schedule = rewind: units of the teacher are gone already");
    }
    Network same = new Network(architecture, start.parameters());
    float[] first = ReducedNetwork.ofInputs(same, distillation.constants()).network().parameters();
    float[] values = weights.values();
    for (int i = 0; i < values.length; i++) {
      if (!weights.isPruned(i)) {
        values[i] = first[i];
      }
    }
  }

  /** Rows and columns of all parameters; activations may be others. */
  private static List<List<Integer>> shapes(Architecture architecture) {
    return architecture.tensors().stream().map(t -> List.of(t.rows(), t.columns())).toList();
  }
}
