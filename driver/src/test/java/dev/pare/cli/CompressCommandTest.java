package dev.pare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.candidate.Sha256;
import dev.pare.predict.Predictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a file of a network and a folder of data to the one file, and what it becomes. */
@Timeout(400)
class CompressCommandTest {
  private static final String DATA = SmallSweep.ROOT.resolve("conf/quickstart").toString();

  @TempDir private static Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void teacher() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(
          spark,
          SmallSweep.spec(
              folder.resolve("before"),
              "space={ sparsity=[0.5], bits=[8] }",
              "student={ epochs = 0, quantize.epochs = 0 }"));
    }
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private static String network() {
    return folder.resolve("before/teacher.pare").toString();
  }

  private static Map<String, Object> products(Path results) throws IOException {
    Map<String, Object> products = new TreeMap<>();
    try (Stream<Path> files = Files.walk(results.resolve("store"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        products.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return products;
  }

  @Test
  void aNetworkAndItsDataBecomeOneFile() throws IOException {
    Path results = folder.resolve("compressed");
    String[] command = {
      "compress",
      network(),
      "--data",
      DATA,
      "--out",
      results.toString(),
      "--budget",
      "12s",
      "--max-loss",
      "4",
      "--master",
      "local[2]"
    };
    assertThat(run(command)).as(err::toString).isZero();

    assertThat(err.toString()).contains("data: idx files in " + DATA);
    Path file = results.resolve("compressed/teacher.pare");
    assertThat(out.toString())
        .contains(file + ": ", "× smaller than the network's floats", "validation error ")
        .contains(results.resolve("report.html").toString());
    // 784·32 + 32 + 32·10 + 10 floats.
    assertThat(Files.size(file)).isLessThan(4 * 25_450 / 10);
    assertThat(Predictor.open(file).predict(new float[784]).label()).isBetween(0, 9);
    assertThat(run("evaluate", file.toString(), "--conf", results.resolve("sweep.conf").toString()))
        .as(err::toString)
        .isZero();
    for (String ending : new String[] {".onnx", ".c", ".h"}) {
      assertThat(results.resolve("compressed/teacher" + ending)).isNotEmptyFile();
    }

    Map<String, Object> products = products(results);
    byte[] frontier = Files.readAllBytes(results.resolve("frontier.csv"));
    assertThat(run(command)).as(err::toString).isZero();
    assertThat(run("sweep", results.resolve("sweep.conf").toString())).as(err::toString).isZero();
    assertThat(products(results)).isEqualTo(products);
    assertThat(results.resolve("frontier.csv")).hasBinaryContent(frontier);
  }

  @Test
  void whereNoFileIsWithinTheLimitsThatIsSaidAndNoEarlierOneStays() throws IOException {
    Path results = folder.resolve("none");
    Path earlier = Files.createDirectories(results.resolve("compressed"));
    Files.writeString(earlier.resolve("another.pare"), "of an earlier run");
    Files.writeString(earlier.resolve("changed.c"), "by a person since");
    Files.writeString(earlier.resolve("notes.txt"), "of a person");
    Files.writeString(
        earlier.resolve("SHA256SUMS"),
        "# written by pare compress\n%s  another.pare\n%s  changed.c\n%s  ../report.html\n"
            .formatted(
                Sha256.hex("of an earlier run".getBytes(UTF_8)),
                "1".repeat(64),
                Sha256.hex(new byte[0])));
    assertThat(
            run(
                "compress",
                network(),
                "--data",
                DATA,
                "--out",
                results.toString(),
                "--budget",
                "5s",
                "--max-bytes",
                "40"))
        .isEqualTo(1);

    assertThat(err.toString()).contains("files is within the limits", "pare frontier " + results);
    assertThat(earlier)
        .isDirectoryContaining("glob:**changed.c")
        .isDirectoryContaining("glob:**notes.txt")
        .isDirectoryNotContaining("glob:**{another.pare,SHA256SUMS}");
    assertThat(results.resolve("report.html")).exists();
  }

  /** Nothing is run, and nothing removed. */
  @Test
  void filesOfOthersAreNotOverwritten() throws IOException {
    Path results = folder.resolve("others");
    Path own = Files.createDirectories(results.resolve("compressed")).resolve("teacher.onnx");
    Files.writeString(own, "of a person");
    String[] command = {"compress", network(), "--data", DATA, "--out", results.toString()};

    assertThat(run(command)).isNotZero();
    assertThat(err.toString())
        .contains(own + ": is there, and not as this pare compress wrote it; move it away");
    assertThat(own).hasContent("of a person");
    Files.delete(own);
    Path sums = Files.writeString(own.resolveSibling("SHA256SUMS"), "0  of a person");
    assertThat(run(command)).isNotZero();
    assertThat(err.toString()).contains(sums + ": is there, and not as");
    assertThat(sums).hasContent("0  of a person");
    assertThat(results.resolve("sweep.conf")).doesNotExist();
  }

  @Test
  void aNetworkOfTheFolderThatIsReplacedIsRefused() throws IOException {
    Path results = folder.resolve("further");
    Path model = Files.createDirectories(results.resolve("compressed")).resolve("teacher.pare");
    Files.copy(Path.of(network()), model);
    byte[] before = Files.readAllBytes(model);
    for (String spelled :
        new String[] {
          model.toString(), results + "/best/../compressed/teacher.pare", "file:" + model
        }) {
      assertThat(run("compress", spelled, "--data", DATA, "--out", results.toString()))
          .isEqualTo(2);
      assertThat(err.toString()).contains("lies in the folder of --out that is written");
    }
    assertThat(model).hasBinaryContent(before);
  }

  @Test
  void theSearchCanBeSetOtherwise() throws IOException {
    Path results = folder.resolve("otherwise");
    String[] command = {
      "compress",
      network(),
      "--data",
      DATA,
      "--out",
      results.toString(),
      "--budget",
      "4s",
      "--max-loss",
      "90",
      "--set",
      "search.strategy=random",
      "--set",
      "search.population=5",
      "--set",
      "student.epochs=0"
    };
    assertThat(run(command)).as(err::toString).isZero();
    assertThat(Files.readString(results.resolve("sweep.conf")))
        .contains("strategy=random", "population=5");
  }

  @Test
  void whatCannotBeUsedIsSaidBeforeAnythingIsDone() throws IOException {
    Path results = folder.resolve("unused");
    Path conf = folder.resolve("data.conf");
    Files.writeString(
        conf,
        Files.readString(folder.resolve("before.conf"))
            + "\nstudent.epochs = 777\nsweep.metric = macro-f1");

    assertThat(run("compress", network(), "--data", DATA, "--label", "x", "--out", "" + results))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--label = x: ");
    assertThat(run("compress", network(), "--data", "" + conf, "--label", "x", "--out", "o"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--test and --label must be left out");
    assertThat(
            run(
                "compress",
                network(),
                "--data",
                DATA,
                "--out",
                "" + results,
                "--set",
                "sweep.metric=mse"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("sweep.metric");
    assertThat(run("compress", folder + "/no.onnx", "--data", DATA, "--out", "" + results))
        .isEqualTo(2);
    assertThat(err.toString()).contains("no.onnx");
    assertThat(run("compress", network(), "--data", DATA, "--out", "o", "--budget", "soon"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("must be a span of time, like 30m, 12h or 7d");
    assertThat(results).doesNotExist();
  }
}
