package dev.pare.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Parameter.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitializationTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(4, 20, 20, 1),
          List.of(
              new Convolution(32, 5, 1, Activation.TANH),
              new Pooling(Pooling.Pool.MAX, 4, 4),
              new Dense(100, Activation.RELU),
              new Dense(60, Activation.SOFTMAX)));

  @Test
  void theSameSeedGivesTheSameBits() {
    float[] first = Initialization.random(ARCHITECTURE, 1).parameters();
    assertThat(Initialization.random(ARCHITECTURE, 1).parameters()).containsExactly(first);
    assertThat(Initialization.random(ARCHITECTURE, 2).parameters()).isNotEqualTo(first);
  }

  @Test
  void forgetGatesStartOpenAndEveryGateAsALayerOfItsOwn() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 40, 1),
            List.of(new Lstm(60, Lstm.Steps.LAST), new Dense(2, Activation.SOFTMAX)));
    float[] parameters = Initialization.random(architecture, 5).parameters();
    ParameterTensor weight = architecture.tensors().get(0);
    double squares = 0;
    for (int i = 0; i < weight.end(); i++) {
      squares += (double) parameters[i] * parameters[i];
    }
    assertThat(Math.sqrt(squares / weight.size())).isCloseTo(Math.sqrt(2.0 / 100), within(0.005));
    ParameterTensor bias = architecture.tensors().get(2);
    for (int i = 0; i < bias.size(); i++) {
      assertThat(parameters[bias.offset() + i]).isEqualTo(i / 60 == 1 ? 1 : 0);
    }
  }

  /** As He et al. (2015) begin. */
  @Test
  void slopesOfPrelusStartAtAQuarter() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1), List.of(new Prelu(), new Dense(2, Activation.SOFTMAX)));
    assertThat(Initialization.random(architecture, 5).parameters()).startsWith(0.25f, 0.25f, 0.25f);
  }

  @Test
  void deviationsAreThoseOfHeBeforeReluAndOfGlorotElsewhere() {
    float[] parameters = Initialization.random(ARCHITECTURE, 3).parameters();
    double[] expected = {
      Math.sqrt(2.0 / (4 * 25 + 32 * 25)), Math.sqrt(2.0 / (32 * 16)), Math.sqrt(2.0 / (100 + 60))
    };
    int weight = 0;
    for (ParameterTensor tensor : ARCHITECTURE.tensors()) {
      double sum = 0;
      double squares = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        sum += parameters[i];
        squares += (double) parameters[i] * parameters[i];
      }
      if (tensor.role() == Role.BIAS) {
        assertThat(squares).isZero();
        continue;
      }
      double deviation = Math.sqrt(squares / tensor.size());
      assertThat(deviation / expected[weight]).isCloseTo(1, within(0.05));
      assertThat(sum / tensor.size() / deviation)
          .isCloseTo(0, within(4 / Math.sqrt(tensor.size())));
      weight++;
    }
  }
}
