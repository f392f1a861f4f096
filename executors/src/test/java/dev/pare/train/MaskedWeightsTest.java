package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedWeightsTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(new InputShape(2, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));

  @Test
  void theNetworkItStartsFromIsLeftAlone() {
    float[] start = {1, 2, 3, 4, 5, 6};
    MaskedWeights weights = new MaskedWeights(new Network(ARCHITECTURE, start));
    weights.prune(1);
    assertThat(start).containsExactly(1, 2, 3, 4, 5, 6);
    Network network = weights.network();
    weights.values()[0] = 9;
    assertThat(network.parameters()).containsExactly(1, 0, 3, 4, 5, 6);
  }

  @Test
  void penaltiesAreForWeightsOnly() {
    MaskedWeights weights =
        new MaskedWeights(new Network(ARCHITECTURE, new float[] {1, -1, 0, 1, 1, 1}));
    // Without a gradient, Adam's first step goes the whole rate down each penalty's slope.
    new Adam(6, 0.5, 0.25).step(weights, new float[6], 0.01);
    float[] values = weights.values();
    for (int i : new int[] {0, 3}) {
      assertThat(values[i]).isCloseTo(0.99f, within(1e-6f));
    }
    assertThat(values[1]).isCloseTo(-0.99f, within(1e-6f));
    assertThat(values[2]).isZero();
    assertThat(values[4]).isEqualTo(1);
    assertThat(values[5]).isEqualTo(1);
  }

  @Test
  void momentumDoesNotBringBackWhatIsPrunedNotEvenAsMinusZero() {
    MaskedWeights weights =
        new MaskedWeights(new Network(ARCHITECTURE, new float[] {1, -1, 1, 1, 0, 0}));
    Adam adam = new Adam(6, 0, 0.1);
    for (int step = 0; step < 10; step++) {
      if (step == 5) {
        weights.prune(0);
        weights.prune(1);
      }
      adam.step(weights, weights.pullBack(new float[] {1, -1, 1, 1, 1, 1}), 0.01);
    }
    float[] parameters = weights.parameters();
    assertThat(Float.floatToRawIntBits(parameters[0])).isZero();
    assertThat(Float.floatToRawIntBits(parameters[1])).isZero();
    assertThat(weights.isPruned(0)).isTrue();
    assertThat(weights.isPruned(2)).isFalse();
    assertThat(parameters[2]).isBetween(0.85f, 0.95f);
  }
}
