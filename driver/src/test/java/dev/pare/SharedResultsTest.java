package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.plan.StageTree;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of results that others use, too. */
@Timeout(120)
class SharedResultsTest {
  private static SparkSession spark;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private Path out;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(2);
    WatchedDisk.addTo(spark.sparkContext().hadoopConfiguration());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void name() {
    out = folder.resolve("sweep");
  }

  private SweepSpec spec(String sparsity) {
    return SmallSweep.spec(
        out,
        "sweep.store=\"file://" + shared.resolve("store") + "\"",
        "space={ sparsity = [" + sparsity + "], bits = [2] }");
  }

  @Test
  void aDriverWithAnotherConfigurationIsRefusedAndTheFirstIsNotDisturbed() throws IOException {
    Progress rival =
        new Progress() {
          @Override
          public void planned(StageTree tree, int atMost) {
            assertThatThrownBy(() -> Sweep.run(spark, spec("0.73")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("a sweep of another configuration");
          }
        };

    Sweep.Result result = Sweep.run(spark, spec("0.5"), rival);

    assertThat(result.frontier().rows()).allMatch(row -> Files.exists(out.resolve(row.file())));
    assertThat(Files.readString(out.resolve("sweep.conf"))).contains("0.5").doesNotContain("0.73");
    assertThat(out.resolve("owner.json")).doesNotExist();
  }

  @Test
  void onlyFilesOfEarlierRunsAreDeleted() throws IOException {
    List<Path> first = files(Sweep.run(spark, spec("0.5")));
    Path elsewhere = Files.writeString(folder.resolve("elsewhere.pare"), "of somebody");
    Path best = out.resolve("best");
    List<Path> others =
        List.of(
            Files.writeString(best.resolve("model.onnx"), "exported"),
            Files.writeString(best.resolve("mine.pare"), "of somebody"),
            Files.createSymbolicLink(best.resolve("link.pare"), elsewhere),
            Files.createDirectories(best.resolve("notes/of")));

    List<Path> second = files(Sweep.run(spark, spec("0.73")));

    assertThat(first).isNotEmpty().noneMatch(Files::exists);
    assertThat(second).isNotEmpty().allMatch(Files::exists);
    assertThat(others).allMatch(Files::exists);
    assertThat(elsewhere).hasContent("of somebody");
  }

  private List<Path> files(Sweep.Result result) {
    return result.frontier().rows().stream().map(row -> out.resolve(row.file())).toList();
  }

  @Test
  void aFolderInAFilesPlaceIsNamed() throws IOException {
    Path best = files(Sweep.run(spark, spec("0.5"))).get(0);
    for (Path place : List.of(out.resolve("frontier.csv"), best)) {
      Files.delete(place);
      Files.createDirectory(place);

      assertThatThrownBy(() -> Sweep.run(spark, spec("0.5")))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(place.toString());
      assertThat(place).isEmptyDirectory();
      Files.delete(place);
    }
  }

  @Test
  void filesAreReadOnceAJvmAndProductsWhenTheyAreUsed() throws IOException {
    String data =
        """
        data-dir = "watched:%s"
        data {
          train { features = ${data-dir}"/train-images-idx3-ubyte.gz", labels = ${data-dir}"/train-labels-idx1-ubyte.gz" }
          test { features = ${data-dir}"/t10k-images-idx3-ubyte.gz", labels = ${data-dir}"/t10k-labels-idx1-ubyte.gz" }
          validation = 2000
        }
        """
            .formatted(SmallSweep.ROOT.resolve("conf/quickstart"));
    Path store = folder.resolve("store");
    SweepSpec spec =
        SmallSweep.withData(
            data,
            "teacher { architecture = mlp, widths = [12], epochs = 1, batch = 64 }",
            out,
            "sweep.store=\"watched:" + store + "\"");
    WatchedDisk.forget();

    Sweep.Result result = Sweep.run(spark, spec);
    Map<String, Integer> first = WatchedDisk.opened();
    WatchedDisk.forget();
    Sweep.run(spark, spec);
    Map<String, Integer> again = WatchedDisk.opened();

    for (Map<String, Integer> opened : List.of(first, again)) {
      assertThat(opened.entrySet().stream().filter(file -> file.getKey().endsWith(".gz")).toList())
          .hasSize(4)
          .allMatch(file -> file.getValue() == 1);
    }
    // The teacher, and those that are published.
    assertThat(again.keySet().stream().filter(file -> file.endsWith(".pare")))
        .hasSize(1 + result.frontier().rows().size());
    assertThat(again.keySet().stream().filter(file -> file.endsWith(".logits"))).isEmpty();
  }
}
