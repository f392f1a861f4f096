package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private static Network network(int hidden) {
    return Initialization.random(
        new Architecture(
            new InputShape(1, 1, 100, 1),
            List.of(
                new Dense(hidden, Activation.RELU),
                new Dense(hidden, Activation.RELU),
                new Dense(10, Activation.SOFTMAX))),
        1);
  }

  @Test
  void aNetworkOfAThousandTimesTheWorkTakesLonger() {
    List<Latency> latencies = Latency.measure(List.of(network(1000), network(10)), 1, 0.1);

    assertThat(latencies).hasSize(2);
    assertThat(latencies.get(0).low()).isGreaterThan(3 * latencies.get(1).high());
    assertThat(latencies.get(1).low()).isPositive();
  }

  @Test
  void largerBatchesTakeLonger() {
    Network network = network(300);
    Latency one = Latency.measure(List.of(network), 1, 0.1).get(0);
    Latency many = Latency.measure(List.of(network), 1000, 0.1).get(0);

    assertThat(many.median()).isGreaterThan(2 * one.median());
  }

  @Test
  void networksOfTokensAreTimedOnTokens() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 5, 1, 1),
            List.of(new Embedding(3, 2), new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 1);
    assertThat(Latency.measure(List.of(network), 2, 0.01).get(0).median()).isPositive();
  }

  @Test
  void nothingIsTimedForNoTimeOrWithoutExamples() {
    List<Network> networks = List.of(network(10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Latency.measure(networks, 0, 1))
        .withMessageContaining("batch = 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Latency.measure(networks, 1, 0))
        .withMessageContaining("seconds = 0");
    assertThatIllegalArgumentException().isThrownBy(() -> new Latency(2, 1, 3));
  }
}
