package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Outcome;
import dev.pare.graph.Embedding;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.SelfAttention;
import dev.pare.prepare.Preparation;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    spark.close();
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
      assertThat(decoded.architecture().vocabulary()).hasValue(256);
      List<Layer> layers = decoded.architecture().layers();
      assertThat(layers).anyMatch(Embedding.class::isInstance);
      if (network.equals("transformer")) {
        assertThat(layers).anyMatch(layer -> layer.whole() instanceof SelfAttention);
      }
      Preparation preparation = new ArtifactReader().open(bytes).preparation();
      assertThat(preparation.classes()).containsExactly("1", "2", "3");
    }
  }

  @Test
  void textsOfAnotherLengthAreToldFromThoseThatTheNetworkReads() {
    assertThatThrownBy(() -> Sweep.run(spark, spec("gru", 9)))
        .hasMessageContaining("its input is ?×12, but examples are 1×9×1; data.shape says");
  }
}
