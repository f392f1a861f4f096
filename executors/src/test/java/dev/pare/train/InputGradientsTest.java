package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.ReferenceNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputGradientsTest {
  private static final int BATCH = 3;

  static Stream<Architecture> architectures() {
    Architecture dense =
        new Architecture(
            new InputShape(5, 1, 1, 3),
            List.of(new Dense(4, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    return Stream.concat(Stream.of(dense), OperatorSamples.all().stream())
        .filter(InputGradients::exist);
  }

  /** Positive where they must be, as variances. */
  private static Network network(Architecture architecture, SplittableRandom random) {
    float[] parameters = Initialization.random(architecture, 5).parameters();
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        parameters[i] += (float) (0.2 * random.nextDouble() + (tensor.isWeight() ? -0.1 : 0.05));
      }
    }
    return new Network(architecture, parameters);
  }

  private static double value(Network network, double[] input) {
    double[] parameters = new double[network.parameters().length];
    Arrays.setAll(parameters, i -> network.parameters()[i]);
    double[] divided = input.clone();
    for (int i = 0; i < divided.length; i++) {
      divided[i] /= network.architecture().input().divisor();
    }
    double sum = 0;
    for (double logit : ReferenceNetwork.logits(network.architecture(), parameters, divided)) {
      sum += logit * logit / 2;
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void gradientsAreCentralDifferences(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(11);
    Network network = network(architecture, random);
    int features = architecture.input().size();
    float[] inputs = new float[BATCH * features];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) (2 * random.nextDouble() - 1) * architecture.input().divisor();
    }
    float[] gradient = new float[inputs.length];
    new InputGradients(network)
        .of(
            inputs,
            BATCH,
            (logits, batch, target) -> {
              System.arraycopy(logits, 0, target, 0, batch * architecture.outputs());
              return 0;
            },
            gradient);
    double step = 1e-5;
    for (int i = 0; i < inputs.length; i++) {
      double[] input = new double[features];
      int from = i / features * features;
      Arrays.setAll(input, f -> inputs[from + f]);
      double kept = input[i - from];
      input[i - from] = kept + step;
      double above = value(network, input);
      input[i - from] = kept - step;
      double below = value(network, input);
      double expected = (above - below) / (2 * step);
      assertThat((double) gradient[i])
          .as("input %d", i)
          .isCloseTo(expected, within(2e-5 + 1e-3 * Math.abs(expected)));
    }
  }

  @Test
  void tokensHaveNoGradient() {
    Architecture tokens =
        new Architecture(
            new InputShape(1, 4, 1, 1),
            List.of(new Embedding(10, 3), new Dense(2, Activation.SOFTMAX)));
    assertThat(InputGradients.exist(tokens)).isFalse();
    assertThatThrownBy(() -> new InputGradients(Initialization.random(tokens, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
