package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Factorize;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.factorize.Factorization;
import dev.pare.graph.Network;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.MaskedWeights;

/** The stage that holds a student's weights as products of narrow matrices. */
final class FactorizeStage {
  private final DistillationData distillation;

  FactorizeStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  CompressedNetwork run(Factorize settings, CompressedNetwork student, long seed) {
    StudentTraining training = new StudentTraining(distillation, settings.training(), seed);
    // Without the weights of inputs that never vary, which would take their share of the rank.
    ReducedNetwork inputs = training.reduced(student.toNetwork());
    Network start = inputs.expand(inputs.network());
    Examples examples = distillation.examples();
    int count = Math.min(settings.calibration(), examples.size());
    Network factored =
        Factorization.of(settings, start, SubsetExamples.draw(examples, count, seed).drawn());
    CompressedNetwork product =
        CompressedNetwork.of(training.run(factored, MaskedWeights::ofSparseResiduals));
    // The origin stays where no layer has become another.
    return product.architecture().equals(student.architecture())
        ? product.withOrigin(student.origin())
        : product;
  }
}
