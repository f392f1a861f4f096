package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.SmallSweep;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.evaluate.Latency;
import dev.pare.folder.SweepFolder;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.pipeline.TeacherStage;
import dev.pare.prepare.Preparation;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.result.Score;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private static final String CONF =
      """
      sweep { name = sample, out = "file:///results" }
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      space { sparsity = [0.9, 0.95], bits = [2, 3, 4] }
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private String conf(String text) throws IOException {
    return Files.writeString(folder.resolve("x.conf"), text).toString();
  }

  private String sweepResults() throws IOException {
    FrontierReport report =
        new FrontierReport(
            "sample",
            new FrontierReport.Teacher(1000, new Score(98, 100), new Score(98, 100)),
            List.of(row("a", 300, 95), row("b", 500, 97), row("c", 900, 98)));
    org.apache.hadoop.fs.Path results = new org.apache.hadoop.fs.Path(folder.toUri());
    FrontierFiles.write(new SweepFolder(results, new Configuration()), report);
    Files.createDirectories(folder.resolve("best"));
    for (FrontierRow row : report.rows()) {
      Files.write(folder.resolve(row.file()), new byte[(int) row.bytes()]);
    }
    return folder.toString();
  }

  private static FrontierRow row(String name, int bytes, int correct) {
    return new FrontierRow(
        Map.of("bits", name),
        new StageKey(name.repeat(64)),
        "best/" + name + ".pare",
        new FileSummary(
            new SizeBreakdown(bytes, 0, 0, 0, 0),
            OriginBytes.UNKNOWN,
            Sha256.hex(new byte[bytes]),
            1000,
            100,
            Operations.UNKNOWN),
        new Score(correct, 100),
        new Score(correct, 100),
        null);
  }

  @Test
  void theFrontierIsToldInTheMetricsOwnWords() throws IOException {
    Metric recall = Metric.of("recall-of-1").orElseThrow();
    Metric mse = Metric.of("mse").orElseThrow();
    for (Metric metric : List.of(recall, mse)) {
      double[] values = metric == recall ? new double[] {0.5, 0.88, 0.9} : new double[] {3, 2.1, 2};
      List<FrontierRow> rows = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        FrontierRow row = row("abc".substring(i, i + 1), 300 + 100 * i, 90);
        Score score = score(metric, values[i]);
        rows.add(
            new FrontierRow(
                row.point(),
                row.key(),
                row.file(),
                new FileSummary(
                    row.summary().size(), OriginBytes.UNKNOWN, null, 1000, 100, Operations.UNKNOWN),
                score,
                score,
                null));
      }
      Score teacher = score(metric, metric == recall ? 0.9 : 2);
      FrontierFiles.write(
          new SweepFolder(folder.toUri().toString(), new Configuration()),
          new FrontierReport(
              "sample",
              new FrontierReport.Teacher(1000, teacher, teacher, 0.0, null, null, null, null),
              rows));
      out.getBuffer().setLength(0);

      // Two points of recall, or 0.2 of the targets' unit squared.
      String loss = metric == recall ? "2" : "0.2";
      assertThat(run("frontier", folder.toString(), "--max-loss", loss)).isZero();
      assertThat(out.toString())
          .contains("2 of 3 files are within the limits")
          .contains(metric == recall ? "validation recall-of-1 %" : "validation mse  ")
          .contains(metric == recall ? "88.00 ± 10.00" : "2.100 ± 0.1000")
          .doesNotContain("error");
    }
  }

  private static Score score(Metric metric, double value) {
    return new Score(new Estimate(metric, 100, value, value - 0.1, value + 0.1), null);
  }

  @Test
  void planListsCandidates() throws IOException {
    assertThat(run("plan", conf(CONF), "--set", "space.bits=[2,3]")).isEqualTo(2);

    assertThat(out.toString())
        .contains("sample: 4 candidates", "file:///results")
        .contains("stages          10 to run; sharing saves 2")
        .contains("trainings       6 to run; sharing saves 2")
        .contains("epochs          ", "time, memory    not known\n")
        .contains("prune  sparsity=0.9  (2 candidates)", "    quantize → encode  bits=3")
        .contains("1  bits=2 sparsity=0.9", "4  bits=3 sparsity=0.95")
        .doesNotContain("more");
    // An error is said once.
    assertThat(out.toString()).doesNotContain("no such file");
    assertThat(err.toString()).startsWith("pare: ").contains("no such file").hasLineCount(1);
  }

  @Test
  void planOfManyCandidatesSaysWhatItIsAt() throws IOException {
    String many =
        IntStream.range(0, 2500).mapToObj(i -> "0." + (1000 + i)).collect(Collectors.joining(","));
    assertThat(
            run(
                "plan",
                conf(CONF),
                "--set",
                "space={ bits = [1, 2, 3, 4], sparsity = [" + many + "] }"))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("pare: 10000 candidates: putting together what they share\n");
  }

  @Test
  void planSaysWhichUnitsStayAndWhy() throws IOException {
    String conf =
        conf(
            Files.readString(SmallSweep.conf(folder.resolve("out")))
                .replaceAll(
                    "teacher \\{.*\\}",
                    "teacher { architecture = attention, widths = [8, 6], blocks = 1, heads = 2"
                        + " }"));

    assertThat(run("plan", conf, "--set", "space.granularity=[unit]")).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern(
            "units stay +of layers? 0.*: layer [0-9]+, (layer"
                + " normalization|positions|self-attention), mixes its channels\n");

    out.getBuffer().setLength(0);
    assertThat(run("plan", conf)).isZero();
    assertThat(out.toString()).doesNotContain("units stay");
  }

  @Test
  void planStopsAtTheLimit() throws IOException {
    assertThat(run("plan", conf(CONF), "--limit", "2")).isEqualTo(2);

    assertThat(out.toString()).contains("2  bits=3", "… and 4 more").doesNotContain("3  bits=4");
  }

  @Test
  void whatIsNoPathIsSaid() {
    assertThat(run("inspect", "a:b")).isNotZero();
    assertThat(err.toString())
        .startsWith("pare: a:b: is no path: Relative path in absolute URI")
        .hasLineCount(1);
  }

  @Test
  void planSaysWhatASearchMayComeTo() {
    String conf = SmallSweep.conf(folder.resolve("out")).toString();
    String space = "space={ sparsity = [0.5, 0.7, 0.8, 0.9], bits = [2, 3, 4, 5, 6] }";

    assertThat(
            run(
                "plan",
                conf,
                "--set",
                space,
                "--set",
                "search={ strategy = nsga-ii, candidates = 17, population = 6 }",
                "--slots",
                "2"))
        .isZero();
    assertThat(out.toString())
        .contains("out: at most 17 candidates\n", "search          nsga-ii\n", "6  bits=")
        .containsPattern(
            "for the first 6; about [0-9.]+ s more for the 11 others at most, if they take as long"
                + " on average\n")
        .doesNotContain("7  bits=");

    out.getBuffer().setLength(0);
    assertThat(run("plan", conf, "--set", space, "--set", "search={strategy=random,candidates=5}"))
        .isZero();
    assertThat(out.toString())
        .contains("out: 5 candidates\n", "5  bits=")
        .doesNotContain("at most", "6  bits=");

    out.getBuffer().setLength(0);
    assertThat(run("plan", conf, "--set", "search.repeats=3")).isZero();
    assertThat(out.toString())
        .contains(
            "out: at first 4 candidates\n",
            "  repeats         what the frontier cannot tell apart runs up to 3 times\n");
  }

  @Test
  void planPredictsTimeAndMemoryWhereTheDataAre() {
    String conf = SmallSweep.conf(folder.resolve("out")).toString();

    assertThat(run("plan", conf, "--slots", "4", "--all")).isZero();

    assertThat(out.toString())
        .containsPattern(
            "data +[0-9]+ training and [0-9]+ validation examples of 1×28×28, 0 to 1 at the first"
                + " layer, 10 classes of [0-9]+ \\([0-9]\\) to [0-9]+ \\([0-9]\\) training examples;"
                + " [0-9]+ test examples, 0 to 1; for information: [0-9]+ of 784"
                + " features never vary\n")
        .containsPattern("tasks +[0-9]+ to run\n")
        .containsPattern("time +about [0-9.]+ s on 4 slots; one after the other [0-9.]+ s, without")
        .containsPattern("memory +about [0-9.]+ MB of heap and [0-9.]+ MB off the heap a task");
    assertThat(run("plan", conf, "--slots", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--slots = 0: must be at least 1");
  }

  @Test
  void aBadConfigurationIsReportedWholeAndWithoutAStack() throws IOException {
    int code =
        run("plan", conf(CONF + "student.epochs = -1\nstudnet = 3"), "--set", "student.alpha=2");

    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("pare: 3 problems:")
        .contains("x.conf:6): must be a whole number", "(--set): must be a number from 0 to 1")
        .doesNotContain("Exception", "\tat ");
  }

  @Test
  void theStackIsThereForTheAsking() {
    assertThat(run("plan", "no/such.conf", "-X")).isEqualTo(2);
    assertThat(err.toString()).contains("InvalidSpecException", "\tat ");
  }

  @Test
  void errorsOfTheMachineEndInOneLine() {
    assertThat(reported(new OutOfMemoryError("Java heap space")))
        .isEqualTo(
            "pare: out of memory (Java heap space); PARE_MEMORY sets the heap, fewer slots"
                + " (--master local[1]) take less of it\n");
    assertThat(reported(new StackOverflowError()))
        .isEqualTo("pare: something is nested too deeply to be read (-X shows where)\n");
    assertThat(reported(catchThrowable(MainTest::writeToAFullDisk)))
        .isEqualTo("pare: No space left on device\n");
    assertThat(
            reported(new UncheckedIOException(new IOException("s3a://k:s@b/x: \u001b]0;x\u0007"))))
        .isEqualTo("pare: s3a://***@b/x: ?]0;x?\n");
  }

  /** Which Hadoop's local file system answers with an error of its own. */
  private static void writeToAFullDisk() throws IOException {
    RawLocalFileSystem files = new RawLocalFileSystem();
    files.initialize(URI.create("file:///"), new Configuration());
    try (OutputStream out = files.create(new org.apache.hadoop.fs.Path("/dev/full"))) {
      out.write(1);
    }
  }

  private static String reported(Throwable thrown) {
    StringWriter text = new StringWriter();
    CommandLine commands = Main.commands().setErr(new PrintWriter(text, true));
    assertThat(new ErrorReport().report(thrown, commands)).isEqualTo(ExitCodes.FAILED);
    return text.toString();
  }

  @Test
  void namesCannotSteerTheTerminal() throws IOException {
    String conf =
        conf(CONF.replace("file:///results", "file:///r\\u001b[2J\\u009b1m\\u202ex\\nfake: 1\\t2")
                .replace("name = sample", "name = \"a\\npare: done\\u2028\\u200bb\""))
            .replace("x.conf", "y\u001b[2J.conf");
    Files.writeString(Path.of(conf), Files.readString(folder.resolve("x.conf")));

    // Its data are not there.
    assertThat(run("plan", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(out.toString())
        .startsWith("a?pare: done??b: 6 candidates\n")
        .contains("file:///r?[2J?1m?x?fake: 1?2\n")
        .doesNotContain("\u001b", "\u009b", "\t");
    Files.move(Path.of(conf), folder.resolve("z\nfake.conf"));
    err.getBuffer().setLength(0);
    assertThat(run("plan", folder + "/z\nfake.conf", "--set", "a\nb.c=1"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).hasLineCount(2).contains("a?b.c (--set)");
    Files.move(folder.resolve("z\nfake.conf"), Path.of(conf));
    err.getBuffer().setLength(0);
    assertThat(run("plan", conf, "--set", "nothing=1")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).doesNotContain("\u001b");
  }

  @Test
  void planShowsNoCredentials() throws IOException {
    String conf = conf(CONF.replace("file:///results", "s3a://KEY:SECRET@bucket/results"));

    // Its data are not there.
    assertThat(run("plan", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(out.toString()).contains("s3a://***@bucket/results").doesNotContain("SECRET");
  }

  @Test
  void planShowsTheNamesOfEnvironmentVariablesNotTheirValues() throws IOException {
    String conf = conf(CONF.replace("labels = b ", "labels = /no${PATH} "));

    assertThat(run("plan", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .startsWith("pare: data.train.")
        .contains("${PATH}: no such file")
        .doesNotContain(System.getenv("PATH"));
    assertThat(out.toString()).doesNotContain(System.getenv("PATH"));
  }

  @Test
  void planFindsSettingsThatDoNotFitANetworkFromAFile() throws IOException {
    Path model = folder.resolve("one.pare");
    Files.write(
        model,
        TeacherStage.file(
            Initialization.random(
                new Architecture(
                    new InputShape(1, 28, 28, 255), List.of(new Dense(10, Activation.SOFTMAX))),
                1),
            Preparation.NONE));
    String conf =
        conf(
            Files.readString(SmallSweep.conf(folder.resolve("out")))
                .replaceAll("teacher \\{.*\\}", "teacher.model = \"file://" + model + "\""));

    assertThat(run("plan", conf)).as(err.toString()).isZero();
    assertThat(
            run(
                "plan",
                conf,
                "--set",
                "space.granularity=[weight,head,unit]",
                "--set",
                "student.activation.kind=threshold"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString().lines())
        .containsExactlyInAnyOrder(
            "pare: does not fit the network: granularity = head: the network has no self-attention",
            "pare: does not fit the network: granularity = unit: the network has no hidden units"
                + " that can be removed; those that attention, layer normalization, factored layers"
                + " or layers of DL4J read or make cannot",
            "pare: does not fit the network: activation: the network has no ReLU in whose place"
                + " another could be");
    err.getBuffer().setLength(0);

    assertThat(run("plan", conf, "--set", "student.prune.layer-sparsity=[0.5,0.5]"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("has 2 shares, the network 1 layers with weights");
  }

  @Test
  void planNamesTheShapeThatAnArchitectureDoesNotSuit() throws IOException {
    String csv =
        Files.writeString(folder.resolve("flat.csv"), "0,1,2\n1,3,4\n".repeat(10)).toString();
    String conf =
        conf(
            ("sweep.out = out, data { format = csv, validation = 2, train.features = \"%s\","
                    + " test.features = \"%s\" }, teacher.architecture = lenet-5")
                .formatted(csv, csv));

    assertThat(run("plan", conf)).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .startsWith(
            "pare: teacher.architecture does not fit examples of 2×1×1 (data.shape says what flat"
                + " features are): ")
        .hasLineCount(1);
  }

  @Test
  void frontierShowsWhatASweepFound() throws IOException {
    assertThat(run("frontier", sweepResults())).isZero();

    assertThat(out.toString()).contains("300 B", "500 B", "900 B", "teacher").hasLineCount(7);
  }

  @Test
  void frontierKeepsToTheBudget() throws IOException {
    assertThat(run("frontier", sweepResults(), "--max-bytes", "0.5k", "--max-loss", "1")).isZero();

    assertThat(out.toString())
        .contains("500 B", "1 of 3 files are within the limits")
        .doesNotContain("300 B", "900 B");
  }

  @Test
  void frontierNamesOneFileForScripts() throws IOException {
    String results = sweepResults();
    assertThat(run("frontier", results, "--max-bytes", "600", "--one", "best")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines(results + "/best/b.pare");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", results, "--max-loss", "1", "--one", "smallest")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines(results + "/best/b.pare");
  }

  /** Scripts take it by its name. */
  @Test
  void frontierNamesNoFileThatIsNotTheOneThatWasMeasured() throws IOException {
    String results = sweepResults();
    Path file = folder.resolve("best/b.pare");
    byte[] other = new byte[500];
    other[9] = 1;
    for (byte[] content : List.of(new byte[100], other)) {
      Files.write(file, content);
      assertThat(run("frontier", results, "--max-bytes", "600", "--one", "best")).isEqualTo(1);
    }
    Files.delete(file);
    assertThat(run("frontier", results, "--max-bytes", "600", "--one", "best")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("has 100 bytes, frontier.json says 500", "has SHA-256 ", "no such file")
        .contains("best/b.pare: ");
    assertThat(run("frontier", results, "--max-bytes", "400", "--one", "best")).isZero();
  }

  @Test
  void frontierPrintsJsonOfWhatIsWithinLimits() throws IOException {
    assertThat(run("frontier", sweepResults(), "--max-bytes", "600", "--json")).isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/frontier").findValuesAsText("file"))
        .containsExactly("best/a.pare", "best/b.pare");
    assertThat(json.at("/teacher/parameters").asInt()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--one best", "--json", "--markdown", "--max-loss 100"})
  void frontierFailsWhereNoFileFits(String form) throws IOException {
    String results = sweepResults();
    List<String> line = new ArrayList<>(List.of("frontier", results, "--max-bytes", "299"));
    line.addAll(List.of(form.split(" ")));
    assertThat(run(line.toArray(String[]::new))).isEqualTo(1);
    assertThat(err.toString()).endsWith("pare: none of 3 files is within the limits\n");
    if (form.startsWith("--one")) {
      assertThat(out.toString()).isEmpty();
    }
  }

  @Test
  void frontierKeepsToTheLatencyThatWasMeasured() throws IOException {
    String results = sweepResults();
    assertThat(run("frontier", results, "--max-latency", "0.2")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--max-latency: " + results + " was not timed: 'pare latency " + results);

    Files.write(folder.resolve("teacher.pare"), new byte[9]);
    List<LatencyTable.Row> timed = new ArrayList<>();
    timed.add(timed(300, "best/a.pare", 0.25));
    timed.add(timed(500, "best/b.pare", 0.2));
    LatencyTable.Row teacher = timed(9, "teacher.pare", 0.3);
    Path table =
        Files.writeString(folder.resolve("latency.csv"), new LatencyTable(1, teacher, timed).csv());
    err.getBuffer().setLength(0);
    assertThat(run("frontier", results, "--max-latency", "0.2")).isEqualTo(2);
    assertThat(err.toString()).contains("--max-latency: best/c.pare was not timed: ");

    timed.add(timed(900, "best/c.pare", 0.21));
    String csv = new LatencyTable(1, teacher, timed).csv();
    Files.writeString(table, csv.replace("0.250000", "0.150000"));
    err.getBuffer().setLength(0);
    assertThat(run("frontier", results, "--max-latency", "0.2")).isEqualTo(2);
    assertThat(err.toString()).contains("--max-latency: " + results + " was not timed: ");
    assertThat(out.toString()).isEmpty();
    Files.writeString(table, csv);
    assertThat(run("frontier", results, "--max-latency", "0.2", "--one", "best")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines(results + "/best/b.pare");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", results, "--max-latency", "0.22")).isZero();
    assertThat(out.toString()).contains("500 B", "900 B", "2 of 3 files").doesNotContain("300 B");
    assertThat(run("frontier", results, "--max-latency", "0.1")).isEqualTo(1);
  }

  private static LatencyTable.Row timed(int bytes, String file, double milliseconds) {
    return new LatencyTable.Row(
        Sha256.hex(new byte[bytes]), file, new Latency(0.1, milliseconds, 0.3));
  }

  @Test
  void frontierWithoutResultsFailsInOneLine() {
    assertThat(run("frontier", folder.toString())).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("pare: ")
        .contains("frontier.json: there is no such file")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "table", "latency"})
  void withoutResultsItFailsInOneLineAndStartsNoSpark(String command) {
    assertThat(run(command, folder.toString())).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("pare: ")
        .contains("frontier.json: there is no such file")
        .hasLineCount(1);
    assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "plan",
        "plan a b",
        "plan a --nonsense",
        "frontier",
        "frontier x --max-bytes many",
        "frontier x --max-loss much",
        "frontier x --max-latency 0",
        "frontier x --one any",
        "frontier x --one best --json",
        "table",
        "report",
        "latency",
        "latency x --batch 0",
        "latency x --seconds 0",
        "sweep",
        "sweep no/such.conf",
        "diff",
        "diff x --against",
        "inspect",
        "evaluate x.pare",
        "export x.pare",
        "export x.pare --onnx x.onnx --weights int4",
        "export x.pare --onnx x.onnx --set space.bits=[2]",
        "export x.pare --dl4j x.zip --weights int8",
        "export x.pare --dl4j x.zip --conf x.conf",
        "evaluate x.pare --conf no/such.conf"
      })
  void badUsageIsTwo(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);

    assertThat(err.toString()).isNotEmpty().doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "plan --help",
        "sweep --help",
        "frontier --help",
        "table --help",
        "report --help",
        "diff --help",
        "inspect --help",
        "evaluate --help",
        "export --help",
        "--version"
      })
  void helpIsNoError(String line) {
    assertThat(run(line.split(" "))).isZero();

    assertThat(out.toString()).containsIgnoringCase("pare");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plan",
        "sweep",
        "frontier",
        "table",
        "report",
        "latency",
        "diff",
        "inspect",
        "evaluate",
        "export"
      })
  void everyCommandHasExamples(String command) {
    run(command, "--help");

    assertThat(out.toString())
        .contains("Examples:", "  pare " + command + " ", "--stacktrace", "Exit codes:");
  }

  @Test
  void whatIsNoFileOrNoModelFailsInOneLine() throws IOException {
    String none = folder.resolve("none.pare").toString();
    String text = Files.writeString(folder.resolve("text.pare"), "no model").toString();
    String data = SmallSweep.conf(folder.resolve("out")).toString();

    assertThat(run("inspect", none)).isEqualTo(1);
    assertThat(run("inspect", text)).isEqualTo(1);
    assertThat(run("evaluate", text, "--conf", data)).isEqualTo(1);

    assertThat(err.toString().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("pare: ").doesNotContain("Exception"))
        .first()
        .asString()
        .contains("none.pare: no such file");
    assertThat(err.toString()).contains("text.pare");
  }

  @Test
  void dataThatCannotBeUsedFailInOneLineBeforeAnythingIsTrained() throws IOException {
    Path out = folder.resolve("out");
    String conf = SmallSweep.conf(out).toString();
    Path images = SmallSweep.ROOT.resolve("conf/quickstart/t10k-images-idx3-ubyte.gz");
    byte[] whole = new GZIPInputStream(Files.newInputStream(images)).readAllBytes();
    Path truncated = Files.write(folder.resolve("cut-idx3-ubyte"), Arrays.copyOf(whole, 5000));

    assertThat(run("sweep", conf, "--set", "data.train.labels=/no/such/labels")).isEqualTo(2);
    assertThat(err.toString()).startsWith("pare: ").contains("/no/such/labels").hasLineCount(1);
    err.getBuffer().setLength(0);

    assertThat(run("sweep", conf, "--set", "data.test.features=" + truncated)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("pare: ")
        .contains("cut-idx3-ubyte: byte 16: 1568000 bytes of values declared")
        .hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void aConfigurationThatIsWrongStartsNoSpark() {
    String conf = SmallSweep.conf(folder.resolve("out")).toString();

    assertThat(run("sweep", conf, "--set", "student.epochs=-1")).isEqualTo(2);

    assertThat(err.toString()).contains("student.epochs = -1");
    assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
  }

  @Test
  void aTaskNeedsNoMoreProcessorsThanTheMachineHas() {
    Path results = folder.resolve("out");
    String conf = SmallSweep.conf(results).toString();
    System.setProperty("spark.task.cpus", "2");
    try {
      for (String line :
          new String[] {
            "sensitivity " + conf + " --master local[1]",
            "sweep " + conf + " --master local",
            "table " + results,
            "report " + results,
            "latency " + results + " --seconds 0.01"
          }) {
        assertThat(run(line.split(" "))).as(line + err).isZero();
        assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
      }
    } finally {
      System.clearProperty("spark.task.cpus");
    }
  }

  @Test
  void aSweepIsRunShownInspectedAndEvaluated() throws IOException {
    Path results = folder.resolve("out");
    String conf = SmallSweep.conf(results).toString();

    assertThat(run("sweep", conf, "--master", "local[2]")).isZero();
    assertThat(out.toString())
        .contains("test error %", "teacher", "4 candidates; results in file://" + results);
    assertThat(err.toString()).contains("4 candidates of 12 stages, 2 of them shared", "[4/4] ");

    out.getBuffer().setLength(0);
    Path page = results.resolve("report.html");
    String written = Files.readString(page);
    Files.delete(page);
    assertThat(run("report", results.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo(page.toString());
    assertThat(page).hasContent(written);
    assertThat(run("report", results.toString(), "--out", folder.resolve("f.svg").toString()))
        .isZero();
    assertThat(folder.resolve("f.svg")).hasSameTextualContentAs(results.resolve("frontier.svg"));

    out.getBuffer().setLength(0);
    assertThat(run("latency", results.toString(), "--seconds", "0.1")).isZero();
    assertThat(out.toString()).contains("1 example at once", "100.0%  teacher", page.toString());
    assertThat(Files.readString(page)).isNotEqualTo(written).contains("\"batch\":1");
    assertThat(results.resolve("latency.csv"))
        .content()
        .startsWith("sha256,batch,low_ms,median_ms,high_ms,file,table_sha256\n")
        .contains(",teacher.pare,")
        .hasLineCount(2 + SmallSweep.best(results).size());

    out.getBuffer().setLength(0);
    assertThat(run("table", results.toString(), "--markdown")).isZero();
    assertThat(out.toString())
        .startsWith(
            "| candidate | bytes | without origin | nonzero weights | validation error % | test"
                + " error % |")
        .hasLineCount(2 + 4);

    out.getBuffer().setLength(0);
    assertThat(run("table", results.toString(), results + "/")).isZero();
    assertThat(err.toString()).contains("warning: ", " stands there twice; it counts once");
    assertThat(out.toString()).doesNotContain("± 0.00");
    Path settings = results.resolve("sweep.conf");
    byte[] its = Files.readAllBytes(settings);
    Files.write(settings, Arrays.copyOf(its, 300));
    Files.deleteIfExists(results.resolve(".sweep.conf.crc"));
    assertThat(run("table", results.toString(), results + "/")).isZero();
    assertThat(err.toString())
        .contains(
            "pare: warning: whether " + results + " has the settings of the others is not known")
        .contains("sweep.conf: its SHA-256 is ");
    Files.write(settings, its);

    out.getBuffer().setLength(0);
    assertThat(run("table", results.toString(), "--importance")).isZero();
    assertThat(out.toString())
        .startsWith("setting ")
        .containsPattern("\\nbits +[0-9.]+ +[0-9.]+\\n")
        .contains("combinations of values, from 4 measured candidates.");

    out.getBuffer().setLength(0);
    String best = SmallSweep.best(results).get(0).toString();
    assertThat(run("inspect", best)).isZero();
    assertThat(out.toString()).contains(best + ": " + Files.size(Path.of(best)) + " bytes");
    assertThat(out.toString())
        .contains(
            "1×28×28 → dense ",
            " relu → dense 10 softmax",
            "bits/nz",
            "origin: ",
            "without the origin, weights' levels",
            "huffman ",
            "zstd -19 ");

    out.getBuffer().setLength(0);
    assertThat(run("evaluate", best, "--conf", conf)).isZero();
    assertThat(out.toString()).contains("validation error: ", "test error: ").hasLineCount(2);

    dataThatCannotBeUsedAreAUsageError(best, conf);
    missingFilesAreNamed(results);
    assertThat(run("sweep", conf, "--master", "local[2]")).isZero();

    err.getBuffer().setLength(0);
    Files.copy(Path.of(best), results.resolve("teacher.pare"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(run("latency", results.toString(), "--seconds", "0.1")).isEqualTo(1);
    assertThat(err.toString())
        .contains("teacher.pare: has SHA-256 ", "it is not the file that was measured");
    noOtherFileBecomesATeacher(results.resolve("teacher.pare"), results);
    Path listed = Path.of(best);
    Files.copy(SmallSweep.best(results).get(1), listed, StandardCopyOption.REPLACE_EXISTING);
    noOtherFileBecomesATeacher(listed, results);
  }

  /** Under the name of another that a frontier lists. */
  private void noOtherFileBecomesATeacher(Path file, Path results) throws IOException {
    Path place = results.resolveSibling("out-of-teacher");
    String conf =
        conf(SmallSweep.withTeacher("teacher.model = \"file://" + file + "\"", place).render());
    for (String command : List.of("plan", "sweep", "sensitivity")) {
      err.getBuffer().setLength(0);
      assertThat(run(command, conf)).isEqualTo(2);
      assertThat(err.toString())
          .contains("teacher.model = file:", "it is not the file that was measured");
    }
  }

  /** As plan and sweep have it. */
  private void dataThatCannotBeUsedAreAUsageError(String file, String conf) {
    String none = "data.train.labels=/no/such/labels";
    String teacher = "teacher={ model = /no/such/model }";
    for (String[] args :
        new String[][] {
          {"evaluate", file, "--conf", conf, "--set", none},
          {"evaluate", file, "--conf", conf, "--set", "data.test.labels=/no/such/labels"},
          {"evaluate", file, "--conf", conf, "--set", "data.divisor=7"},
          {"evaluate", file, "--conf", "/no/such.conf"},
          {"export", file, "--onnx", folder + "/x.onnx", "--conf", conf, "--set", none},
          {"export", file, "--onnx", folder + "/x.onnx", "--conf", "/no/such.conf"},
          {"sensitivity", conf, "--set", none},
          {"sensitivity", conf, "--set", teacher},
          {"sensitivity", "/no/such.conf"},
          {"plan", conf, "--set", teacher},
          {"sweep", conf, "--set", teacher},
        }) {
      err.getBuffer().setLength(0);
      assertThat(run(args)).as(String.join(" ", args)).isEqualTo(ExitCodes.USAGE);
      assertThat(err.toString())
          .as(String.join(" ", args))
          .contains("pare: ")
          .doesNotContain("Exception");
    }
  }

  private void missingFilesAreNamed(Path results) throws IOException {
    List<Path> best = SmallSweep.best(results);
    String first = "best/" + best.get(0).getFileName();
    String model = folder.resolve("x.onnx").toString();
    String remedy = "`pare sweep` with the same configuration writes what is missing";
    Files.delete(best.get(0));
    for (String command : List.of("frontier", "table", "report")) {
      err.getBuffer().setLength(0);
      assertThat(run(command, results.toString())).isZero();
      assertThat(err.toString())
          .isEqualTo(
              "pare: %s: without 1 of the frontier's %d files: %s; %s%n"
                  .formatted(results, best.size(), first, remedy));
    }
    for (String[] args :
        new String[][] {
          {"export", best.get(0).toString(), "--onnx", model},
          {"inspect", best.get(0).toString()},
          {"latency", results.toString()}
        }) {
      err.getBuffer().setLength(0);
      assertThat(run(args)).isEqualTo(1);
      assertThat(err.toString())
          .contains(first + ": no such file, though frontier.json lists it; " + remedy)
          .hasLineCount(1);
    }
    for (Path file : best) {
      Files.deleteIfExists(file);
    }
    Files.delete(results.resolve("teacher.pare"));
    err.getBuffer().setLength(0);
    assertThat(run("frontier", results.toString())).isZero();
    assertThat(err.toString())
        .contains(
            "without the teacher's file and %1$d of the frontier's %1$d files: teacher.pare, best/"
                .formatted(best.size()));
    try (Stream<Path> ledger = Files.walk(results.resolve("ledger"))) {
      for (Path file : ledger.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    err.getBuffer().setLength(0);
    assertThat(run("table", results.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("ledger: there is no such folder; " + remedy);
  }
}
