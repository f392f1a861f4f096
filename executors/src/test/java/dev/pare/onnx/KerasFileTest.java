package dev.pare.onnx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Task;
import dev.pare.data.TestSeed;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models and outputs of src/test/python/save_keras.py. */
class KerasFileTest {
  private static final Map<String, InputShape> MODELS =
      Map.of(
          "dense", new InputShape(6, 1, 1, 1),
          "images", new InputShape(2, 11, 8, 1),
          "graph", new InputShape(2, 6, 5, 1),
          "steps", new InputShape(3, 9, 1, 1),
          "square", new InputShape(4, 4, 1, 1),
          "recurrent", new InputShape(1, 9, 3, 1),
          "tokens", new InputShape(1, 7, 1, 1),
          "decoder", new InputShape(2, 5, 4, 1),
          "places", new InputShape(3, 6, 1, 1),
          "attention", new InputShape(1, 7, 1, 1));

  static List<String> models() {
    return MODELS.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theNetworkComputesWhatNumPyComputes(String name) throws IOException {
    checkOutputs(name, file(name));
  }

  private static void checkOutputs(String name, byte[] file) throws IOException {
    float[] inputs = OnnxFiles.floats("keras/" + name + ".inputs");
    float[] outputs = OnnxFiles.floats("keras/" + name + ".outputs");
    Network network = KerasFile.read(file, MODELS.get(name), inputs, Task.CLASSIFICATION).network();
    int classes = network.architecture().outputs();
    int count = outputs.length / classes;
    float[] logits = new float[outputs.length];
    try (Engine engine = Engines.of(network.architecture(), count)) {
      engine.forward(network.parameters(), Batch.of(inputs, count), logits);
    }
    assertThat(softmax(logits, classes)).containsExactly(outputs, within(1e-5f));
  }

  private static float[] softmax(float[] logits, int classes) {
    float[] shares = new float[logits.length];
    for (int from = 0; from < logits.length; from += classes) {
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        sum += Math.exp(logits[i]);
      }
      for (int i = from; i < from + classes; i++) {
        shares[i] = (float) (Math.exp(logits[i]) / sum);
      }
    }
    return shares;
  }

  private static byte[] file(String name) throws IOException {
    return OnnxFiles.bytes("keras/" + name + ".h5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense | \"softplus\" | \"softsign\" | (Dense): activation = softsign is not supported",
        "dense | \"Dropout\" | \"Dropped\" | (Dropped): it is not supported",
        "dense | \"momentum\" | \"momentom\" | Pare does not know what momentom does",
        "dense | \"Sequential\" | \"Sequentiel\" | a model of class Sequentiel",
        "images | channels_last | channels_luck | data_format = \"channels_luck\": must be channels_last",
        "images | \"same\" | \"some\" | padding = some is not known",
        "images | \"groups\": 2 | \"groups\": 3 | groups = 3: must divide the channels",
        "graph | \"axis\": -1 | \"axis\": -7 | axis = -7: must be one of 3 sides",
        "attention | \"axis\": [2] | \"axis\": [1] | (LayerNormalization): axis: must be the last one",
        "attention | use_causal_mask | use_casual_mask | called with use_casual_mask = true, which",
        "attention | \"attention_axes\": [1] | \"attention_axes\": [2] | attention_axes: must be the steps",
        "attention | \"mask_zero\": false | \"mask_zero\": 12345 | mask_zero = 12345: must be false",
        "tokens | \"merge_mode\": \"sum\" | \"merge_mode\":  null | merge_mode = null is not known",
        "tokens | \"merge_mode\": \"sum\" | \"merge_mode\": \"sun\" | merge_mode = sun is not known",
        "tokens | \"class_name\": \"GRU\" | \"class_name\": \"CRU\" | (Bidirectional): of CRU is not supported",
        "decoder | \"size\": [1, 2] | \"size\": [0, 2] | size = 0: must be 1 to 4096",
        "decoder | bilinear | bicubics | interpolation = bicubics is not supported",
        "dense | \"sparse\": false | \"sparse\":  true | (InputLayer): sparse = true: must be false",
        "dense | \"ragged\": false | \"ragged\":  true | (InputLayer): ragged = true: must be false",
        "dense | \"ragged\": false | \"rugged\": false | Pare does not know what rugged does",
        "images | \"kernel_size\" | \"kernel_sizo\" | kernel_size = : must be 1 to 4096",
        "graph | [[\"input\", 0, 0]], \"out | [[\"add_2\", 0, 0]], \"out | input_layers: layer add_2 is no InputLayer",
        "graph | true, \"dtype\": \"float32\" | true, \"dtype\": \"float16\" | dtype = \"float16\": must be float32",
        "recurrent | \"use_bias\": true | \"use_bias\": fals | is no JSON",
        "recurrent | \"reset_after\": true | \"reset_after\":false | reset_after = false: must be true",
        "recurrent | \"sigmoid\" | \"sigmoyd\" | recurrent_activation = \"sigmoyd\": must be sigmoid",
        "recurrent | \"recurrent_activation\" | \"recurrent_activatiun\" | recurrent_activation is not set",
        "recurrent | \"reset_after\" | \"after_reset\" | reset_after is not set",
        "attention | \"use_causal_mask\": true | \"training\":        true | called with training = true, which"
      })
  void whatIsNotKnownIsRefusedByLayerAndSetting(
      String name, String part, String other, String message) throws IOException {
    byte[] file = replaced(file(name), part, other);
    assertThatThrownBy(() -> KerasFile.model(file))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(message);
  }

  private static byte[] replaced(byte[] file, String part, String other) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(part);
    assertThat(other).hasSameSizeAs(part);
    return text.replace(part, other).getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps | \"strides\": [2], ",
        "steps | \"pool_size\": [2], ",
        "images | \"pool_size\": [2, 2], ",
        "images | \"dilation_rate\": [1, 1], ",
        "images | \"strides\": [1, 1], ",
        "decoder | \"strides\": [1, 1], ",
        "places | , \"size\": 2"
      })
  void whatIsLeftOutIsAsKerasHasIt(String name, String part) throws IOException {
    checkOutputs(name, replaced(file(name), part, " ".repeat(part.length())));
  }

  /** Its get_config has the two factors of its loss. */
  @Test
  void activityRegularizationHandsOnWhatItReads() throws IOException {
    String config =
        "\", \"config\": {\"name\": \"dropout_1\", \"trainable\": true, \"dtype\": \"float32\", ";
    String dropout = "Dropout" + config + "\"rate\": 0.5, \"noise_shape\": null, \"seed\": null}";
    String regularization = "ActivityRegularization" + config + "\"l1\": 0.5, \"l2\": 0.25}";
    String padding = " ".repeat(dropout.length() - regularization.length());
    checkOutputs("dense", replaced(file("dense"), dropout, regularization + padding));
  }

  /** As TensorFlow's fused_batch_norm, which has images alone, says in its source. */
  @ParameterizedTest
  @CsvSource({"images, 1.001e-5", "dense, 1e-6"})
  void smallEpsilonsOfImagesAreRaised(String name, float expected) throws IOException {
    byte[] file = replaced(file(name), "\"epsilon\": 0.001", "\"epsilon\": 1e-06");
    assertThat(KerasFile.model(file).getGraph().getNodeList())
        .filteredOn(node -> node.getOpType().equals("BatchNormalization"))
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(node.getAttributeList())
                    .filteredOn(attribute -> attribute.getName().equals("epsilon"))
                    .singleElement()
                    .extracting(AttributeProto::getF)
                    .isEqualTo(expected));
  }

  @Test
  void otherVersionsAndWeightsAloneAreRefused() throws IOException {
    byte[] later = replaced(file("dense"), "2.11.0", "3.11.0");
    assertThatThrownBy(() -> KerasFile.model(later))
        .hasMessageContaining("saved by Keras 3.11.0, of which Pare reads version 2; convert it");
    byte[] weights = replaced(file("dense"), "model_config", "model_cinfog");
    assertThatThrownBy(() -> KerasFile.model(weights))
        .hasMessageContaining("without a whole model; save it with model.save");
    assertThatThrownBy(() -> KerasFile.model(Arrays.copyOf(file("dense"), 5000)))
        .isInstanceOf(OnnxException.class);
  }

  /** TensorFlow 1.13 and 2.0 both call theirs 2.2.4-tf, and interpolate otherwise. */
  @ParameterizedTest
  @CsvSource({
    "2.2.4, false",
    "2.2.4-tf, false",
    "2.3.1, false",
    "2.3.0-tf, true",
    "2.4.0, true",
    "2.11.0, true",
    "2.x, false"
  })
  void versionsInterpolateOtherwise(String version, boolean centres) {
    assertThat(new KerasVersion(version).hasCentres()).isEqualTo(centres);
  }

  @Test
  void interpolationOfOldVersionsIsRefused() throws IOException {
    byte[] old = replaced(file("decoder"), "2.11.0", "2.2.40");
    assertThatThrownBy(() -> KerasFile.model(old))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(
            "(UpSampling2D): interpolation = bilinear is not supported of Keras 2.2.40, whose");
  }

  /** Theano's convolutions flip their kernels. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherBackendsAreRefused(boolean ofWeights) throws IOException {
    String text = new String(file("images"), StandardCharsets.ISO_8859_1);
    int at = ofWeights ? text.lastIndexOf("tensorflow") : text.indexOf("tensorflow");
    byte[] other =
        (text.substring(0, at) + "theanoflow" + text.substring(at + 10))
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> KerasFile.model(other))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("saved by Keras on the backend theanoflow, whose kernels");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float16 | (InputLayer): dtype = float16: must be float32, or int32 or int64 of tokens",
        "uint8 | (InputLayer): dtype = uint8: must be float32, or int32 or int64 of tokens",
        "bool | (InputLayer): dtype = bool: must be float32, or int32 or int64 of tokens",
        "int32 | its input input is of INT32, which rounds numbers, and not of tokens",
        "int64 | its input input is of INT64, which rounds numbers, and not of tokens"
      })
  void inputsThatKerasRoundsAreRefused(String type, String message) throws IOException {
    float[] inputs = OnnxFiles.floats("keras/dense.inputs");
    byte[] file = ofType(file("dense"), type);
    assertThatThrownBy(() -> KerasFile.read(file, MODELS.get("dense"), inputs, Task.CLASSIFICATION))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int32", "int64"})
  void tokensMayBeOfWholeNumbers(String type) throws IOException {
    float[] inputs = OnnxFiles.floats("keras/tokens.inputs");
    assertThat(
            KerasFile.read(
                    ofType(file("tokens"), type), MODELS.get("tokens"), inputs, Task.CLASSIFICATION)
                .comparison())
        .startsWith("outputs on 6 examples differ");
  }

  /** With another type of what the model reads. */
  private static byte[] ofType(byte[] file, String type) {
    String dtype = "\"dtype\": \"%s\", ";
    String others = "\"sparse\"";
    String was = dtype.formatted("float32") + others;
    String is = dtype.formatted(type);
    return replaced(file, was, is + " ".repeat(was.length() - is.length() - 8) + others);
  }

  /** Else, thousands of names could each be all that a file has. */
  @Test
  void namesThatAreOneTextAreRefused() throws IOException {
    byte[] file = file("dense");
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int names = 0;
    while (bytes.getInt(names) != "dense_0/kernel:0".length()
        || bytes.getInt(names + 16) != "dense_0/bias:0".length()
        || bytes.getLong(names + 4) != bytes.getLong(names + 20)) {
      names++;
    }
    System.arraycopy(file, names, file, names + 16, 16);
    assertThatThrownBy(() -> KerasFile.model(file))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("weight_names of dense_0: must be at most 4096 names, each a text");
  }

  /** Of exponents from 126 on, numbers of the same bits are twice as large. */
  @Test
  void numbersOfOtherFormatsAreRefused() throws IOException {
    String bias = "\u0017\b\0\u0017%c\0\0\0";
    byte[] other = replaced(file("dense"), bias.formatted(127), bias.formatted(126));
    assertThatThrownBy(() -> KerasFile.model(other))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("dense_0/kernel:0: must be plain 32-bit numbers");
  }

  /** What is packed may be any size, and Keras packs nothing. */
  @Test
  void compressedWeightsAreRefused() throws IOException {
    byte[] file = file("compressed");
    assertThatThrownBy(() -> KerasFile.model(file))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("dense_0/kernel:0: must be plain 32-bit numbers, not compressed");
  }

  /** A tree's header is as long as this: a count of records at 26, a checksum at 34. */
  @Test
  void aTreeOfMoreRecordsThanThereIsMemoryForIsRefused() throws IOException {
    byte[] file = file("newest");
    assertThat(KerasFile.model(file).getGraph().getInitializerCount()).isEqualTo(42);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = new String(file, ISO_8859_1).indexOf("BTHD");
    assertThat(bytes.getInt(header + 34)).isEqualTo(lookup3(file, header, 34));
    bytes.putLong(header + 26, Integer.MAX_VALUE - 8);
    bytes.putInt(header + 34, lookup3(file, header, 34));

    assertThatThrownBy(() -> KerasFile.model(file))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("an HDF5 file that asks for more memory than there is: ");
  }

  private static int lookup3(byte[] file, int from, int length) {
    return JenkinsLookup3HashLittle.hash(ByteBuffer.wrap(file, from, length).slice());
  }

  /** Weights of two layers of the same sizes, as Keras takes them by order, not by name. */
  @Test
  void layersInAnotherOrderAreRefused() throws IOException {
    byte[] file = file("dense");
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int names = 0;
    while (bytes.getInt(names) != "input".length()
        || bytes.getInt(names + 16) != "dense_0".length()
        || bytes.getInt(names + 4 * 16) != "dense_3".length()) {
      names++;
    }
    byte[] other = file.clone();
    System.arraycopy(file, names + 16, other, names + 4 * 16, 16);
    System.arraycopy(file, names + 4 * 16, other, names + 16, 16);
    assertThatThrownBy(() -> KerasFile.model(other))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("layer_names: must have the layers with weights in the model's");
    byte[] none = replaced(file, "layer_names", "layer_mames");
    assertThatThrownBy(() -> KerasFile.model(none)).hasMessageStartingWith("layer_names: must");
  }

  /** Tensors of the same sizes within a layer, of which Keras does the same. */
  @ParameterizedTest
  @CsvSource({
    "dense, batchnormalization_2/gamma:0, batchnormalization_2/beta:0, gamma",
    "dense, batchnormalization_2/beta:0, batchnormalization_2/moving_mean:0, beta",
    "recurrent, gru_1/cell/kernel:0, gru_1/cell/recurrent_kernel:0, kernel",
    "attention, multiheadattention_1/query/bias:0, multiheadattention_1/value/bias:0, query/bias",
  })
  void tensorsInAnotherOrderAreRefused(String model, String one, String other, String expected)
      throws IOException {
    byte[] file = file(model);
    byte[] swapped = file.clone();
    System.arraycopy(file, reference(file, one), swapped, reference(file, other), 16);
    System.arraycopy(file, reference(file, other), swapped, reference(file, one), 16);
    assertThatThrownBy(() -> KerasFile.model(swapped))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("is %s, must be %s; Keras loads them by".formatted(other, expected));
  }

  /** Where a list of names has one: its length, its collection's address, and its number there. */
  private static int reference(byte[] file, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = name.getBytes(ISO_8859_1);
    for (int at = 0; at + 16 <= file.length; at++) {
      long collection = bytes.getLong(at + 4);
      if (bytes.getInt(at) == text.length
          && collection > 0
          && collection < file.length - 16
          && new String(file, (int) collection, 4, ISO_8859_1).equals("GCOL")) {
        // Behind the collection's header, texts of a header of 16 bytes each, filled up to eights.
        int item = (int) collection + 16;
        while (bytes.getShort(item) != bytes.getInt(at + 12)) {
          item += 16 + ((int) bytes.getLong(item + 8) + 7) / 8 * 8;
        }
        if (Arrays.equals(file, item + 16, item + 16 + text.length, text, 0, text.length)) {
          return at;
        }
      }
    }
    throw new AssertionError(name);
  }

  /** As Keras divides lists that are too long for one attribute. */
  @Test
  void dividedNamesAreReadTogether() throws IOException {
    checkOutputs("dense", file("divided"));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    byte[] linked = file("linked");
    assertThatThrownBy(() -> KerasFile.model(linked))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("is a link, which is not followed");
  }

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 20_000; round++) {
      byte[] file = file(models().get(round % MODELS.size()));
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        int value = random.nextInt(4) == 0 ? 0xFF : random.nextInt(256);
        file[random.nextInt(file.length)] = (byte) value;
      }
      byte[] damaged =
          random.nextInt(8) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
      long start = System.nanoTime();
      try {
        assertThat(KerasFile.model(damaged).getGraph().getNodeCount()).isPositive();
      } catch (OnnxException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
