package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Task;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierChange;
import dev.pare.graph.Activation;
import dev.pare.graph.Network;
import dev.pare.ledger.LedgerEntries;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierRow;
import dev.pare.spec.InvalidSpecException;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sweeps of other tasks than the classes of images, from a CSV file to the report. */
class TaskSweepTest {
  private static SparkSession spark;

  private final SplittableRandom random = new SplittableRandom(7);

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private double normal() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** Numbers of a size that no network says at first. */
  private double[] priced(int example) {
    double[] row = random.doubles(7).toArray();
    row[6] = 10_000 + 3000 * (Math.sin(3 * row[0]) + row[1] * row[2] - row[3]) + 50 * normal();
    return row;
  }

  /** Twelve numbers that follow from three, unless something is wrong. */
  private double[] sensed(int example) {
    double[] row = new double[13];
    double[] cause = {normal(), normal(), normal()};
    boolean wrong = example % 5 == 0;
    for (int i = 0; i < 12; i++) {
      row[i] =
          wrong
              ? 1.2 * normal()
              : Math.tanh(cause[i % 3] - 0.5 * cause[(i / 3) % 3]) + 0.05 * normal();
    }
    row[12] = wrong ? 1 : 0;
    return row;
  }

  /** Two classes, of which one has one example in fifteen. */
  private double[] screened(int example) {
    double[] row = new double[6];
    boolean rare = example % 15 == 0;
    for (int i = 0; i < 5; i++) {
      row[i] = normal() + (rare ? 1.1 : 0);
    }
    row[5] = rare ? 1 : 0;
    return row;
  }

  private String csv(String name, int examples, IntFunction<double[]> row) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < examples; i++) {
      double[] values = row.apply(i);
      for (int v = 0; v < values.length; v++) {
        boolean whole = values[v] == Math.rint(values[v]);
        lines.append(v == 0 ? "" : ",");
        lines.append(String.format(Locale.ROOT, whole ? "%.0f" : "%.5f", values[v]));
      }
      lines.append('\n');
    }
    return Files.writeString(folder.resolve(name), lines).toString();
  }

  private SweepSpec spec(String data, String train, String test, String teacher, String... more)
      throws IOException {
    String text =
        """
        sweep.out = "file://%s/out"
        data { format = csv, csv.label-column = -1, validation = 400 }
        data { %s }
        data { train.features = "%s", test.features = "%s" }
        teacher { batch = 32, learning-rate = 0.01, %s }
        student { epochs = 6, batch = 32, learning-rate = 0.003, quantize.epochs = 2, alpha = 0.5 }
        space { sparsity = [0.3, 0.7, 0.97], bits = [3] }
        """
            .formatted(folder, data, train, test, teacher);
    Path conf = Files.writeString(folder.resolve("sweep.conf"), text);
    return SweepSpec.load(conf.toString(), List.of(more));
  }

  private SweepSpec regression(String... more) throws IOException {
    return spec(
        "task = regression",
        csv("train.csv", 1600, this::priced),
        csv("test.csv", 400, this::priced),
        "architecture = mlp, widths = [24], epochs = 30",
        more);
  }

  @Test
  void aRegressionIsWeighedByHowMuchItExplains() throws IOException {
    SweepSpec spec = regression("sweep.metric=r2");
    Sweep.Result result = Sweep.run(spark, spec);

    Estimate teacher = result.frontier().teacher().validation().estimate();
    assertThat(teacher.metric()).hasToString("r2");
    assertThat(teacher.value()).isGreaterThan(0.95);
    assertThat(teacher.low()).isLessThan(teacher.value());
    List<FrontierRow> rows = result.frontier().rows();
    assertThat(rows.get(rows.size() - 1).validation().estimate().value()).isGreaterThan(0.75);
    assertThat(rows).isSortedAccordingTo((a, b) -> Double.compare(a.quality(), b.quality()));

    // Of the files themselves, by the definition.
    Examples test =
        DataLoader.loadTest(
                spec.data(),
                DataLoader.loadTraining(spec.data(), new Configuration()).form(),
                new Configuration())
            .examples();
    for (FrontierRow row : rows) {
      Network network = read(row.file());
      assertThat(network.architecture().output()).isEqualTo(Activation.IDENTITY);
      float[] said = Evaluator.logits(network, test);
      double[] targets = new double[400];
      float[] target = new float[1];
      double residual = 0;
      for (int i = 0; i < targets.length; i++) {
        test.copyTarget(i, target, 0);
        targets[i] = target[0];
        residual += Math.pow(said[i] - targets[i], 2);
      }
      double mean = Arrays.stream(targets).average().orElseThrow();
      double total = Arrays.stream(targets).map(t -> (t - mean) * (t - mean)).sum();
      assertThat(row.test().estimate().value()).isCloseTo(1 - residual / total, within(1e-9));
      assertThat(row.test().correct()).isNull();
    }

    assertThat(
            FrontierFiles.read(
                new SweepFolder(new org.apache.hadoop.fs.Path(spec.out()), new Configuration())))
        .isEqualTo(result.frontier());
    assertThat(Files.readAllLines(folder.resolve("out/frontier.csv")).get(0))
        .contains(",validation_score,validation_score_low,validation_score_high,test_examples,");
    Row ledger = SweepTables.ledger(spark, spec.out()).collectAsList().get(0);
    assertThat((String) ledger.getAs("metric")).isEqualTo("r2");
    assertThat(ledger.isNullAt(ledger.fieldIndex("validation_accuracy"))).isTrue();
    assertThat((double) ledger.getAs("validation_score")).isNotNaN();
    Row best = SweepTables.frontier(spark, spec.out()).first();
    assertThat(best.isNullAt(best.fieldIndex("test_accuracy"))).isTrue();
    assertThat((double) best.getAs("test_score")).isEqualTo(rows.get(0).test().estimate().value());

    Sweep.Result again = Sweep.run(spark, spec);
    assertThat(again.frontier()).isEqualTo(result.frontier());
    assertThat(again.change().method()).isEqualTo(FrontierChange.Method.INTERVALS);
    assertThat(again.change().isWorse()).isFalse();
    // Another metric measures the files anew, and computes no more than that.
    Sweep.Result byMse = Sweep.run(spark, regressionAgain(spec));
    assertThat(byMse.change()).isNull();
    assertThat(byMse.frontier().teacher().guess()).isGreaterThan(1e5);
    assertThat(byMse.frontier().rows())
        .extracting(FrontierRow::bytes)
        .isEqualTo(rows.stream().map(FrontierRow::bytes).toList());
  }

  private static SweepSpec regressionAgain(SweepSpec spec) {
    return SweepSpec.load(
        Path.of(spec.data().train().features()).resolveSibling("sweep.conf").toString(), List.of());
  }

  @Test
  void anAutoencoderIsWeighedByTheAnomaliesThatItTells() throws IOException {
    SweepSpec spec =
        spec(
            "task = reconstruction",
            csv("train.csv", 1600, this::sensed),
            csv("test.csv", 400, this::sensed),
            "architecture = mlp, widths = [16, 3, 16], epochs = 40",
            "sweep.metric=auc");
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.frontier().teacher().validation().estimate().value()).isGreaterThan(0.9);
    assertThat(result.frontier().teacher().test().estimate().value()).isGreaterThan(0.9);
    List<FrontierRow> rows = result.frontier().rows();
    assertThat(rows.get(rows.size() - 1).test().estimate().value()).isGreaterThan(0.85);
    for (FrontierRow row : rows) {
      Network network = read(row.file());
      assertThat(network.architecture().outputs()).isEqualTo(12);
    }
    assertThat(Files.readString(folder.resolve("out/frontier.svg"))).contains("Validation auc");
  }

  @Test
  void aFileThatNeverFindsTheRareClassIsSeenForWhatItIs() throws IOException {
    SweepSpec spec =
        spec(
            "task = classification",
            csv("train.csv", 1900, this::screened),
            csv("test.csv", 600, this::screened),
            "architecture = mlp, widths = [16], epochs = 15",
            "sweep.metric=recall-of-1");
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.frontier().teacher().validation().estimate().value()).isGreaterThan(0.3);
    assertThat(result.frontier().teacher().confusion()).isNotNull();
    boolean seen = false;
    for (Outcome outcome : result.outcomes().values()) {
      Measurement measurement = ((Outcome.Measured) outcome).measurement();
      Confusion confusion = measurement.confusion();
      int rare = 0;
      int found = 0;
      int right = 0;
      for (int i = 0; i < confusion.cells().size(); i += 3) {
        int count = confusion.cells().get(i + 2);
        rare += confusion.cells().get(i) == 1 ? count : 0;
        found += confusion.cells().get(i) == 1 && confusion.cells().get(i + 1) == 1 ? count : 0;
        right += confusion.cells().get(i).equals(confusion.cells().get(i + 1)) ? count : 0;
      }
      assertThat(right).isEqualTo(measurement.validation().correct());
      assertThat(measurement.score().value()).isCloseTo((double) found / rare, within(1e-12));
      // What accuracy alone would praise.
      seen |= found == 0 && measurement.validation().accuracy() > 0.9;
    }
    assertThat(seen).isTrue();
    List<LedgerEntry> entries = LedgerEntries.read(spark, folder.resolve("out/ledger").toString());
    assertThat(entries)
        .extracting(LedgerEntry::outcome)
        .containsExactlyInAnyOrderElementsOf(result.outcomes().values());
    assertThat(Files.readString(folder.resolve("out/report.html")))
        .contains("\"metric\":{\"name\":\"recall-of-1\",\"unit\":\"%\",\"more\":true}")
        .contains("\"confusion\":[0,0,");
  }

  @Test
  void theMetricIsOfAClassByItsName() throws IOException {
    for (String name : List.of("train.csv", "test.csv")) {
      Path file = Path.of(csv(name, name.startsWith("train") ? 1000 : 400, this::screened));
      String named =
          Files.readString(file).replace(",1\n", ",very ill\n").replace(",0\n", ",well\n");
      Files.writeString(file, named);
    }
    Sweep.Result result =
        Sweep.run(
            spark,
            spec(
                "task = classification, classes = named",
                folder.resolve("train.csv").toString(),
                folder.resolve("test.csv").toString(),
                "architecture = mlp, widths = [16], epochs = 10",
                "sweep.metric=recall-of-very ill",
                "space.sparsity=[0.3]"));

    Estimate teacher = result.frontier().teacher().validation().estimate();
    Confusion confusion = result.frontier().teacher().confusion();
    int ill = 0;
    int found = 0;
    for (int i = 0; i < confusion.cells().size(); i += 3) {
      // Classes are sorted by their names.
      boolean isIll = confusion.cells().get(i) == 0;
      ill += isIll ? confusion.cells().get(i + 2) : 0;
      found += isIll && confusion.cells().get(i + 1) == 0 ? confusion.cells().get(i + 2) : 0;
    }
    assertThat(ill).isPositive();
    assertThat(teacher.value()).isCloseTo((double) found / ill, within(1e-12));
    assertThat(Files.readString(folder.resolve("out/frontier.csv")))
        .contains(",recall-of-very ill,");
    assertThat(LedgerEntries.read(spark, folder.resolve("out/ledger").toString()))
        .extracting(LedgerEntry::outcome)
        .containsExactlyInAnyOrderElementsOf(result.outcomes().values());
  }

  private Network read(String file) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve("out").resolve(file))) {
      return new ArtifactReader().read(in.readAllBytes()).toNetwork();
    }
  }

  /** Every technique, on networks whose outputs are numbers. */
  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"REGRESSION", "RECONSTRUCTION"})
  void whatClassifiersHaveOthersHaveToo(Task task) throws IOException {
    String points =
        Stream.of(
                "saliency = gradient",
                "saliency = movement",
                "saliency = fisher",
                "saliency = surgeon",
                "saliency = reconstruction",
                "saliency = activation, granularity = unit",
                "saliency = fisher, granularity = unit",
                "granularity = \"2:4\", sparsity = 0.5",
                "scope = sensitivity",
                "schedule = rewind",
                "schedule = rigl",
                "initialization = random",
                "penalty = group-lasso-inputs, strength = 0.01",
                "factorize = als, rank = 0.5",
                "quantizer = ternary",
                "quantizer = uniform, rate-distortion = 0.1, rate-distortion-weight = fisher",
                "alpha = 1",
                "alpha = 1, alpha-end = 0, relation = distance",
                "relation = similarity, relation-weight = 1",
                "activation = top-k")
            .map(point -> "{ sparsity = 0.4, bits = 3, " + point + " }")
            .collect(Collectors.joining(", ", "points = [", "]"));
    SweepSpec spec =
        spec(
            "task = " + task + (task == Task.REGRESSION ? "" : ", csv.label-column = none"),
            csv("train.csv", 700, this::priced),
            csv("test.csv", 100, this::priced),
            "architecture = mlp, widths = [16, 8], epochs = 2",
            "space = null",
            points,
            "student.epochs = 1",
            "student.quantize.epochs = 1");
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.outcomes()).hasSize(20);
    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    Metric mse = Metric.usual(task);
    assertThat(result.frontier().metric()).isEqualTo(mse);
    assertThat(Files.readString(folder.resolve("out/sensitivity.csv"))).contains("NaN");
    assertThat(Files.readString(folder.resolve("out/report.html"))).doesNotContain("NaN\"");
  }

  @Test
  void whatATaskHasNoUseForIsRefusedByName() throws IOException {
    for (String[] bad :
        new String[][] {
          {"space.temperature=[1,2]", "space.temperature", "has no temperature"},
          {"student.temperature=2", "student.temperature", "has no temperature"},
          {"points=[{temperature=2}]", "points", "has no temperature"},
          {"student.temperature-end=2", "student.temperature-end", "has no temperature"},
          {"student.label-smoothing=0.1", "student.label-smoothing", "has no classes"},
          {"space.distillation=[decoupled]", "space.distillation", "has no classes"},
          {"points=[{logits=standardized}]", "points", "logits must be left out"},
          {"student.adversarial.method=pgd", "student.adversarial.method", "has no classes"},
          {
            "student.evaluate.robust-radius=0.1",
            "student.evaluate.robust-radius",
            "attacks are on classes"
          },
          {"teacher.label-smoothing=0.1", "teacher.label-smoothing", "must be 0"},
          {"teacher.train-on=spark", "teacher.train-on", "must be driver for data.task"},
          {
            "sweep.metric=recall-of-1",
            "sweep.metric",
            "must be a metric of data.task = regression: mse, mae, r2"
          },
          {"data.csv.label-column=none", "data.csv.label-column", "must be a column"},
          {"data.classes=named", "data.classes", "must be counted: data.task = regression"},
          {"data.class-weights=balanced", "data.class-weights", "must be none: data.task"},
          {"data.format=images", "data.format", "must have numbers for data.task = regression"}
        }) {
      assertThatExceptionOfType(InvalidSpecException.class)
          .as(bad[0])
          .isThrownBy(() -> regression(bad[0]))
          .withMessageContaining(bad[1])
          .withMessageContaining(bad[2]);
    }
  }

  @Test
  void aNetworkOfAnotherTaskIsRefused() throws IOException {
    Path model = SmallSweep.ROOT.resolve("executors/src/test/resources/dev/pare/onnx/mlp.onnx");
    SweepSpec spec =
        regression(
            "teacher.architecture=null", "teacher.widths=null", "teacher.model=file://" + model);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Sweep.run(spark, spec))
        .withMessageContaining("3 outputs for targets of 1");
    SweepSpec two =
        spec(
            "task = classification",
            csv("train.csv", 600, this::screened),
            csv("test.csv", 200, this::screened),
            "architecture = mlp, widths = [4], epochs = 1",
            "sweep.metric=recall-of-2");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Sweep.run(spark, two))
        .withMessage("sweep.metric = recall-of-2: the data have the classes 0 to 1");
    assertThat(Metric.of("recall-of-2")).isPresent();
  }
}
