package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.Origin;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Subnetwork;
import dev.pare.regrow.FixedDensity;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.sparsify.BlockPruning;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.Pruning;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.sparsify.Sensitivity;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The stage that makes a student sparse, or smaller. */
public final class PruneStage {
  private final DistillationData distillation;

  PruneStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /**
   * How much a network minds the sparsity of each of its layers, by the saliency, the granularity
   * and the calibration of some settings.
   *
   * @param examples to draw those for calibration from
   * @throws UnsupportedNetworkException if the settings do not fit the network
   */
  public static Sensitivity sensitivity(
      Prune settings, Network network, Examples examples, long seed) {
    ReducedNetwork reduction = ReducedNetwork.ofInputs(network, ConstantFeatures.of(examples));
    Examples calibration = calibration(settings, reduction, examples, seed);
    return Pruning.sensitivity(
        settings, reduction, new CalibrationSource(calibration, network.architecture(), seed));
  }

  CompressedNetwork run(Prune settings, CompressedNetwork student, long seed) {
    if (student.tensors().stream().anyMatch(PruneStage::isRestricted)) {
      return restricted(settings, student, seed);
    }
    CompressedNetwork start = start(settings, student, seed);
    Subnetwork left = free(settings, start.toNetwork(), seed);
    return CandidatePipeline.floats(left.network())
        .withOrigin(start.origin().flatMap(first -> first.of(left, start.architecture())));
  }

  /** What the settings begin with. */
  private static CompressedNetwork start(Prune settings, CompressedNetwork student, long seed) {
    Architecture architecture = student.architecture();
    return switch (settings.start()) {
      case RANDOM ->
          CandidatePipeline.floats(Initialization.random(architecture, seed))
              .withOrigin(Optional.of(Origin.of(architecture, seed)));
      // Units whose output is constant, or that have no outgoing weights, would go with it.
      case TEACHER ->
          settings.granularity().kind() == Granularity.Kind.UNIT
              ? EquivalentNetworks.simplify(student)
              : student;
    };
  }

  private CalibrationSource calibration(Prune settings, ReducedNetwork reduction, long seed) {
    return new CalibrationSource(
        calibration(settings, reduction, distillation.examples(), seed),
        shareOf(reduction.original()),
        seed);
  }

  /** The network that shares of units are shares of: the teacher, unless layers have become two. */
  private Architecture shareOf(Architecture student) {
    return distillation
        .teacher()
        .filter(teacher -> weightTensors(teacher) == weightTensors(student))
        .orElse(student);
  }

  private static long weightTensors(Architecture architecture) {
    return architecture.tensors().stream().filter(t -> t.isWeight()).count();
  }

  private static Examples calibration(
      Prune settings, ReducedNetwork reduction, Examples examples, long seed) {
    int count = Math.min(settings.calibration().examples(), examples.size());
    return reduction.examples(SubsetExamples.draw(examples, count, seed).drawn());
  }

  /** Weights are still to go here, and those that went may grow again: inputs alone can be out. */
  private Subnetwork free(Prune settings, Network student, long seed) {
    if (settings.granularity().kind() == Granularity.Kind.LAYER) {
      return withoutLayers(settings, student, seed);
    }
    ReducedNetwork reduction = ReducedNetwork.ofInputs(student, distillation.constants());
    MaskedWeights weights = new MaskedWeights(reduction.network());
    holdZeros(settings, weights, reduction.network().architecture());
    Pruning pruning =
        new Pruning(settings, reduction, weights, calibration(settings, reduction, seed));
    boolean smaller = settings.granularity().kind().leavesTheNetwork();
    switch (settings.schedule()) {
      case GRADUAL -> distillation.train(reduction, settings.training(), weights, pruning, seed);
      case SET, RIGL, SPARSE_MOMENTUM -> {
        pruning.prune();
        FixedDensity density = new FixedDensity(settings, weights, seed);
        distillation.train(reduction, settings.training(), weights, density, seed);
        return Subnetwork.all(reduction.expand(weights.network()));
      }
      case ONE_SHOT, ITERATIVE, REWIND -> {
        pruning.prune();
        if (settings.schedule() == Prune.Schedule.REWIND) {
          rewind(student.architecture(), weights);
        }
        if (smaller) {
          return trained(settings, pruning.without(reduction.expand(weights.network())), seed);
        }
        distillation.train(reduction, settings.training(), weights, Schedule.NONE, seed);
      }
    }
    pruning.prune();
    return pruning.without(reduction.expand(weights.network()));
  }

  /** Where units go, one that hears nothing is still one that may go: it may say a constant. */
  private static void holdZeros(Prune settings, MaskedWeights weights, Architecture architecture) {
    weights.holdZeros();
    if (settings.granularity().kind() != Granularity.Kind.UNIT) {
      return;
    }
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int row = 0; row < tensor.rows() && tensor.isWeight(); row++) {
        int from = tensor.offset() + row * tensor.columns();
        int to = from + tensor.columns();
        if (IntStream.range(from, to).allMatch(weights::isPruned)) {
          IntStream.range(from, to).forEach(weights::grow);
        }
      }
    }
  }

  private Subnetwork withoutLayers(Prune settings, Network student, long seed) {
    settings
        .conflict()
        .ifPresent(
            problem -> {
              throw new UnsupportedNetworkException(problem);
            });
    CalibrationSource source =
        new CalibrationSource(
            calibration(settings, ReducedNetwork.none(student), distillation.examples(), seed),
            distillation.teacher().orElse(student.architecture()),
            seed);
    return trained(settings, BlockPruning.prune(settings, student, source), seed);
  }

  /** Trains what is left of a network: less of it takes less time. */
  private Subnetwork trained(Prune settings, Subnetwork smaller, long seed) {
    ReducedNetwork reduction = ReducedNetwork.ofInputs(smaller.network(), distillation.constants());
    MaskedWeights weights = new MaskedWeights(reduction.network());
    weights.holdZeros();
    distillation.train(reduction, settings.training(), weights, Schedule.NONE, seed);
    return smaller.with(reduction.expand(weights.network()));
  }

  /** Returns all but what is pruned to what it was before the teacher was trained. */
  private void rewind(Architecture architecture, MaskedWeights weights) {
    Network start =
        distillation
            .initial()
            .orElseThrow(
                () ->
                    new UnsupportedNetworkException(
                        "schedule = rewind: a teacher that Pare did not train has no beginning"));
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

  private static boolean isRestricted(CompressedTensor tensor) {
    return !(tensor instanceof FloatTensor || tensor instanceof SparseFloatTensor);
  }

  /**
   * Of a quantized network weights become zero; what those of constant inputs said goes into
   * biases, and nothing else changes.
   */
  private CompressedNetwork restricted(Prune settings, CompressedNetwork student, long seed) {
    if (settings.training().epochs() > 0
        || settings.saliency().updates()
        || settings.start() != Prune.Start.TEACHER
        || settings.schedule() != Prune.Schedule.ONE_SHOT) {
      throw new UnsupportedNetworkException(
          "a quantized network can be pruned in one shot, without training, by saliencies that"
              + " leave the other weights as they are");
    }
    if (settings.granularity().kind() == Granularity.Kind.HEAD
        || settings.granularity().kind() == Granularity.Kind.LAYER) {
      throw new UnsupportedNetworkException(
          "granularity = " + settings.granularity() + ": must go before quantization");
    }
    ReducedNetwork reduction =
        ReducedNetwork.ofInputs(student.toNetwork(), distillation.constants());
    MaskedWeights weights = new MaskedWeights(reduction.network());
    holdZeros(settings, weights, reduction.network().architecture());
    new Pruning(settings, reduction, weights, calibration(settings, reduction, seed)).prune();
    float[] pruned = reduction.expand(weights.network()).parameters();
    List<CompressedTensor> tensors = new ArrayList<>();
    List<ParameterTensor> places = student.architecture().tensors();
    for (int i = 0; i < places.size(); i++) {
      CompressedTensor tensor = student.tensors().get(i);
      ParameterTensor place = places.get(i);
      tensors.add(
          switch (place.role()) {
            case WEIGHT, LEFT_FACTOR, RIGHT_FACTOR, REMAINDER -> thinned(tensor, pruned, place);
            // What constant inputs said, whose weights are gone, is in the biases now.
            case BIAS -> tensor instanceof FloatTensor ? floats(pruned, place) : tensor;
            case GAMMA, BETA, SLOPE, MEAN, VARIANCE -> tensor;
          });
    }
    return student.withTensors(tensors);
  }

  private static FloatTensor floats(float[] parameters, ParameterTensor place) {
    return new FloatTensor(
        place.rows(), place.columns(), Arrays.copyOfRange(parameters, place.offset(), place.end()));
  }

  private static CompressedTensor thinned(
      CompressedTensor tensor, float[] pruned, ParameterTensor place) {
    if (tensor instanceof CodebookTensor codebook) {
      return codebook.withLevels(thinned(codebook.levels(), pruned, place));
    }
    if (tensor instanceof UniformTensor uniform) {
      return uniform.withLevels(thinned(uniform.levels(), pruned, place));
    }
    if (tensor instanceof GroupedTensor grouped) {
      return grouped.withLevels(thinned(grouped.levels(), pruned, place));
    }
    if (tensor instanceof PowerTensor power) {
      return power.withLevels(thinned(power.levels(), pruned, place));
    }
    throw new UnsupportedNetworkException(
        "weights of a network that cannot become zero one by one");
  }

  private static LevelMatrix thinned(LevelMatrix levels, float[] pruned, ParameterTensor place) {
    short[] left = new short[levels.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = pruned[place.offset() + i] == 0 ? 0 : (short) levels.at(i);
    }
    return new LevelMatrix(levels.rows(), levels.columns(), left);
  }
}
