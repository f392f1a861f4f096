package dev.pare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.graph.Architecture;
import dev.pare.graph.Embedding;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.SelfAttention;
import dev.pare.prepare.Preparation;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of text from PyTorch, as {@code src/test/python/export_sequences.py} has made them. */
class WordSweepTest {
  private static final Path WORDS =
      SmallSweep.ROOT.resolve("driver/src/test/resources/dev/pare/words");

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

  private SweepSpec spec(String network, int letters, String... overrides) {
    return SmallSweep.withData(
        """
        data {
          format = text, shape = [1, %d, 1], validation = 100
          train.features = "%s", test.features = "%s"
        }
        """
            .formatted(letters, WORDS.resolve("train.txt"), WORDS.resolve("test.txt")),
        "teacher.model = \"file://" + WORDS.resolve(network + ".onnx") + "\"",
        folder.resolve("out"),
        overrides);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "transformer"})
  void aNetworkOfTextIsPrunedFactorizedAndQuantized(String network) throws IOException {
    String head = network.equals("gru") ? "" : ", { granularity = head, sparsity = 0.5, bits = 6 }";
    Sweep.Result result =
        Sweep.run(
            spark,
            spec(
                network,
                12,
                "space=null",
                "student.epochs=4",
                "points=[{ sparsity = 0.3, bits = 6 }, { sparsity = 0.7, bits = 4 },"
                    + " { factorize = svd, rank = 0.5, sparsity = 0.2, bits = 6 },"
                    + " { granularity = unit, sparsity = 0.3, bits = 6 },"
                    + " { quantizer = uniform-channel, sparsity = 0.5, bits = 6 }"
                    + head
                    + "]"));

    assertThat(result.frontier().teacher().test().accuracy()).isGreaterThan(0.85);
    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(result.frontier().rows())
        .isNotEmpty()
        .anySatisfy(row -> assertThat(row.test().accuracy()).isGreaterThan(0.75));
    for (Path file : SmallSweep.best(folder.resolve("out"))) {
      byte[] bytes = Files.readAllBytes(file);
      Network decoded = new ArtifactReader().read(bytes).toNetwork();
      assertThat(decoded.architecture().vocabularies()).containsOnly(256);
      List<Layer> layers = decoded.architecture().layers();
      assertThat(layers).anyMatch(Embedding.class::isInstance);
      if (network.equals("transformer")) {
        assertThat(layers).anyMatch(layer -> layer.whole() instanceof SelfAttention);
      }
      Preparation preparation = new ArtifactReader().open(bytes).preparation();
      assertThat(preparation.classes()).containsExactly("1", "2", "3");
    }
  }

  /** The same words as numbers of a table, and as bytes, which are no colours. */
  @Test
  void tokensMayBeNumbersOfOtherFormats() throws IOException {
    List<String> lines = Files.readAllLines(WORDS.resolve("test.txt"));
    StringBuilder csv = new StringBuilder();
    ByteArrayOutputStream idx = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    idx.writeBytes(new byte[] {0, 0, 8, 2, 0, 0, (byte) (lines.size() >> 8), (byte) lines.size()});
    idx.writeBytes(new byte[] {0, 0, 0, 12});
    labels.writeBytes(
        new byte[] {0, 0, 8, 1, 0, 0, (byte) (lines.size() >> 8), (byte) lines.size()});
    for (String line : lines) {
      byte[] letters = Arrays.copyOf(line.substring(2).getBytes(UTF_8), 12);
      csv.append(line.charAt(0));
      for (byte letter : letters) {
        csv.append(',').append(letter & 0xFF);
      }
      csv.append('\n');
      idx.writeBytes(letters);
      labels.write(line.charAt(0) - '1');
    }
    Path table = Files.writeString(folder.resolve("words.csv"), csv);
    Path bytes = Files.write(folder.resolve("words"), idx.toByteArray());
    Path classes = Files.write(folder.resolve("classes"), labels.toByteArray());
    String named = "format = csv, classes = named, train.features = \"%s\"".formatted(table);
    String both = "train { features = \"%s\", labels = \"%s\" }".formatted(bytes, classes);
    for (String data : List.of(named, both + ", divisor = 1")) {
      assertThat(architecture(data).vocabularies()).containsOnly(256);
    }
    assertThatThrownBy(() -> architecture(both))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("embedding reads tokens as they are, but the input is divided by 255")
        .hasMessageContaining("data.divisor must be 1");
  }

  private Architecture architecture(String data) {
    Configuration hadoop = new Configuration();
    SweepSpec spec =
        SmallSweep.withData(
            "data { validation = 50, test-share = 0.2, " + data + " }\n",
            "teacher.model = \"file://" + WORDS.resolve("gru.onnx") + "\"",
            folder.resolve("out"));
    return TeacherProvider.architecture(spec, DataLoader.loadTraining(spec.data(), hadoop), hadoop);
  }

  @Test
  void textsOfAnotherLengthAreToldFromThoseThatTheNetworkReads() {
    assertThatThrownBy(() -> Sweep.run(spark, spec("gru", 9)))
        .hasMessageContaining("its input is ?×12, but examples are 1×9×1; data.shape says");
  }
}
