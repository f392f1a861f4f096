package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Outcome;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Factored;
import dev.pare.graph.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Low rank, pruning and quantization in one candidate, for networks of every kind of layer. */
class LowRankSweepTest {
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

  private List<Architecture> sweep(String teacher, String... points) throws IOException {
    Path out = folder.resolve("results");
    Sweep.Result result =
        Sweep.run(
            spark,
            SmallSweep.withData(
                SmallSweep.someImages(folder, 3000, 500),
                "teacher { batch = 32, learning-rate = 0.005, epochs = 2, " + teacher + " }",
                out,
                "space=null",
                "points=[" + String.join(",", points) + "]",
                "student.batch=32",
                "student.learning-rate=0.003",
                "student.epochs=2",
                "student.factorize{ epochs = 2, learning-rate = 0.003, calibration = 200 }"));

    assertThat(result.outcomes()).hasSize(points.length);
    List<Architecture> architectures = new ArrayList<>();
    result
        .outcomes()
        .forEach(
            (candidate, outcome) -> {
              assertThat(outcome).as("%s", candidate.label()).isInstanceOf(Outcome.Measured.class);
              Outcome.Measured measured = (Outcome.Measured) outcome;
              assertThat(measured.seconds()).containsKeys("factorize", "prune", "encode");
              assertThat(measured.measurement().validation().accuracy())
                  .as("%s", candidate.label())
                  // Guessing gets a tenth right.
                  .isGreaterThan(0.15);
            });
    for (Path file : SmallSweep.best(out)) {
      architectures.add(new ArtifactReader().read(Files.readAllBytes(file)).architecture());
    }
    assertThat(Files.readString(out.resolve("report.html"))).contains("factorize");
    return architectures;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "architecture = mlp, widths = [48, 32] | false",
        "architecture = resnet, widths = [4, 6] | false",
        "architecture = lstm, widths = [24] | true",
        "architecture = attention, widths = [16, 32], blocks = 1, heads = 2 | true"
      })
  void everyTechniqueGoesWithPruningAndQuantization(String teacher, boolean factored)
      throws IOException {
    List<Architecture> files =
        sweep(
            teacher,
            "{ factorize = svd, rank = 0.3, sparsity = 0.5, bits = 4 }",
            "{ factorize = svd, energy = 0.6, sparsity = 0.3, bits = 4 }",
            "{ factorize = threshold, singular-threshold = 0.3, sparsity = 0.3, bits = 4 }",
            "{ factorize = als, rank = 0.3, sparsity = 0.3, bits = 3 }",
            "{ factorize = svd, rank-budget = 0.4, sparsity = 0.3, bits = 4 }",
            "{ factorize = svd, rank = 0.25, sparsity = 0, bits = 32 }");

    assertThat(files).isNotEmpty();
    if (factored) {
      // Where products are no smaller, weights stay as they are.
      assertThat(files)
          .anySatisfy(file -> assertThat(file.layers()).anyMatch(Factored.class::isInstance));
    }
  }

  @Test
  void lowRankAndSparseGoesWithPruningAndQuantization() throws IOException {
    List<Architecture> files =
        sweep(
            "architecture = mlp, widths = [48, 32]",
            "{ factorize = svd, rank = 0.2, sparse-residual = 0.05, sparsity = 0.9, bits = 4 }");

    assertThat(files.get(0).layers().get(0)).isInstanceOf(Factored.class);
  }

  @Test
  void convolutionsAreSplitIntoColumnsAndRows() throws IOException {
    List<Architecture> files =
        sweep(
            "architecture = lenet-5",
            "{ factorize = svd, split = spatial, rank = 0.3, sparsity = 0.5, bits = 4 }");

    List<Layer> layers = files.get(0).layers();
    assertThat(layers)
        .anyMatch(
            layer ->
                layer instanceof Convolution c
                    && c.vertical().kernel() == 5
                    && c.horizontal().kernel() == 1)
        .anyMatch(
            layer ->
                layer instanceof Convolution c
                    && c.vertical().kernel() == 1
                    && c.horizontal().kernel() == 5);
  }
}
