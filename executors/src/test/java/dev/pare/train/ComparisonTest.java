package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Task;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  /** Of its one feature x the logits x, −x and, of a class that is masked, −10⁸. */
  private static final Network NETWORK =
      new Network(
          new Architecture(new InputShape(1, 1, 1, 1), List.of(new Dense(3, Activation.SOFTMAX))),
          new float[] {1, -1, 0, 0, 0, -1e8f});

  private static Network compared(Comparison.Outputs outputs) {
    return new Comparison("The other", Task.CLASSIFICATION)
        .checked(NETWORK, new float[] {1, 2}, outputs)
        .network();
  }

  @Test
  void outputsThatAreAlikePass() {
    assertThat(compared((x, n) -> new float[] {1.0001f, -1, -1e8f, 2, -2.0001f, -1.000001e8f}))
        .isSameAs(NETWORK);
  }

  @Test
  void aMaskedClassHidesNoDifference() {
    assertThatThrownBy(() -> compared((x, n) -> new float[] {1, -1, -1e8f, -2, 2, -1e8f}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its probabilities of classes differ from The other's by 0.96");
  }

  /** As of a price of millions beside a rate. */
  @Test
  void aLargeOutputHidesNoDifferenceOfASmallOne() {
    Network network =
        new Network(
            new Architecture(
                new InputShape(1, 1, 1, 1), List.of(new Dense(2, Activation.IDENTITY))),
            new float[] {1e6f, 1, 0, 0});
    Comparison comparison = new Comparison("The other", Task.REGRESSION);
    float[] examples = {1, 2};
    assertThat(
            comparison
                .checked(network, examples, (x, n) -> new float[] {1e6f, 1.01f, 2e6f, 1.99f})
                .network())
        .isSameAs(network);
    assertThatThrownBy(
            () ->
                comparison.checked(network, examples, (x, n) -> new float[] {1e6f, 1, 2e6f, 1.7f}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its output 1 differs from The other's by 0.18 of that output's");
  }

  @Test
  void anotherOutputOrNoneIsRefused() {
    assertThatThrownBy(() -> compared((x, n) -> new float[] {1, -1, -2e8f, 2, -2, -1e8f}))
        .hasMessageContaining("its outputs differ from The other's by 0.5");
    assertThatThrownBy(() -> compared((x, n) -> new float[4]))
        .hasMessageContaining("The other has 2 outputs of an example, not 3");
  }

  @Test
  void outputsThatAreNotFiniteAreSaidToBeSo() {
    assertThatThrownBy(() -> compared((x, n) -> new float[] {1, -1, -1e8f, 2, Float.NaN, -1e8f}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "its output 1 of example 1 is NaN, as The other runs it: it must be finite for the"
                + " data's examples");
    Network infinite =
        new Network(NETWORK.architecture(), new float[] {1, -1, 0, 0, 0, Float.NEGATIVE_INFINITY});
    assertThatThrownBy(
            () ->
                new Comparison("The other", Task.CLASSIFICATION)
                    .checked(infinite, new float[] {1, 2}, (x, n) -> new float[6]))
        .hasMessageStartingWith("its output 2 of example 0 is -Infinity, as Pare runs it");
  }
}
