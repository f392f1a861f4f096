package dev.pare.pipeline;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Training;
import dev.pare.graph.Architecture;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.InputGradients;
import java.util.Locale;

/** Whether there is anything to learn from a teacher of so many outputs as settings say. */
public final class DistillationCheck {
  private static final String NO_GRADIENT =
      "needs inputs with a gradient, which tokens have not, nor those of a network with a layer that"
          + " DL4J runs";

  private DistillationCheck() {}

  /**
   * @param outputs of the network
   * @throws UnsupportedNetworkException if a part of the loss is the same whatever the student does
   */
  public static void check(Training training, int outputs) {
    Distillation distillation = training.effective().distillation();
    if (training.epochs() == 0) {
      return;
    }
    if (distillation.logits() == Distillation.Logits.STANDARDIZED && outputs < 3) {
      throw new UnsupportedNetworkException(
          "logits = standardized: needs 3 classes or more, as two standardized logits are always 1"
              + " and -1; the network has "
              + outputs);
    }
    if (distillation.relation() == Distillation.Relation.ANGLE && outputs < 2) {
      throw new UnsupportedNetworkException(
          "relation = angle: needs 2 outputs or more, as numbers have no angles");
    }
  }

  /**
   * @param architecture of the student
   * @throws UnsupportedNetworkException if attacks on it cannot be made
   */
  public static void checkAdversarial(Training training, Architecture architecture) {
    Adversarial adversarial = training.effective().adversarial();
    if (training.epochs() > 0
        && adversarial.method() != Adversarial.Method.NONE
        && !InputGradients.exist(architecture)) {
      throw new UnsupportedNetworkException(
          "adversarial = %s: %s"
              .formatted(adversarial.method().name().toLowerCase(Locale.ROOT), NO_GRADIENT));
    }
  }

  /**
   * @param architecture of the file's network
   * @throws UnsupportedNetworkException if attacks on it cannot be made
   */
  public static void checkAttack(Encode settings, Architecture architecture) {
    if (settings.robustRadius() != null && !InputGradients.exist(architecture)) {
      throw new UnsupportedNetworkException(
          "robust-radius = %s: %s".formatted(settings.robustRadius(), NO_GRADIENT));
    }
  }
}
