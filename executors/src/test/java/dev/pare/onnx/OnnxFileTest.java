package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import dev.pare.candidate.Task;
import dev.pare.graph.Activation;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxFileTest {
  static Stream<String> networks() {
    return OnnxFiles.SUPPORTED.keySet().stream();
  }

  /** Whose outputs are those of PyTorch, beside those of ONNX Runtime. */
  @ParameterizedTest
  @MethodSource
  void networks(String name) throws IOException {
    float[] inputs = OnnxFiles.floats(name + ".inputs");
    float[] outputs = OnnxFiles.floats(name + ".outputs");
    Network network =
        OnnxFile.read(OnnxFiles.model(name), OnnxFiles.SUPPORTED.get(name), inputs).network();

    float[] own = logits(network, inputs);
    assertThat(own).hasSameSizeAs(outputs);
    int classes = network.architecture().outputs();
    double largest = 0;
    for (float output : outputs) {
      largest = Math.max(largest, Math.abs(output));
    }
    for (int i = 0; i < own.length; i++) {
      assertThat(output(name, own, i, classes))
          .as(name + " " + i)
          .isCloseTo(outputs[i], within(1e-5 * largest));
    }
  }

  @Test
  void aNetworkOfNumbersKeepsItsOutputsAsTheyAre() throws IOException {
    float[] inputs = OnnxFiles.floats("mlp.inputs");
    for (Task task : List.of(Task.REGRESSION, Task.RECONSTRUCTION)) {
      Network network =
          OnnxFile.read(OnnxFiles.model("mlp"), OnnxFiles.SUPPORTED.get("mlp"), inputs, task)
              .network();
      assertThat(network.architecture().output()).isEqualTo(Activation.IDENTITY);
      assertThat(logits(network, inputs))
          .containsExactly(OnnxFiles.floats("mlp.outputs"), within(1e-5f));
      assertThatThrownBy(
              () ->
                  OnnxFile.read(
                      OnnxFiles.model("cnn-opset-17"),
                      OnnxFiles.SUPPORTED.get("cnn-opset-17"),
                      OnnxFiles.floats("cnn-opset-17.inputs"),
                      task))
          .isInstanceOf(OnnxException.class)
          .hasMessage("it ends with a softmax, which is for classes alone");
    }
  }

  private static double output(String name, float[] logits, int index, int classes) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[index / classes * classes + c]);
    }
    if (name.startsWith("cnn")) {
      return Math.exp(logits[index]) / sum;
    }
    return name.equals("pre-activation") ? logits[index] - Math.log(sum) : logits[index];
  }

  static float[] logits(Network network, float[] inputs) {
    int batch = inputs.length / network.architecture().input().size();
    float[] logits = new float[batch * network.architecture().outputs()];
    try (Engine engine = Engines.of(network.architecture(), batch)) {
      engine.forward(network.parameters(), Batch.of(inputs, batch), logits);
    }
    return logits;
  }

  /** Later versions do, whatever their users set once they run. */
  @Test
  void theRuntimeHasNoTelemetry() throws IOException {
    try (InputStream in =
        OrtEnvironment.class.getResourceAsStream("native/linux-x64/libonnxruntime.so")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("ORT_DISABLE_TELEMETRY");
    }
  }
}
