package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Training;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.InputShape;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistillationCheckTest {
  private static final Architecture NUMBERS =
      new Architecture(new InputShape(4, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
  private static final Architecture TOKENS =
      new Architecture(
          new InputShape(1, 4, 1, 1),
          List.of(new Embedding(10, 3), new Dense(2, Activation.SOFTMAX)));

  private static Training training(Adversarial.Method method, int epochs) {
    return new Training(
        epochs,
        16,
        0.01,
        Training.Decay.NONE,
        0,
        1,
        0,
        Distillation.USUAL,
        Averaging.NONE,
        null,
        new Adversarial(method, 0.1, 1, 6));
  }

  private static Encode encode(Double radius) {
    return new Encode(
        Encode.Precision.FLOAT32,
        Encode.NormalizationPrecision.FLOAT32,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        radius);
  }

  @Test
  void attacksOnTokensAreRefusedByName() {
    assertThatThrownBy(
            () ->
                DistillationCheck.checkAdversarial(training(Adversarial.Method.TRADES, 1), TOKENS))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith("adversarial = trades: needs inputs with a gradient");
    assertThatThrownBy(() -> DistillationCheck.checkAttack(encode(0.1), TOKENS))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith("robust-radius = 0.1: needs inputs with a gradient");
  }

  @Test
  void whatAttacksNothingIsForAnyNetwork() {
    assertThatCode(
            () -> {
              DistillationCheck.checkAdversarial(training(Adversarial.Method.NONE, 1), TOKENS);
              DistillationCheck.checkAdversarial(training(Adversarial.Method.PGD, 0), TOKENS);
              DistillationCheck.checkAdversarial(training(Adversarial.Method.PGD, 1), NUMBERS);
              DistillationCheck.checkAttack(encode(null), TOKENS);
              DistillationCheck.checkAttack(encode(0.1), NUMBERS);
            })
        .doesNotThrowAnyException();
  }
}
