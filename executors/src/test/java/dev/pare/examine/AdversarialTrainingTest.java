package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Adversarial.Method;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.QuickstartData;
import dev.pare.data.SubsetExamples;
import dev.pare.data.TrainingData;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.train.DistillationLoss;
import dev.pare.train.InputSpace;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Training against attacks, judged by attacks that are stronger. */
class AdversarialTrainingTest {
  private static final double RADIUS = 0.05;
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(1, 28, 28, 255),
          List.of(new Dense(32, Activation.RELU), new Dense(10, Activation.SOFTMAX)));

  private final TrainingData data = QuickstartData.load();
  private final InputSpace space = InputSpace.of(data.shape(), data.train());

  /** Half of its weights are pruned. */
  private MaskedWeights trained(Method method) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(ARCHITECTURE, 7));
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 784 * 32; i++) {
      if (random.nextInt(2) == 0) {
        weights.prune(i);
      }
    }
    Adversarial adversarial = new Adversarial(method, RADIUS, 3, 6);
    Training settings =
        new Training(
            4,
            64,
            0.002,
            Training.Decay.COSINE,
            0,
            1,
            0,
            Distillation.USUAL,
            Averaging.NONE,
            null,
            adversarial);
    new Trainer(
            ARCHITECTURE,
            data.train(),
            data.train().size(),
            DistillationLoss.ofLabels(data.train(), 0),
            settings,
            0,
            7,
            space)
        .train(weights, Schedule.NONE);
    return weights;
  }

  private double errorUnderAttack(Network network) {
    Examples attacked = SubsetExamples.draw(data.validation(), 200, 1).drawn();
    Attacks attacks = new Attacks(attacked, space, List.of(RADIUS), 1);
    return (double) attacks.of(network).get(0).any() / attacked.size();
  }

  @Test
  void studentsWithstandAttacksBetterAndStayPruned() {
    double plain = errorUnderAttack(trained(Method.NONE).network());
    for (Method method : List.of(Method.PGD, Method.TRADES)) {
      MaskedWeights weights = trained(method);
      assertThat(errorUnderAttack(weights.network())).as("%s", method).isLessThan(plain - 0.15);
      for (int i = 0; i < weights.values().length; i++) {
        if (weights.isPruned(i)) {
          assertThat(weights.values()[i]).isZero();
        }
      }
      assertThat(trained(method).values()).as("%s again", method).containsExactly(weights.values());
    }
  }
}
