package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Quantize;
import dev.pare.graph.Network;
import dev.pare.quantize.CoderCost;
import dev.pare.quantize.LevelChoice;
import dev.pare.quantize.LevelCost;
import dev.pare.quantize.QuantizedActivations;
import dev.pare.quantize.QuantizedWeights;
import dev.pare.quantize.Quantizer;
import dev.pare.quantize.Quantizers;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.rewrite.FoldedNormalization;
import dev.pare.sparsify.ReducedNetwork;

/** The stage that restricts a student's weights to few values. */
final class QuantizeStage {
  private final DistillationData distillation;

  QuantizeStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  CompressedNetwork run(Quantize settings, CompressedNetwork student, long seed) {
    CompressedNetwork folded =
        settings.batchNormalization() == BatchNormalization.FOLD
            ? FoldedNormalization.apply(student)
            : student;
    if (settings.bits() == Quantize.FLOAT_BITS) {
      return folded;
    }
    Quantizer quantizer = Quantizers.of(settings.quantizer());
    // Runs are of the columns in the order they will have in the file.
    CompressedNetwork start =
        quantizer.usesRuns()
            ? EquivalentNetworks.order(EquivalentNetworks.simplify(folded))
            : folded;
    Network network =
        settings.roundsActivations()
            ? QuantizedActivations.of(start.toNetwork(), distillation.examples())
            : start.toNetwork();
    ReducedNetwork reduction = reduction(quantizer, network);
    LevelChoice choice =
        new LevelChoice(
            settings,
            reduction.examples(distillation.examples()),
            cost(settings, quantizer, start, reduction));
    QuantizedWeights weights = quantizer.quantize(settings, reduction, choice, seed);
    Network trained =
        new StudentTraining(distillation, settings.training(), seed)
            .run(reduction, weights.technique(reduction.network().architecture()));
    CompressedNetwork quantized =
        CompressedNetwork.of(trained, weights.tensors().get())
            .withOrigin(start.origin().map(first -> first.in(trained.architecture())));
    if (settings.roundsActivations()) {
      QuantizedActivations.check(quantized);
    }
    return quantized;
  }

  /**
   * On a processor a network without dead units takes less time. A device trains students of the
   * same shape at once: there all keep theirs.
   */
  private ReducedNetwork reduction(Quantizer quantizer, Network network) {
    if (quantizer.usesRuns()) {
      return ReducedNetwork.none(network);
    }
    return distillation.device() == null
        ? ReducedNetwork.of(network, distillation.constants())
        : ReducedNetwork.ofInputs(network, distillation.constants());
  }

  /** What levels will cost in the file. */
  private static LevelCost cost(
      Quantize settings, Quantizer quantizer, CompressedNetwork start, ReducedNetwork reduction) {
    return start
        .origin()
        .filter(origin -> settings.origin() == Encode.Origin.ON)
        .filter(origin -> quantizer.usesOrigin())
        .map(origin -> CoderCost.from(origin, reduction))
        .orElseGet(CoderCost::plain);
  }
}
