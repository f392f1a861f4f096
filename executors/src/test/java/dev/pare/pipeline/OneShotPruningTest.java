package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Prune.Saliency;
import dev.pare.candidate.TeacherTraining;
import dev.pare.candidate.Training;
import dev.pare.data.QuickstartData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.model.NamedArchitecture;
import dev.pare.sparsify.Saliencies;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On real images, without any training afterwards. */
class OneShotPruningTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private static Network teacher;
  private static DistillationData distillation;

  @BeforeAll
  static void trainATeacher() {
    TrainingData data = QuickstartData.load();
    Architecture architecture =
        NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100)
            .resolve(new InputShape(1, 28, 28, 255), 10);
    Training training = new Training(5, 64, 0.001, Training.Decay.COSINE, 0, 1, 0);
    teacher =
        TeacherStage.train(
            architecture,
            new TeacherTraining(training, 0, 0),
            data.train(),
            data.train().size(),
            1,
            null);
    distillation =
        new DistillationData(
            data.train(),
            data.train().size(),
            data.validation(),
            Evaluator.logits(teacher, data.train()),
            new DistillationData.Origin(architecture, 1L));
  }

  private static double error(Saliency saliency, Prune.Scope scope, double sparsity) {
    Prune settings = new Prune(sparsity, null, saliency, scope, Prune.Schedule.ONE_SHOT, 0, NONE);
    CompressedNetwork pruned =
        new PruneStage(distillation).run(settings, CompressedNetwork.of(teacher), 3);
    return 100
        * (1 - Evaluator.correctness(pruned.toNetwork(), distillation.validation()).accuracy());
  }

  @Test
  void surgeryAndReconstructionBeatMagnitudeAndAllBeatChance() {
    Map<Saliency, Double> errors = new HashMap<>();
    for (String name : Saliencies.names()) {
      Saliency saliency = new Saliency(name);
      if (!saliency.equals(Saliency.MOVEMENT) && !saliency.equals(Saliency.ACTIVATION)) {
        errors.put(saliency, error(saliency, Prune.Scope.GLOBAL, 0.9));
      }
    }

    assertThat(errors.get(Saliency.SURGEON)).isLessThan(errors.get(Saliency.MAGNITUDE) - 2);
    assertThat(errors.get(Saliency.RECONSTRUCTION)).isLessThan(errors.get(Saliency.MAGNITUDE) - 2);
    errors.forEach(
        (saliency, error) ->
            assertThat(error).as("%s", saliency).isLessThanOrEqualTo(errors.get(Saliency.RANDOM)));
  }
}
