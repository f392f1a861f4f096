package dev.pare.examine;

import dev.pare.candidate.Robustness;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;

/** The error of a network under PGD (Madry et al. 2018), of examples that judge candidates. */
public final class RobustError {
  /** Examples that are attacked, at most. */
  public static final int MOST_EXAMPLES = 500;

  /** Of the sample and of random starts: the same for all candidates, which are compared. */
  private static final long SEED = 1;

  private RobustError() {}

  /**
   * Attacks a network as {@code pare examine} does by PGD.
   *
   * @param network whose inputs have {@link InputGradients}
   * @param examples of which at most {@link #MOST_EXAMPLES} are drawn, the same of the same
   */
  public static Robustness of(Network network, Examples examples, InputSpace space, double radius) {
    Examples attacked =
        examples.size() <= MOST_EXAMPLES
            ? examples
            : SubsetExamples.draw(examples, MOST_EXAMPLES, SEED).drawn();
    Outputs outputs = Outputs.of(network, attacked);
    boolean[] broken = new boolean[attacked.size()];
    for (int i = 0; i < broken.length; i++) {
      broken[i] = !outputs.isRight(i);
    }
    GradientAttack.pgd(Attacks.PGD_STEPS, Attacks.PGD_STARTS, SEED)
        .run(
            new Attacked(
                new InputGradients(network),
                network.architecture().outputs(),
                ChangedExamples.features(attacked),
                Evaluator.labels(attacked),
                space,
                radius),
            broken);
    int correct = 0;
    for (boolean wrong : broken) {
      correct += wrong ? 0 : 1;
    }
    return new Robustness(radius, attacked.size(), correct);
  }

  /** For how many passes forward and back an attack takes the time, an example. */
  public static int passes() {
    return Attacks.PGD_STARTS * Attacks.PGD_STEPS;
  }
}
