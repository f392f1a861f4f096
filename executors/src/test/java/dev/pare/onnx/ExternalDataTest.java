package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in files beside the model, and nowhere else. */
class ExternalDataTest {
  @TempDir private Path outside;

  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(outside.resolve("models"));
    Files.write(outside.resolve("secret"), new byte[1000]);
  }

  private byte[] completed(byte[] model) throws IOException {
    Path file = Files.write(folder.resolve("network.onnx"), model);
    return OnnxFile.complete(
        model, new org.apache.hadoop.fs.Path("file://" + file), new Configuration());
  }

  @Test
  void aNetworkWithItsWeightsBesideItIsTheSame() throws IOException {
    byte[] model = OnnxFiles.model("external");
    Files.write(folder.resolve("external.weights"), OnnxFiles.bytes("external.weights"));
    float[] inputs = OnnxFiles.floats("mlp.inputs");

    byte[] completed = completed(model);
    Network network = OnnxFile.read(completed, OnnxFiles.SUPPORTED.get("mlp"), inputs).network();

    assertThat(network.parameters())
        .isEqualTo(
            OnnxFile.read(OnnxFiles.model("mlp"), OnnxFiles.SUPPORTED.get("mlp"), inputs)
                .network()
                .parameters());
    byte[] weights = OnnxFiles.bytes("external.weights");
    weights[100]++;
    Files.write(folder.resolve("external.weights"), weights);
    assertThat(completed(model)).isNotEqualTo(completed);
  }

  @Test
  void whatNobodyReadsIsNotLookedFor() throws IOException {
    TensorProto.Builder elsewhere =
        Models.tensor(2)
            .setName("unread")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("no-such-file"));
    ModelProto mlp = ModelProto.parseFrom(OnnxFiles.model("mlp"));
    ModelProto.Builder model = mlp.toBuilder();
    model.getGraphBuilder().addInitializer(elsewhere).addInputBuilder().setName("unread");
    model
        .getGraphBuilder()
        .addNodeBuilder()
        .setOpType("Constant")
        .addOutput("unread too")
        .addAttributeBuilder()
        .setName("value")
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(elsewhere);

    byte[] completed = completed(model.build().toByteArray());

    assertThat(ModelProto.parseFrom(completed)).isEqualTo(mlp);
  }

  @Test
  void aNetworkWithoutFilesBesideItStaysAsItIs() throws IOException {
    byte[] model = OnnxFiles.model("mlp");
    assertThat(completed(model)).isSameAs(model);
  }

  @Test
  void aModelThatWasNotCompletedIsRefused() throws IOException {
    byte[] model = OnnxFiles.model("external");
    assertThatThrownBy(() -> OnnxFile.read(model, OnnxFiles.SUPPORTED.get("mlp"), new float[6]))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("its numbers are in another file, which was not read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "below/../../secret",
        "/etc/passwd",
        "file:///etc/passwd",
        "hdfs://elsewhere/weights",
        "link",
        "linked/secret",
        "./weights",
        "below//weights",
        "..",
        "",
        "a\\b",
        "two\nlines"
      })
  void filesElsewhereAreNotRead(String location) throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("linked"), outside);
    byte[] model = model(Map.of("location", location), 4);
    assertThatThrownBy(() -> completed(model))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("tensor weights: external data in ")
        .hasMessageEndingWith("must be a file in the model's folder, without .. or links");
  }

  /** Even to open one waits for its writer. */
  @Test
  @Timeout(60)
  void pipesAreNotOpened() throws IOException, InterruptedException {
    String pipe = folder.resolve("weights").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    assertThatThrownBy(() -> completed(model(Map.of("location", "weights"), 0)))
        .isInstanceOf(OnnxException.class)
        .hasMessage("tensor weights: weights is no file");
  }

  @Test
  void filesInFoldersBelowAreRead() throws IOException {
    Files.createDirectory(folder.resolve("below"));
    Files.write(folder.resolve("below/weights"), new byte[] {0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3F});
    byte[] completed =
        completed(model(Map.of("location", "below/weights", "offset", "4", "length", "4"), 1));
    TensorProto tensor = ModelProto.parseFrom(completed).getGraph().getInitializer(0);
    assertThat(TensorReader.read(tensor).number(0)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "offset | 9 | bytes 9 to 25 of weights, which has 24",
        "offset | 999999999999999999 | bytes 999999999999999999 to 1000000000000000015 of weights",
        "offset | 9223372036854775807 | offset = 9223372036854775807: must be a whole number",
        "offset | -4 | offset = -4: must be a whole number, at least 0",
        "length | 15 | 15 bytes of its file for 16 of its numbers",
        "size | 16 | external data have no size"
      })
  void bytesThatAreNotThereAreRefused(String key, String value, String message) throws IOException {
    Files.write(folder.resolve("weights"), new byte[24]);
    byte[] model = model(Map.of("location", "weights", key, value), 4);
    assertThatThrownBy(() -> completed(model))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("tensor weights: " + message);
  }

  @Test
  void filesThatAreNotThereAreNamed() throws IOException {
    assertThatThrownBy(() -> completed(model(Map.of("location", "weights"), 4)))
        .isInstanceOf(OnnxException.class)
        .hasMessage("tensor weights: there is no file weights beside the model");
    Files.createDirectory(folder.resolve("weights"));
    assertThatThrownBy(() -> completed(model(Map.of("location", "weights"), 4)))
        .isInstanceOf(OnnxException.class)
        .hasMessage("tensor weights: weights is no file");
  }

  @Test
  void aSmallFileDoesNotBecomeALargeModel() throws IOException {
    Files.write(folder.resolve("weights"), new byte[1 << 16]);
    ModelProto one = ModelProto.parseFrom(model(Map.of("location", "weights"), 1 << 14));
    ModelProto.Builder many = one.toBuilder();
    for (int i = 0; i < 5; i++) {
      many.getGraphBuilder().addInitializer(one.getGraph().getInitializer(0));
    }
    assertThatThrownBy(() -> completed(many.build().toByteArray()))
        .isInstanceOf(OnnxException.class)
        .hasMessage("tensor weights: the tensors have more bytes than their files");
  }

  private static byte[] model(Map<String, String> external, int numbers) {
    TensorProto.Builder tensor =
        Models.tensor(numbers)
            .setName("weights")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    external.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    Models model = new Models(17, -1, 4);
    model.graph().addInitializer(tensor);
    return model.build("weights").toByteArray();
  }
}
