package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.Start;
import dev.pare.candidate.Task;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TargetScale;
import java.util.Optional;

/** The stage that makes a student of another architecture than the teacher's, and teaches it. */
final class StartStage {
  private final DistillationData distillation;

  StartStage(DistillationData distillation) {
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /**
   * A student whose first weights are drawn; the seed stays as its origin.
   *
   * @param seed of the first weights and of the order of the examples
   */
  CompressedNetwork drawn(Start settings, long seed) {
    Architecture architecture =
        requireNonNull(settings.layers(), "the layers are not known").architecture();
    Network first = Initialization.random(architecture, seed);
    return CompressedNetwork.of(taught(settings, first, seed))
        .withOrigin(Optional.of(Origin.of(architecture, seed)));
  }

  private Network taught(Start settings, Network first, long seed) {
    boolean scales =
        distillation.examples().task() == Task.REGRESSION
            && first.architecture().layers().get(first.architecture().layers().size() - 1)
                instanceof Dense;
    if (!scales) {
      return trained(distillation, settings, first, seed);
    }
    // As a teacher that is trained from scratch.
    TargetScale scale = TargetScale.of(distillation.examples());
    return scale.scaled(trained(distillation.standardized(scale), settings, first, seed));
  }

  /** One that has been trained before. */
  CompressedNetwork taught(Start settings, CompressedNetwork trained, long seed) {
    return CompressedNetwork.of(trained(distillation, settings, trained.toNetwork(), seed))
        .withOrigin(trained.origin());
  }

  private static Network trained(DistillationData data, Start settings, Network first, long seed) {
    return new StudentTraining(data, settings.training(), seed)
        .run(first, MaskedWeights::ofSparseResiduals);
  }
}
