package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.candidate.Sha256;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.DataLoader;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.ParameterTensor;
import dev.pare.model.Dl4jNetworks;
import dev.pare.onnx.RuntimeSession;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.report.FrontierRow;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a frontier, as ONNX Runtime runs them. */
class ExportCommandTest {
  @TempDir private static Path folder;

  private static SweepSpec spec;
  private static Sweep.Result result;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void sweep() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      spec = SmallSweep.spec(folder.resolve("out"));
      result = Sweep.run(spark, spec);
    }
  }

  @AfterAll
  static void forget() {
    result = null;
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private static String conf() {
    return folder.resolve("out/sweep.conf").toString();
  }

  private static String best(int index) throws IOException {
    return SmallSweep.best(folder.resolve("out")).get(index).toString();
  }

  @Test
  void allOfAFrontierHasItsMetricInOnnxRuntime() throws IOException {
    Examples validation = DataLoader.loadTraining(spec.data(), new Configuration()).validation();
    for (FrontierRow row : result.frontier().rows()) {
      String file = folder.resolve("out").resolve(row.file()).toString();
      Path model = folder.resolve(Path.of(row.file()).getFileName() + ".onnx");
      assertThat(run("export", file, "--onnx", model.toString(), "--conf", conf())).isZero();
      String error = "%.2f %%".formatted(100 * row.validation().estimate().value());
      assertThat(out.toString())
          .contains(model + ": " + Files.size(model) + " bytes, weights as float; ")
          .contains("validation error in ONNX Runtime: " + error + "; the file's: " + error);
      assertThat(wrong(Files.readAllBytes(model), validation))
          .isEqualTo(row.validation().total() - row.validation().correct());
    }
  }

  @Test
  void allOfAFrontierPredictsAsInTraining() throws IOException {
    Examples validation = DataLoader.loadTraining(spec.data(), new Configuration()).validation();
    for (FrontierRow row : result.frontier().rows()) {
      byte[] file = Files.readAllBytes(folder.resolve("out").resolve(row.file()));
      float[] expected = Evaluator.logits(new ArtifactReader().read(file).toNetwork(), validation);
      Predictor predictor = Predictor.open(file);
      float[] pixels = new float[predictor.inputs()];
      int correct = 0;
      for (int i = 0; i < validation.size(); i++) {
        validation.copyFeatures(i, pixels, 0);
        Prediction prediction = predictor.predict(pixels);
        correct += prediction.label() == validation.label(i) ? 1 : 0;
        assertThat(prediction.logits())
            .containsExactly(Arrays.copyOfRange(expected, 10 * i, 10 * (i + 1)), within(1e-4f));
      }
      assertThat(correct).isEqualTo(row.validation().correct());
    }
  }

  @Test
  void aFileIsTimedInPlainJavaAndInOnnxRuntime() throws IOException {
    assertThat(run("latency", best(0), "--seconds", "0.05")).isZero();
    assertThat(out.toString().lines())
        .hasSize(5)
        .satisfies(
            lines -> {
              String timing = " +[0-9.]+ +[0-9.]+ to [0-9.]+ +";
              assertThat(lines.get(1)).matches(" *1" + timing + "Predictor");
              assertThat(lines.get(2)).matches(" *1" + timing + "ONNX Runtime");
              assertThat(lines.get(3)).matches(" *64" + timing + "Predictor");
              assertThat(lines.get(4)).matches(" *64" + timing + "ONNX Runtime");
            });
    assertThat(run("latency", best(0), "--seconds", "0.05", "--batch", "3")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
  }

  /** How often the largest probability is another class's. */
  private static int wrong(byte[] model, Examples examples) {
    int features = examples.features();
    float[] all = new float[examples.size() * features];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, all, i * features);
    }
    float[] probabilities;
    try (RuntimeSession session = new RuntimeSession(model, RuntimeSession.Nodes.OPTIMIZED)) {
      probabilities =
          Objects.requireNonNull(
              session
                  .run(Map.of("input", new RuntimeSession.Numbers(all, examples.size(), 1, 28, 28)))
                  .get("probabilities"));
    }
    int wrong = 0;
    for (int i = 0; i < examples.size(); i++) {
      int best = 0;
      for (int c = 1; c < 10; c++) {
        best = probabilities[i * 10 + c] > probabilities[i * 10 + best] ? c : best;
      }
      wrong += best == examples.label(i) ? 0 : 1;
    }
    return wrong;
  }

  @Test
  void smallerFormsOfWeights() throws IOException {
    String file = best(0);
    List<Long> sizes = new ArrayList<>();
    for (String form : List.of("float", "float16", "int8", "codebook")) {
      Path model = folder.resolve(form + ".onnx");
      assertThat(run("export", file, "--onnx", model.toString(), "--weights", form)).isZero();
      assertThat(out.toString())
          .contains("weights as " + form)
          .contains("ONNX Runtime's outputs on random inputs differ by at most ");
      sizes.add(Files.size(model));
    }
    assertThat(sizes).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(out.toString()).doesNotContain("rounded");
  }

  @Test
  void layersReadEightBits() throws IOException {
    Path model = folder.resolve("integers.onnx");
    assertThat(
            run(
                "export",
                best(0),
                "--onnx",
                model.toString(),
                "--activations",
                "int8",
                "--conf",
                conf()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("weights as int8")
        .containsPattern("activations as int8, calibrated on \\d+ training examples")
        .contains("validation error in ONNX Runtime: ");
    assertThat(ModelProto.parseFrom(Files.readAllBytes(model)).getMetadataPropsList())
        .contains(entry("pare.activations", "int8"), entry("pare.weights", "int8"));
    for (String[] wrong :
        new String[][] {
          {"--activations", "int8"},
          {"--activations", "int4", "--conf", conf()},
          {"--activations", "int8", "--weights", "float", "--conf", conf()}
        }) {
      String[] arguments = {"export", best(0), "--onnx", folder.resolve("none.onnx").toString()};
      String[] all = Arrays.copyOf(arguments, arguments.length + wrong.length);
      System.arraycopy(wrong, 0, all, arguments.length, wrong.length);
      assertThat(run(all)).isEqualTo(2);
      assertThat(err.toString()).contains("--activations");
      assertThat(folder.resolve("none.onnx")).doesNotExist();
    }
  }

  @Test
  void modelsSayWhereTheyComeFrom() throws IOException {
    Path model = folder.resolve("told.onnx");
    assertThat(run("export", best(0), "--onnx", model.toString())).isZero();
    FrontierRow row =
        result.frontier().rows().stream()
            .filter(candidate -> best0().endsWith(candidate.file()))
            .findFirst()
            .orElseThrow();
    assertThat(ModelProto.parseFrom(Files.readAllBytes(model)).getMetadataPropsList())
        .contains(
            entry("pare.sha256", Objects.requireNonNull(row.summary().sha256())),
            entry("pare.bytes", Long.toString(row.bytes())),
            entry("pare.weights", "float"),
            entry("pare.candidate", row.key().hex()),
            entry("pare.setting.bits", Objects.requireNonNull(row.point().get("bits"))));
  }

  private static Path best0() {
    try {
      return Path.of(best(0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void whatIsThereStaysUnlessItMayGo() throws IOException {
    Path model = Files.writeString(folder.resolve("there.onnx"), "mine");
    assertThat(run("export", best(0), "--onnx", model.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there.onnx exists: --overwrite replaces it");
    assertThat(model).hasContent("mine");
    assertThat(run("export", best(0), "--onnx", model.toString(), "--overwrite")).isZero();
    assertThat(Files.size(model)).isGreaterThan(4);
  }

  /** Rounding to 8 bits costs more than 0.05 points where one weight is far larger than others. */
  @Test
  void whatComputesSomethingElseIsNotWritten() throws IOException {
    CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(best0()));
    float[] weights = network.tensors().get(0).toFloats();
    int columns = network.tensors().get(0).columns();
    for (int row = 0; row < weights.length / columns; row++) {
      // The first pixel of a digit's image is black.
      weights[row * columns] = 1e4f;
    }
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    tensors.set(0, new FloatTensor(weights.length / columns, columns, weights));
    String file = write("coarse.pare", network.withOrigin(Optional.empty()).withTensors(tensors));
    Path model = folder.resolve("coarse.onnx");
    assertThat(
            run("export", file, "--onnx", model.toString(), "--weights", "int8", "--conf", conf()))
        .isEqualTo(1);
    assertThat(err.toString())
        .startsWith("pare: error is ")
        .contains("in ONNX Runtime, the file's ", "outputs differ from layer 0 on (dense ")
        .hasLineCount(1);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(path -> path.toString().contains("coarse.onnx"));
    }
  }

  @Test
  void dl4jRunsTheFilesToo() throws IOException {
    Path zip = folder.resolve("network.zip");
    assertThat(run("export", best(0), "--dl4j", zip.toString())).isZero();
    assertThat(out.toString()).startsWith(zip + ": " + Files.size(zip) + " bytes; ");
    assertThat(Dl4jNetworks.read(Files.readAllBytes(zip)).params().toFloatVector())
        .isEqualTo(new ArtifactReader().read(Files.readAllBytes(best0())).toNetwork().parameters());
    assertThat(run("export", best(0), "--dl4j", zip.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("network.zip exists: --overwrite replaces it");
  }

  @Test
  void sourcesOfC() throws IOException {
    Path c = folder.resolve("c");
    assertThat(run("export", best(0), "--c", c.toString(), "--prefix", "digits")).isZero();
    assertThat(out.toString())
        .startsWith(c + "/digits.c: ")
        .contains(" bytes of constants, ", " of variables, ", " multiply-adds; ");
    assertThat(c.resolve("digits.h"))
        .content()
        .contains("int digits_predict(const float *features, float *outputs);", "pare.sha256: ");
    assertThat(run("export", best(0), "--c", c.toString(), "--prefix", "digits")).isEqualTo(2);
    assertThat(err.toString()).contains("digits.h exists: --overwrite replaces it");
    assertThat(run("export", best(0), "--c", c.toString(), "--prefix", "1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--prefix = 1: must be letters, digits and underscores, a letter first");
    assertThat(run("export", best(0), "--onnx", "x.onnx", "--prefix", "digits")).isEqualTo(2);
    assertThat(err.toString()).contains("--prefix and --form are for --c");
    assertThat(run("export", best(0), "--c", c.toString(), "--form", "coded")).isZero();
    assertThat(out.toString()).matches("(?s).*/bits_\\d[a-z0-9_]*\\.c: .*");
    assertThat(run("export", best(0), "--c", c.toString(), "--form", "zip")).isEqualTo(2);
    assertThat(err.toString()).contains("\"zip\": must be packed, light or coded");
  }

  @Test
  void aDeltaMakesTheFileAgain() throws IOException {
    CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(best0()));
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    int last = tensors.size() - 1;
    float[] bias = tensors.get(last).toFloats();
    bias[0] += 1;
    tensors.set(last, new FloatTensor(1, bias.length, bias));
    String file = write("newer.pare", network.withTensors(tensors));
    Path delta = folder.resolve("newer.delta");
    assertThat(run("export", file, "--against", best(0), "--delta", delta.toString())).isZero();
    // Two SHA-256, the frame, and ten floats.
    assertThat(Files.size(delta)).isLessThan(200);
    assertThat(out.toString())
        .startsWith(delta + ": " + Files.size(delta) + " bytes against " + best(0) + "; " + file)
        .contains(": " + Files.size(Path.of(file)) + " bytes");
    Path again = folder.resolve("again.pare");
    assertThat(run("patch", best(0), delta.toString(), "--out", again.toString())).isZero();
    assertThat(again).hasSameBinaryContentAs(Path.of(file));
    assertThat(out.toString()).contains("SHA-256 " + Sha256.hex(Files.readAllBytes(again)));
    assertThat(run("patch", best(0), delta.toString(), "--out", again.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("again.pare exists: --overwrite replaces it");
    assertThat(run("patch", file, delta.toString(), "--out", again + "2")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(
            "pare: " + delta + " of " + file + ": the delta is against a file with SHA-256 ")
        .hasLineCount(1);
    assertThat(run("patch", file, best(0), "--out", again + "2")).isEqualTo(1);
    assertThat(err.toString()).contains("not a delta (byte 3)").hasLineCount(1);
  }

  @Test
  void whereADeltaGainsNothingNothingIsWritten() throws IOException {
    CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(best0()));
    SplittableRandom random = new SplittableRandom(77);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : network.architecture().tensors()) {
      short[] levels = new short[place.size()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (short) random.nextInt(-7, 8);
      }
      LevelMatrix matrix = new LevelMatrix(place.rows(), place.columns(), levels);
      tensors.add(new UniformTensor(matrix, new float[] {0.125f}));
    }
    String anew = write("anew.pare", new CompressedNetwork(network.architecture(), tensors));
    Path delta = folder.resolve("refused.delta");
    Path zip = folder.resolve("refused.zip");
    assertThat(
            run(
                "export",
                anew,
                "--dl4j",
                zip.toString(),
                "--against",
                best(0),
                "--delta",
                delta.toString()))
        .isEqualTo(2);
    assertThat(zip).doesNotExist();
    assertThat(err.toString())
        .contains("anew.pare against ", ": nothing is gained: the delta would take ")
        .containsPattern(" bytes, [0-9]+ more than the file")
        .hasLineCount(1);
    String other =
        write(
            "other.pare",
            CompressedNetwork.of(
                Initialization.random(
                    new Architecture(
                        new InputShape(5, 1, 1, 1), List.of(new Dense(3, Activation.SOFTMAX))),
                    7)));
    assertThat(run("export", other, "--against", best(0), "--delta", delta.toString()))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("the networks are of different architectures")
        .hasLineCount(1);
    assertThat(run("export", other, "--delta", delta.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--delta OUT and --against OLD go together");
    assertThat(delta).doesNotExist();
  }

  private static String write(String name, CompressedNetwork network) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream to = Files.newOutputStream(file)) {
      new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(network, to);
    }
    return file.toString();
  }
}
