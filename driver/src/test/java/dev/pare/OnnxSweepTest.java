package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import onnx.Onnx;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A teacher from ONNX, and files that are recognized and refused. */
class OnnxSweepTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  /** Of 784-16-10, trained in PyTorch on the images of the quickstart; its name is no hint. */
  private Path digits() throws IOException {
    Path model = folder.resolve("network.bin");
    try (InputStream in = OnnxSweepTest.class.getResourceAsStream("digits.onnx")) {
      Files.copy(in, model);
    }
    return model;
  }

  private SweepSpec spec(Path model) {
    return SmallSweep.withTeacher(
        "teacher.model = \"file://" + model + "\"",
        folder.resolve("out"),
        "space={ sparsity = [0.5], bits = [4], factorize = [none, svd] }");
  }

  @Test
  void aNetworkOfPyTorchIsCompressed() throws IOException {
    SweepSpec spec = spec(digits());
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.frontier().teacher().validation().accuracy()).isGreaterThan(0.85);
    assertThat(result.frontier().teacher().comparison())
        .matches(
            "outputs on 16 examples differ from ONNX Runtime's by at most [0-9.e-]+ of the largest"
                + " one");
    // From the store, too.
    assertThat(Sweep.run(spark, spec).frontier()).isEqualTo(result.frontier());
    assertThat(result.outcomes().values()).hasSize(2).allMatch(Outcome.Measured.class::isInstance);
    assertThat(result.frontier().rows())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.test().accuracy()).isGreaterThan(0.6));
  }

  /** Whole units where layers are such that these can be removed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mlp | 6, 1, 1 | 3",
        "cnn-unfolded | 2, 10, 10 | 4",
        "resnet | 2, 8, 8 | 3",
        "pre-activation | 2, 6, 6 | 3",
        "lstm-hidden | 1, 4, 5 | 3",
        "layer-normalization-opset-13 | 6, 1, 1 | 3",
        "sequence | 2, 11, 1 | 3",
        "channels-last | 2, 6, 5 | 3",
        "projection | 2, 6, 5 | 3",
        "mobilenet-v2 | 3, 12, 12 | 4",
        "mobilenet-v3-opset-17 | 3, 12, 12 | 4",
        "densenet | 3, 12, 12 | 4",
        "shufflenet-opset-17 | 3, 16, 16 | 4",
        "squeezenet | 3, 16, 16 | 4",
        "functions-opset-17 | 6, 1, 1 | 3",
        "uneven | 2, 8, 9 | 3"
      })
  void networksOfAllLayersArePrunedFactorizedAndQuantized(String name, String shape, int classes)
      throws IOException {
    assertCompressed(name + ".onnx", shape, classes);
  }

  @Test
  void aNetworkOfKerasIsPrunedFactorizedAndQuantized() throws IOException {
    assertCompressed("keras/images.h5", "2, 11, 8", 3);
  }

  private void assertCompressed(String file, String shape, int classes) throws IOException {
    int features = 1;
    for (String side : shape.split(", ")) {
      features *= Integer.parseInt(side);
    }
    Path csv = folder.resolve("examples.csv");
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      lines.append(i % classes);
      for (int f = 0; f < features; f++) {
        lines.append(',').append(random.nextInt(256));
      }
      lines.append('\n');
    }
    Files.writeString(csv, lines);
    Path model = SmallSweep.ROOT.resolve("executors/src/test/resources/dev/pare/onnx/" + file);

    Sweep.Result result =
        Sweep.run(
            spark,
            SmallSweep.withData(
                "data { format = csv, divisor = 255, validation = 50, shape = [%s], train.features = \"%s\", test.features = \"%s\" }\n"
                    .formatted(shape, csv, csv),
                "teacher.model = \"file://" + model + "\"",
                folder.resolve("out"),
                "space=null",
                "points=[{ sparsity = 0.5, bits = 4 }, { sparsity = 0.4, granularity = unit, bits ="
                    + " 4 }, { factorize = svd, rank = 0.5, sparsity = 0.2, bits = 4 }]"));

    assertThat(result.outcomes()).hasSize(3);
    assertThat(result.outcomes())
        .allSatisfy(
            (candidate, outcome) -> {
              if (outcome instanceof Outcome.Failed failed) {
                assertThat(failed.failure().code()).isEqualTo(FailureCode.SETTINGS_MISFIT);
                assertThat(candidate.label()).contains("granularity=unit");
              }
            });
  }

  @Test
  void theKeyFollowsTheBytes() throws IOException {
    Path model = digits();
    StageKey key = key(model);
    assertThat(key(model)).isEqualTo(key);
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2]++;
    Files.write(model, bytes);
    assertThat(key(model)).isNotEqualTo(key);
  }

  @Test
  void theKeyFollowsTheWeightsBesideTheModel() throws IOException {
    Onnx.ModelProto.Builder builder =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(digits())).toBuilder();
    Onnx.TensorProto.Builder tensor = builder.getGraphBuilder().getInitializerBuilder(0);
    Path weights = folder.resolve("weights");
    byte[] numbers = tensor.getRawData().toByteArray();
    Files.write(weights, numbers);
    tensor
        .clearRawData()
        .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            Onnx.StringStringEntryProto.newBuilder().setKey("location").setValue("weights"));
    Path model = Files.write(folder.resolve("split.onnx"), builder.build().toByteArray());
    StageKey key = key(model);
    numbers[0]++;
    Files.write(weights, numbers);
    assertThat(key(model)).isNotEqualTo(key);
    Files.delete(weights);
    refused(model, "there is no file weights beside the model");
  }

  private StageKey key(Path model) {
    Configuration hadoop = new Configuration();
    SweepSpec spec = spec(model);
    return TeacherProvider.key(spec, DataLoader.loadTraining(spec.data(), hadoop), hadoop);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "archive/data.pkl | is a file of PyTorch; export it with torch.onnx.export, as Pare's"
            + " README shows, and name the .onnx file",
        "script/data/0 | is a file of PyTorch; export it with torch.onnx.export",
        "metadata.json | is a file of Keras; convert it with python -m tf2onnx.convert --keras"
            + " FILE",
        "other | not a DL4J zip: it has no configuration.json"
      })
  void zipsOfOthersAreToldApart(String entry, String message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
    }
    refused(bytes.toByteArray(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "894844460d0a1a0a0000 | a damaged HDF5 file, or none that is supported",
        "1c00000054464c33 | is a file of TensorFlow Lite; convert it with python -m tf2onnx.convert"
            + " --tflite FILE",
        "80028a0a6cfc9c46f920 | is a Python pickle, as old versions of PyTorch save networks;"
            + " export it",
        "0801120a0a | is a saved model of TensorFlow; convert it with",
        "00 | is no network that Pare reads: a toy network, a .pare file, a DL4J zip, a Keras .h5"
            + " file, an ONNX model; those of others are exported to ONNX",
        "'' | is no network that Pare reads",
        "08073a050a00 | not an ONNX model, or a damaged one"
      })
  void otherFilesAreToldApart(String hex, String message) throws IOException {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    refused(bytes, message);
  }

  private void refused(byte[] bytes, String message) throws IOException {
    refused(Files.write(folder.resolve("model"), bytes), message);
  }

  private void refused(Path model, String message) {
    Configuration hadoop = new Configuration();
    SweepSpec spec = spec(model);
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    assertThatThrownBy(() -> TeacherProvider.architecture(spec, data, hadoop))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("teacher.model = file:")
        .hasMessageContaining(message);
  }

  @Test
  void foldersAreToldApart() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("saved"));
    refused(saved, "is a folder, not a file");
    Files.writeString(saved.resolve("saved_model.pb"), "", StandardCharsets.UTF_8);
    refused(saved, "is a saved model of TensorFlow; convert it with");
    refused(folder.resolve("nothing"), "no such file");
  }
}
