package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Regularize;
import dev.pare.regularize.Regularization;
import dev.pare.sparsify.Reduction;

/** The stage that trains with a penalty which ends in zeros. */
final class RegularizeStage {
  private final Lessons lessons;

  RegularizeStage(Lessons lessons) {
    this.lessons = requireNonNull(lessons, "lessons is null");
  }

  CompressedNetwork run(Regularize settings, CompressedNetwork student, long seed) {
    Reduction reduction = Reduction.ofInputs(student.toNetwork(), lessons.constants());
    Regularization regularization =
        new Regularization(settings, reduction.network(), lessons.originals(), seed);
    lessons.train(
        reduction,
        settings.training(),
        regularization.variables(),
        regularization.schedule(),
        seed);
    return CandidatePipeline.floats(reduction.expand(regularization.network()));
  }
}
