package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Zips that DL4J itself reads and runs. */
class Dl4jExportTest {
  private static final InputShape IMAGE = new InputShape(1, 8, 8, 255);

  static Stream<Architecture> chains() {
    return Stream.of(
        new Architecture(
            IMAGE, List.of(new Dense(12, Activation.RELU), new Dense(3, Activation.SOFTMAX))),
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(4, 3, 1, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(3, Activation.IDENTITY))));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void dl4jComputesTheSame(Architecture architecture) throws IOException {
    CompressedNetwork network = OnnxExportTest.random(architecture);
    MultiLayerNetwork dl4j =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(Dl4jExport.of(network)), false);
    float[] features = OnnxExportTest.features(architecture);
    float[] logits = OnnxExportTest.logits(network.toNetwork(), features);
    INDArray read = Nd4j.create(features, new long[] {OnnxExportTest.EXAMPLES, 64}).divi(255);
    INDArray outputs = dl4j.output(read);
    for (int example = 0; example < OnnxExportTest.EXAMPLES; example++) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += Math.exp(logits[example * 3 + i]);
      }
      for (int i = 0; i < 3; i++) {
        double logit = logits[example * 3 + i];
        double expected =
            architecture.output() == Activation.SOFTMAX ? Math.exp(logit) / sum : logit;
        assertThat(outputs.getDouble(example, i)).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @Test
  void whatIsNoChainOfDl4jsLayersIsRefusedByTheLayersName() {
    assertThatThrownBy(
            () ->
                of(
                    new Convolution(4, 3, 1, 1, Activation.RELU),
                    new Convolution(4, 3, 1, 1, Activation.RELU),
                    Shortcut.from(0, Activation.RELU),
                    new Dense(3, Activation.SOFTMAX)))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith("layer 2 (shortcut relu) has no place in DL4J's networks");
    assertThatThrownBy(
            () ->
                of(
                    new Dense(4, Activation.RELU),
                    new Lstm(2, Lstm.Steps.LAST),
                    new Dense(3, Activation.SOFTMAX)))
        .hasMessageStartingWith("layer 1 (LSTM 2 last step) has no place");
    assertThatThrownBy(() -> of(new Pooling(Pooling.Pool.AVERAGE, 8, 1)))
        .hasMessageStartingWith("layer 0 (average pool 8×8) has no place");
  }

  private static byte[] of(Step... steps) {
    return Dl4jExport.of(OnnxExportTest.random(new Architecture(IMAGE, List.of(steps))));
  }
}
