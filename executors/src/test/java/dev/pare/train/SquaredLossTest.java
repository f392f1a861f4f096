package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Task;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquaredLossTest {
  private static final int SIZE = 9;
  private static final int OUTPUTS = 3;
  private static final int[] BATCH = {4, 0, 8, 4, 7, 1};
  // Fewer than the index array holds, as in an epoch's last batch.
  private static final int COUNT = 5;

  private final SplittableRandom random = TestSeed.random();

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.9, 1})
  void isTheFormulaAndItsGradientTheDerivative(double alpha) {
    float[] targets = uniform(SIZE * OUTPUTS);
    float[] teacher = uniform(SIZE * OUTPUTS);
    Examples regression = MemoryExamples.ofTargets(targets, OUTPUTS);
    check(SquaredLoss.ofTeacher(regression, teacher, alpha), targets, teacher, alpha);

    float[] raw = new float[targets.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = 4 * targets[i];
    }
    Examples reconstruction = MemoryExamples.reconstructed(raw, OUTPUTS, new int[SIZE], 4);
    check(SquaredLoss.ofTeacher(reconstruction, teacher, alpha), targets, teacher, alpha);
    check(BatchLoss.ofExamples(reconstruction), targets, teacher, 0);
    check(BatchLoss.ofExamples(regression), targets, teacher, 0);
  }

  private void check(BatchLoss loss, float[] targets, float[] teacher, double alpha) {
    float[] said = uniform(BATCH.length * OUTPUTS);
    float[] gradient = new float[said.length];
    double value = loss.on(BATCH).gradient(said, COUNT, gradient);
    double[] wide = new double[said.length];
    for (int i = 0; i < said.length; i++) {
      wide[i] = said[i];
    }
    assertThat(value).isCloseTo(reference(wide, targets, teacher, alpha), within(1e-5));
    for (int i = 0; i < COUNT * OUTPUTS; i++) {
      double kept = wide[i];
      wide[i] = kept + 1e-5;
      double above = reference(wide, targets, teacher, alpha);
      wide[i] = kept - 1e-5;
      double below = reference(wide, targets, teacher, alpha);
      wide[i] = kept;
      assertThat((double) gradient[i]).isCloseTo((above - below) / 2e-5, within(3e-6));
    }
  }

  private static double reference(double[] said, float[] targets, float[] teacher, double alpha) {
    double loss = 0;
    for (int b = 0; b < COUNT; b++) {
      for (int o = 0; o < OUTPUTS; o++) {
        int at = BATCH[b] * OUTPUTS + o;
        loss += (1 - alpha) * Math.pow(said[b * OUTPUTS + o] - targets[at], 2);
        loss += alpha * Math.pow(said[b * OUTPUTS + o] - teacher[at], 2);
      }
    }
    return loss / (COUNT * OUTPUTS);
  }

  @Test
  void refusesTeacherOutputsOfOtherExamples() {
    Examples examples = MemoryExamples.ofTargets(new float[8], 2);
    assertThatThrownBy(() -> SquaredLoss.ofTeacher(examples, new float[7], 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 teacher outputs for 4 examples");
  }

  @Test
  void aNetworkOfStandardizedTargetsIsScaledToTheTargetsOwnUnit() {
    float[] targets = {100, 5, 300, 5, 200, 5, 400, 5};
    Examples examples = MemoryExamples.ofTargets(targets, 2);
    TargetScale scale = TargetScale.of(examples);
    Examples standardized = scale.standardized(examples);
    float[] target = new float[2];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      standardized.copyTarget(i, target, 0);
      assertThat(target[1]).isZero();
      sum += target[0];
      squares += target[0] * target[0];
    }
    assertThat(sum).isCloseTo(0, within(1e-5));
    assertThat(squares / 4).isCloseTo(1, within(1e-5));
    assertThat(standardized.task()).isEqualTo(Task.REGRESSION);

    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(new Dense(4, Activation.RELU), new Dense(2, Activation.IDENTITY)));
    Network network = Initialization.random(architecture, random.nextLong());
    float[] before = new float[2];
    float[] after = new float[2];
    float[] input = {1, 2, 3};
    try (Engine engine = Engines.of(architecture, 1)) {
      engine.forward(network.parameters(), Batch.of(input, 1), before);
      engine.forward(scale.scaled(network).parameters(), Batch.of(input, 1), after);
    }
    assertThat((double) after[0]).isCloseTo(250 + before[0] * Math.sqrt(12500), within(1e-3));
    assertThat((double) after[1]).isCloseTo(5 + before[1], within(1e-5));
  }

  private float[] uniform(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }
}
