package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedWeightsTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(new InputShape(2, 1, 1, 1), List.of(new Layer.Dense(2, Activation.SOFTMAX)));

  @Test
  void theNetworkItStartsFromIsLeftAlone() {
    float[] start = {1, 2, 3, 4, 5, 6};
    MaskedWeights weights = new MaskedWeights(new Network(ARCHITECTURE, start), 0, 0);
    weights.prune(1);
    assertThat(start).containsExactly(1, 2, 3, 4, 5, 6);
    Network network = weights.network(ARCHITECTURE);
    weights.values()[0] = 9;
    assertThat(network.parameters()).containsExactly(1, 0, 3, 4, 5, 6);
  }

  @Test
  void penaltiesAreForWeightsOnly() {
    MaskedWeights weights =
        new MaskedWeights(new Network(ARCHITECTURE, new float[] {1, -2, 0, 4, 5, 6}), 0.5, 0.25);
    float[] gradient = new float[6];
    weights.pullBack(new float[] {10, 10, 10, 10, 10, 10}, gradient);
    assertThat(gradient).containsExactly(10.75f, 9, 10, 11.5f, 10, 10);
  }

  @Test
  void momentumDoesNotBringBackWhatIsPrunedNotEvenAsMinusZero() {
    MaskedWeights weights =
        new MaskedWeights(new Network(ARCHITECTURE, new float[] {1, -1, 1, 1, 0, 0}), 0, 0.1);
    Adam adam = new Adam(6);
    float[] gradient = new float[6];
    for (int step = 0; step < 10; step++) {
      if (step == 5) {
        weights.prune(0);
        weights.prune(1);
      }
      weights.pullBack(new float[] {1, -1, 1, 1, 1, 1}, gradient);
      adam.step(weights.values(), gradient, 0.01);
      weights.afterUpdate();
    }
    float[] parameters = new float[6];
    weights.materialize(parameters);
    assertThat(Float.floatToRawIntBits(parameters[0])).isZero();
    assertThat(Float.floatToRawIntBits(parameters[1])).isZero();
    assertThat(weights.isPruned(0)).isTrue();
    assertThat(weights.isPruned(2)).isFalse();
    assertThat(parameters[2]).isBetween(0.85f, 0.95f);
  }
}
