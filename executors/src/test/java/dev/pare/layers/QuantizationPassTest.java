package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Quantization;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantizationPassTest {
  /** From −1 to 1.55: zero point 100, a hundredth from one level to the next. */
  private static final Quantization LEVELS = new Quantization(0.01f, 100);

  private static final float[] SUMS = {-1.2f, -1.004f, -0.123f, 0, 0.0049f, 0.777f, 1.552f, 1.6f};
  private static final float[] ROUNDED = {-1, -1, -0.12f, 0, 0, 0.78f, 1.55f, 1.55f};
  private static final boolean[] WITHIN = {false, true, true, true, true, true, true, false};

  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(1, 1, 1, 1),
          List.of(new Dense(8, Activation.IDENTITY), LEVELS, new Dense(1, Activation.SOFTMAX)));

  @Test
  void roundsToLevelsAndPassesGradientsStraightThroughWithinThem() {
    float[] parameters = new float[ARCHITECTURE.parameters()];
    double expected = 0;
    for (int i = 0; i < 8; i++) {
      parameters[i] = SUMS[i];
      parameters[16 + i] = 1 + i;
      expected += (1 + i) * ROUNDED[i];
    }
    LayerGraph chain = new LayerGraph(ARCHITECTURE, 1);
    float[] logits = new float[1];
    float[] gradient = new float[parameters.length];
    chain.forwardInTraining(parameters, Batch.of(new float[] {1}, 1), logits);
    chain.backward(parameters, new float[] {2}, 1, gradient);
    assertThat((double) logits[0]).isCloseTo(expected, within(1e-5));
    for (int i = 0; i < 8; i++) {
      assertThat(gradient[i]).as("of %s", SUMS[i]).isEqualTo(WITHIN[i] ? 2 * (1 + i) : 0);
      assertThat(gradient[16 + i]).isCloseTo(2 * ROUNDED[i], within(1e-6f));
    }
  }
}
