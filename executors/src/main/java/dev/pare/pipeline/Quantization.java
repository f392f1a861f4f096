package dev.pare.pipeline;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.GroupedTensor;
import dev.pare.artifact.PowerTensor;
import dev.pare.artifact.ProductTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Quantize;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.LevelCost;
import dev.pare.quantize.PowerOfTwoWeights;
import dev.pare.quantize.ProductWeights;
import dev.pare.quantize.RateDistortion;
import dev.pare.quantize.TernaryWeights;
import dev.pare.quantize.UniformWeights;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.FoldedNormalization;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.FisherDiagonal;
import dev.pare.train.Schedule;
import dev.pare.train.TrainableParameters;
import dev.pare.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One run of the stage that restricts weights to few values. */
final class Quantization {
  /** Examples from which is told how much weights matter. */
  private static final int FISHER_EXAMPLES = 1000;

  private final DistillationData distillation;
  private final Quantize settings;
  private final long seed;

  Quantization(DistillationData distillation, Quantize settings, long seed) {
    this.distillation = distillation;
    this.settings = settings;
    this.seed = seed;
  }

  CompressedNetwork run(CompressedNetwork student) {
    CompressedNetwork start =
        settings.batchNormalization() == BatchNormalization.FOLD
            ? FoldedNormalization.apply(student)
            : student;
    if (settings.bits() == Quantize.FLOAT_BITS) {
      return start;
    }
    if (settings.quantizer().usesRuns()) {
      // Runs are of the columns in the order they will have in the file.
      CompressedNetwork ordered = EquivalentNetworks.order(EquivalentNetworks.simplify(start));
      return ofRuns(ordered.toNetwork()).withOrigin(ordered.origin());
    }
    ReducedNetwork reduction = ReducedNetwork.of(start.toNetwork(), distillation.constants());
    return ofValues(reduction, cost(start, reduction)).withOrigin(start.origin());
  }

  /** What levels will cost in the file. */
  private LevelCost cost(CompressedNetwork start, ReducedNetwork reduction) {
    return start
        .origin()
        .filter(origin -> settings.origin() == Encode.Origin.ON)
        .filter(origin -> settings.quantizer().usesOrigin())
        .map(origin -> CoderCost.from(origin, reduction))
        .orElseGet(CoderCost::plain);
  }

  private CompressedNetwork ofValues(ReducedNetwork reduction, LevelCost cost) {
    Network start = reduction.network();
    Examples examples = reduction.examples(distillation.examples());
    return switch (settings.quantizer()) {
      case UNIFORM -> {
        UniformWeights weights =
            new UniformWeights(start, settings.bits(), UniformWeights.Sharing.TENSOR);
        train(start.architecture(), examples, weights);
        Levels levels = levels(weights, start, examples, cost, weights::levels, weights::levels);
        yield expanded(
            reduction,
            levels,
            (tensor, part, matrix) -> new UniformTensor(matrix, weights.scales(part)),
            weights::plain);
      }
      case UNIFORM_CHANNEL -> {
        UniformWeights weights =
            new UniformWeights(start, settings.bits(), UniformWeights.Sharing.ROW);
        train(start.architecture(), examples, weights);
        Levels levels = levels(weights, start, examples, cost, weights::levels, weights::levels);
        yield rows(reduction, levels, weights);
      }
      case BINARY -> {
        UniformWeights choosing = new UniformWeights(start, 1, UniformWeights.Sharing.ROW);
        UniformWeights weights =
            new UniformWeights(
                thinned(start, examples, cost, choosing::levels), 1, UniformWeights.Sharing.ROW);
        train(start.architecture(), examples, weights);
        yield rows(reduction, weights::levels, weights);
      }
      case CODEBOOK -> {
        CodebookWeights weights =
            settings.rateDistortion() == 0
                ? new CodebookWeights(start, settings.bits())
                : CodebookWeights.chosen(start, settings.bits(), choice(start, examples, cost));
        train(start.architecture(), examples, weights);
        yield expanded(
            reduction,
            weights::levels,
            (tensor, part, matrix) -> new CodebookTensor(matrix, weights.codebook(part)),
            weights::plain);
      }
      case TERNARY -> {
        TernaryWeights choosing = new TernaryWeights(start);
        TernaryWeights weights =
            new TernaryWeights(thinned(start, examples, cost, choosing::levels));
        train(start.architecture(), examples, weights);
        yield expanded(
            reduction,
            weights::levels,
            (tensor, part, matrix) -> new CodebookTensor(matrix, weights.codebook(part)),
            weights::plain);
      }
      case POWER_OF_TWO -> {
        PowerOfTwoWeights weights = new PowerOfTwoWeights(start, settings.bits());
        train(start.architecture(), examples, weights);
        Levels levels = levels(weights, start, examples, cost, weights::levels, weights::levels);
        yield expanded(
            reduction,
            levels,
            (tensor, part, matrix) -> new PowerTensor(matrix, weights.least(part)),
            weights::plain);
      }
      case UNIFORM_GROUP, PRODUCT ->
          throw new IllegalArgumentException(settings.quantizer() + " goes by runs");
    };
  }

  /** Makes a weight tensor of levels. */
  @FunctionalInterface
  private interface Former {
    /**
     * @param tensor of the whole network
     * @param part what is left of it in the reduced one
     */
    CompressedTensor of(ParameterTensor tensor, ParameterTensor part, LevelMatrix matrix);
  }

  /** The whole network of what was trained of the reduced one. */
  private static CompressedNetwork expanded(
      ReducedNetwork reduction,
      Levels levels,
      Former former,
      Function<ParameterTensor, float[]> plain) {
    return network(
        reduction.original(),
        tensor -> {
          ParameterTensor part = reduction.part(tensor);
          return former.of(tensor, part, matrix(tensor, reduction.expand(tensor, levels.of(part))));
        },
        tensor -> reduction.expand(tensor, plain.apply(reduction.part(tensor))));
  }

  /** With a scale for each row. */
  private static CompressedNetwork rows(
      ReducedNetwork reduction, Levels levels, UniformWeights weights) {
    return expanded(
        reduction,
        levels,
        (tensor, part, matrix) ->
            new UniformTensor(matrix, reduction.expandRows(tensor, weights.scales(part))),
        weights::plain);
  }

  private CompressedNetwork ofRuns(Network start) {
    Architecture architecture = start.architecture();
    Examples examples = distillation.examples();
    if (settings.quantizer() == Quantize.Quantizer.PRODUCT) {
      ProductWeights weights =
          new ProductWeights(
              start,
              settings.bits(),
              settings.dimension(),
              settings.rateDistortion() == 0 ? null : choice(start, examples, CoderCost.plain()),
              seed);
      train(architecture, examples, weights);
      return network(
          architecture,
          tensor -> {
            short[] codes = weights.codes(tensor);
            return new ProductTensor(
                tensor.columns(),
                weights.dimension(tensor),
                new LevelMatrix(tensor.rows(), codes.length / tensor.rows(), codes),
                weights.words(tensor));
          },
          weights::plain);
    }
    UniformWeights weights = UniformWeights.grouped(start, settings.bits(), settings.group());
    train(architecture, examples, weights);
    Levels levels =
        levels(weights, start, examples, CoderCost.plain(), weights::levels, weights::levels);
    return network(
        architecture,
        tensor ->
            GroupedTensor.of(
                matrix(tensor, levels.of(tensor)),
                Math.min(settings.group(), tensor.columns()),
                weights.scales(tensor)),
        weights::plain);
  }

  /** The levels of weight tensors after training. */
  @FunctionalInterface
  private interface Levels {
    short[] of(ParameterTensor tensor);
  }

  /** Levels of which some are chosen for their bits, if bits are worth anything. */
  @FunctionalInterface
  private interface ChosenLevels {
    short[] of(ParameterTensor tensor, RateDistortion choice);
  }

  private Levels levels(
      TrainableParameters trained,
      Network start,
      Examples examples,
      LevelCost cost,
      Levels plain,
      ChosenLevels chosen) {
    if (settings.rateDistortion() == 0) {
      return plain;
    }
    Network network = new Network(start.architecture(), trained.parameters().clone());
    RateDistortion choice = choice(network, examples, cost);
    return tensor -> chosen.of(tensor, choice);
  }

  /**
   * A network whose weights are zero where that is chosen for its bits, if bits are worth anything.
   * Of one magnitude a weight keeps no trace of what it was before training, so that this is the
   * time to choose.
   */
  private Network thinned(Network start, Examples examples, LevelCost cost, ChosenLevels chosen) {
    if (settings.rateDistortion() == 0) {
      return start;
    }
    RateDistortion choice = choice(start, examples, cost);
    float[] parameters = start.parameters().clone();
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (tensor.isWeight()) {
        short[] levels = chosen.of(tensor, choice);
        for (int i = 0; i < levels.length; i++) {
          if (levels[i] == 0) {
            parameters[tensor.offset() + i] = 0;
          }
        }
      }
    }
    return new Network(start.architecture(), parameters);
  }

  private RateDistortion choice(Network network, Examples examples, LevelCost cost) {
    RateDistortion choice = new RateDistortion(settings.rateDistortion(), cost);
    return switch (settings.rateDistortionWeight()) {
      case NONE -> choice;
      case FISHER ->
          choice.weighted(
              network,
              FisherDiagonal.of(
                  network.architecture(),
                  network.parameters(),
                  SubsetExamples.spread(examples, FISHER_EXAMPLES)));
    };
  }

  private void train(Architecture architecture, Examples examples, TrainableParameters variables) {
    if (settings.training().epochs() > 0) {
      new Trainer(
              architecture,
              examples,
              distillation.originals(),
              distillation.loss(settings.training()),
              settings.training(),
              0,
              seed)
          .train(variables, Schedule.NONE);
    }
  }

  private static LevelMatrix matrix(ParameterTensor tensor, short[] levels) {
    return new LevelMatrix(tensor.rows(), tensor.columns(), levels);
  }

  /** A network of weights in one representation; all else is floats. */
  static CompressedNetwork network(
      Architecture architecture,
      Function<ParameterTensor, CompressedTensor> weight,
      Function<ParameterTensor, float[]> plain) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      tensors.add(
          tensor.isWeight()
              ? weight.apply(tensor)
              : new FloatTensor(tensor.rows(), tensor.columns(), plain.apply(tensor)));
    }
    return new CompressedNetwork(architecture, tensors);
  }
}
