package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingPassTest {
  private static final Layer OUTPUT = new Dense(2, Activation.SOFTMAX);

  private static Architecture network(float divisor, Layer... layers) {
    return new Architecture(new InputShape(1, 3, 1, divisor), List.of(layers));
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "-1, -1", "1.5, 1.5", "NaN, NaN", "3e9, 3.0E9"})
  void tokensThatAreNotInTheTableAreNamed(float token, String shown) {
    Architecture architecture = network(1, new Embedding(4, 2), OUTPUT);
    LayerGraph graph = new LayerGraph(architecture, 2);
    float[] parameters = new float[architecture.parameters()];
    assertThatThrownBy(
            () ->
                graph.forward(
                    parameters, Batch.of(new float[] {0, 3, 1, 2, 0, token}, 2), new float[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "token %s at place 2 of an example: must be a whole number from 0 to 3, as the network's embedding has 4 tokens",
            shown);
  }

  @Test
  void onlyTheInputHasTokensAndAsTheyAre() {
    assertThat(network(1, new Embedding(4, 2), OUTPUT).vocabularies()).containsOnly(4);
    assertThatThrownBy(() -> network(255, new Embedding(4, 2), OUTPUT))
        .hasMessageContaining("layer 0: embedding reads tokens as they are")
        .hasMessageContaining("divided by 255.0: data.divisor must be 1");
    assertThatThrownBy(
            () ->
                network(1, new Convolution(1, 1, 1, Activation.RELU), new Embedding(4, 2), OUTPUT))
        .hasMessageContaining("layer 1: embedding reads layer 0, which makes no tokens");
  }
}
