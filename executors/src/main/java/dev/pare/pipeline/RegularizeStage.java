package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Regularize;
import dev.pare.graph.Network;
import dev.pare.regularize.Regularization;

/** The stage that trains with a penalty which ends in zeros. */
final class RegularizeStage {
  private final DistillationData distillation;

  RegularizeStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  CompressedNetwork run(Regularize settings, CompressedNetwork student, long seed) {
    Network trained =
        new StudentTraining(distillation, settings.training(), seed)
            .run(
                student.toNetwork(),
                start -> Regularization.of(settings, start, distillation.originals(), seed));
    return CompressedNetwork.of(trained).withOrigin(student.origin());
  }
}
