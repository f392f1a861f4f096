package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Sha256;
import dev.pare.data.DataLoader;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.export.ExportedModel;
import dev.pare.export.OnnxExport;
import dev.pare.export.WeightForm;
import dev.pare.graph.Activation;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The networks of conf/networks, with few units, from their ONNX files to files of the frontier.
 * {@code conf/networks/networks.py --small} has made them.
 */
class NetworksSweepTest {
  private static final int TRAINING = 60;
  private static final int TEST = 12;

  /** What examples are made of. */
  enum Values {
    NUMBERS,
    TOKENS
  }

  private static SparkSession spark;

  private final SplittableRandom random = new SplittableRandom(3);

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resnet-8 | 3, 32, 32 | NUMBERS | 10",
        "ds-cnn | 1, 49, 10 | NUMBERS | 12",
        "mobilenet | 3, 96, 96 | NUMBERS | 2",
        "autoencoder | 640 | NUMBERS | 0",
        "mlp | 16 | NUMBERS | 26",
        "gru | 1, 16, 1 | TOKENS | 5",
        "transformer | 1, 16, 1 | TOKENS | 5",
      })
  void everyTechniqueWorksOnIt(String name, String shape, Values values, int classes)
      throws IOException {
    SweepSpec spec =
        SmallSweep.withData(
            data(shape, values, classes),
            "teacher.model = \"file://%s\"".formatted(model(name)),
            folder.resolve("out"),
            "space = null",
            "student { batch = 12, epochs = 1, quantize.epochs = 1, factorize.epochs = 1 }",
            "points = [{ sparsity = 0.5, bits = 4 },"
                + " { sparsity = 0.4, granularity = unit, bits = 4 },"
                + " { factorize = svd, rank = 0.5, sparsity = 0.2, bits = 4 }]");
    Sweep.Result result = Sweep.run(spark, spec);

    Measurement pruned = measurement(result, "bits=4 sparsity=0.5");
    Measurement factored = measurement(result, "bits=4 factorize=svd rank=0.5 sparsity=0.2");
    Operations operations =
        measurement(result, "bits=4 granularity=unit sparsity=0.4").operations();
    assertThat(operations.multiplyAdds()).isLessThan(operations.originalMultiplyAdds());
    assertThat(factored.layers()).hasSizeGreaterThan(pruned.layers().size());

    Examples test =
        DataLoader.loadTest(
                spec.data(),
                DataLoader.loadTraining(spec.data(), new Configuration()).form(),
                new Configuration())
            .examples();
    Map<String, byte[]> files = files();
    for (Outcome outcome : result.outcomes().values()) {
      if (outcome instanceof Outcome.Measured measured) {
        assertThat(files).containsKey(measured.measurement().sha256());
      }
    }
    for (byte[] file : files.values()) {
      checkSame(new ArtifactReader().read(file), test, shape);
    }
  }

  /** Every candidate's file by its digest, and the teacher's. */
  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("out"))) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        if (ArtifactReader.isArtifact(bytes)) {
          files.put(Sha256.hex(bytes), bytes);
        }
      }
    }
    return files;
  }

  /** What ONNX Runtime makes of a file's network is what was measured. */
  private static void checkSame(CompressedNetwork network, Examples test, String shape) {
    float[] features = new float[TEST * test.features()];
    for (int i = 0; i < TEST; i++) {
      test.copyFeatures(i, features, i * test.features());
    }
    long[] dims =
        Stream.concat(Stream.of(TEST), Arrays.stream(shape.split(", ")).map(Integer::valueOf))
            .mapToLong(Integer::longValue)
            .toArray();
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
    float[] expected = Evaluator.logits(network.toNetwork(), test);
    if (network.architecture().output() == Activation.SOFTMAX) {
      expected = softmax(expected, network.architecture().outputs());
    }
    try (OrtSession session =
            OrtEnvironment.getEnvironment()
                .createSession(model.bytes(), new OrtSession.SessionOptions());
        OnnxTensor input =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(features), dims);
        OrtSession.Result outputs = session.run(Map.of("input", input))) {
      FloatBuffer said = ((OnnxTensor) outputs.get(0)).getFloatBuffer();
      assertThat(said.remaining()).isEqualTo(expected.length);
      double largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (float value : expected) {
        assertThat((double) said.get()).isCloseTo(value, within(1e-4 * largest));
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] softmax(float[] logits, int classes) {
    float[] probabilities = new float[logits.length];
    for (int from = 0; from < logits.length; from += classes) {
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        sum += Math.exp(logits[i]);
      }
      for (int i = from; i < from + classes; i++) {
        probabilities[i] = (float) (Math.exp(logits[i]) / sum);
      }
    }
    return probabilities;
  }

  private static Outcome outcome(Sweep.Result result, String label) {
    return result.outcomes().entrySet().stream()
        .filter(entry -> entry.getKey().label().equals(label))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Measurement measurement(Sweep.Result result, String label) {
    return ((Outcome.Measured) outcome(result, label)).measurement();
  }

  private Path model(String name) throws IOException {
    Path model = folder.resolve(name + ".onnx");
    try (InputStream in =
        NetworksSweepTest.class.getResourceAsStream("networks/" + name + ".onnx")) {
      Files.copy(in, model);
    }
    return model;
  }

  /**
   * Arrays of random numbers, with some of each class.
   *
   * @param classes 0 for an autoencoder, of whose examples one in four is no normal one
   */
  private String data(String shape, Values values, int classes) throws IOException {
    int labels = classes == 0 ? 4 : classes;
    for (Map.Entry<String, Integer> split : Map.of("train", TRAINING, "test", TEST).entrySet()) {
      array(split.getKey(), split.getValue(), shape, values);
      ByteBuffer codes = ByteBuffer.allocate(split.getValue());
      for (int i = 0; i < split.getValue(); i++) {
        codes.put((byte) (classes == 0 ? i % labels / (labels - 1) : i % labels));
      }
      array(split.getKey() + "-labels", "|u1", split.getValue() + ",", codes);
    }
    return """
        data {
          task = %s, format = numpy, validation = 12
          train { features = "%2$s/train.npy", labels = "%2$s/train-labels.npy" }
          test { features = "%2$s/test.npy", labels = "%2$s/test-labels.npy" }
        }
        """
        .formatted(classes == 0 ? "reconstruction" : "classification", folder);
  }

  private void array(String name, int count, String shape, Values values) throws IOException {
    int size =
        Arrays.stream(shape.split(", ")).mapToInt(Integer::parseInt).reduce(1, (a, b) -> a * b);
    ByteBuffer numbers = ByteBuffer.allocate(4 * count * size).order(ByteOrder.LITTLE_ENDIAN);
    while (numbers.hasRemaining()) {
      numbers.putFloat(values == Values.TOKENS ? random.nextInt(256) : (float) random.nextDouble());
    }
    array(name, "<f4", count + ", " + shape, numbers);
  }

  private void array(String name, String type, String shape, ByteBuffer numbers)
      throws IOException {
    byte[] header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n"
            .formatted(type, shape)
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(10 + header.length + numbers.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    file.put((byte) 0).putShort((short) header.length).put(header).put(numbers.rewind());
    Files.write(folder.resolve(name + ".npy"), file.array());
  }
}
