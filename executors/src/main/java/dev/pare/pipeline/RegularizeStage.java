package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Regularize;
import dev.pare.regularize.Regularization;
import dev.pare.sparsify.ReducedNetwork;

/** The stage that trains with a penalty which ends in zeros. */
final class RegularizeStage {
  private final DistillationData distillation;

  RegularizeStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  CompressedNetwork run(Regularize settings, CompressedNetwork student, long seed) {
    ReducedNetwork reduction =
        ReducedNetwork.ofInputs(student.toNetwork(), distillation.constants());
    Regularization regularization =
        new Regularization(settings, reduction.network(), distillation.originals(), seed);
    distillation.train(
        reduction,
        settings.training(),
        regularization.variables(),
        regularization.schedule(),
        seed);
    return CandidatePipeline.floats(reduction.expand(regularization.network()));
  }
}
