package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.Examples;
import dev.pare.data.ExamplesDigest;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import dev.pare.prepare.Preparation;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with names, texts and missing values, from one file. */
class TableSweepTest {
  private static final String TEACHER =
      "teacher { architecture = mlp, widths = [16], epochs = 20, batch = 32, learning-rate = 0.01"
          + " }";

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

  private SweepSpec spec(String... overrides) throws IOException {
    Path csv = folder.resolve("loans.csv");
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder lines = new StringBuilder("id,income,job,paid\n");
    for (int i = 0; i < 600; i++) {
      boolean clerk = random.nextBoolean();
      double income = 50_000 + 10_000 * random.nextGaussian();
      boolean paid = income > (clerk ? 45_000 : 55_000);
      String written = random.nextInt(20) == 0 ? "" : Integer.toString((int) income);
      lines.append(i).append(',').append(written).append(',');
      lines.append(clerk ? "clerk" : "smith").append(',').append(paid ? "yes" : "no").append('\n');
    }
    Files.writeString(csv, lines);
    String data =
        """
        data {
          format = csv
          train.features = "%s"
          csv.header = true
          columns { label = paid, ignore = [id], categorical = [job] }
          classes = named
          missing = median
          scaling = standard
          validation-share = 0.25
          test-share = 0.25
        }
        """
            .formatted(csv);
    return SmallSweep.withData(data, TEACHER, folder.resolve("out"), overrides);
  }

  @Test
  void rawRowsGoIntoTheFilesOfTheFrontier() throws IOException {
    SweepSpec spec = spec("space={ sparsity = [0.3], bits = [4, 8] }", "student.epochs=10");
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(result.frontier().teacher().test().total()).isEqualTo(150);
    assertThat(result.frontier().teacher().validation().total()).isEqualTo(150);
    assertThat(result.frontier().teacher().test().accuracy()).isGreaterThan(0.85);
    TrainingData data = DataLoader.loadTraining(spec.data(), new Configuration());
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      List<Path> kept = files.filter(this::isResult).toList();
      assertThat(kept).hasSizeGreaterThan(1);
      for (Path file : kept) {
        CompressedNetwork network = new ArtifactReader().read(Files.readAllBytes(file));
        Preparation preparation = network.preparation();
        assertThat(preparation).isEqualTo(data.preparation());
        assertThat(answer(network.toNetwork(), preparation, "90000", "smith")).isEqualTo("yes");
        assertThat(answer(network.toNetwork(), preparation, "10000", "clerk")).isEqualTo("no");
      }
    }
  }

  @Test
  void inspectShowsThePreparationAndEvaluateAppliesIt() throws IOException {
    SweepSpec spec = spec("space={ sparsity = [0.5], bits = [4] }");
    Sweep.run(spark, spec);
    String teacher = folder.resolve("out/teacher.pare").toString();
    assertThat(run("inspect", teacher))
        .contains("  classes: no, yes\n")
        .containsPattern("  column income: number, mean [0-9.]+, deviation [0-9.]+, [0-9.]+ where")
        .contains("  column job: one of clerk, smith; zeros for others\n");
    String conf = folder.resolve("out/sweep.conf").toString();
    assertThat(run("evaluate", teacher, "--conf", conf)).contains("of 150 wrong");
    assertThat(run("evaluate", teacher, "--conf", conf, "--set", "data.missing=0"))
        .contains("teacher.pare: prepares rows otherwise than");

    SweepSpec own = spec("teacher.architecture=null", "teacher.model=" + teacher);
    Configuration hadoop = new Configuration();
    assertThat(
            TeacherProvider.architecture(own, DataLoader.loadTraining(own.data(), hadoop), hadoop))
        .isEqualTo(new ArtifactReader().open(Files.readAllBytes(Path.of(teacher))).architecture());
    SweepSpec other =
        spec("teacher.architecture=null", "teacher.model=" + teacher, "data.missing=0");
    TrainingData prepared = DataLoader.loadTraining(other.data(), hadoop);
    assertThatThrownBy(() -> TeacherProvider.architecture(other, prepared, hadoop))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("teacher.pare: prepares rows otherwise than the settings of data do");
  }

  private static String run(String... args) {
    StringWriter out = new StringWriter();
    PrintWriter printed = new PrintWriter(out, true);
    Main.run(printed, printed, args);
    return out.toString();
  }

  private static String answer(
      Network network, Preparation preparation, String income, String job) {
    float[] features = preparation.features(Map.of("income", income, "job", job));
    float[] logits = Evaluator.logits(network, new Row(features));
    return preparation.classes().get(logits[0] > logits[1] ? 0 : 1);
  }

  private record Row(float[] values) implements Examples {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public int features() {
      return values.length;
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public int label(int index) {
      return 0;
    }

    @Override
    public void copyFeatures(int index, float[] target, int offset) {
      System.arraycopy(values, 0, target, offset, values.length);
    }
  }

  private boolean isResult(Path file) {
    return file.toString().endsWith(".pare") && !file.startsWith(folder.resolve("out/store"));
  }

  @Test
  void parquetOfSparkHasTheExamplesOfCsv() throws IOException {
    SweepSpec csv = spec();
    String parquet = folder.resolve("loans").toUri().toString();
    spark
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(folder.resolve("loans.csv").toUri().toString())
        .repartition(1)
        .sortWithinPartitions("id")
        .write()
        .parquet(parquet);
    SweepSpec other =
        spec("data.format=parquet", "data.train.features=" + parquet, "data.csv.header=false");
    Configuration hadoop = new Configuration();
    TrainingData fromCsv = DataLoader.loadTraining(csv.data(), hadoop);
    TrainingData fromParquet = DataLoader.loadTraining(other.data(), hadoop);
    assertThat(fromParquet.preparation()).isEqualTo(fromCsv.preparation());
    assertThat(ExamplesDigest.of(fromParquet.train()))
        .isEqualTo(ExamplesDigest.of(fromCsv.train()));
    assertThat(ExamplesDigest.of(fromParquet.validation()))
        .isEqualTo(ExamplesDigest.of(fromCsv.validation()));
  }

  @Test
  void validationExamplesMayHaveFilesOfTheirOwn() throws IOException {
    spec();
    List<String> lines = Files.readAllLines(folder.resolve("loans.csv"));
    Path own = folder.resolve("validation.csv");
    Files.write(own, lines.subList(0, 101));
    String[] files = {"data.validation-share=null", "data.validation.features=" + own};
    SweepSpec spec = spec(files[0], files[1], "space={ sparsity = [0.5], bits = [4] }");
    Sweep.Result result = Sweep.run(spark, spec);

    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(result.frontier().teacher().validation().total()).isEqualTo(100);
    assertThat(result.frontier().teacher().test().total()).isEqualTo(150);
    // What is left of the training data after the test's share is all trained on.
    Configuration hadoop = new Configuration();
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    assertThat(data.train().size()).isEqualTo(450);
    SweepSpec written =
        SweepSpec.load(folder.resolve("out/sweep.conf").toString(), List.of("sweep.out=x"));
    assertThat(written.data()).isEqualTo(spec.data());
    String key = TeacherProvider.key(spec, data, hadoop).hex();

    Files.write(own, lines.subList(0, 102));
    TrainingData longer = DataLoader.loadTraining(spec.data(), hadoop);
    assertThat(longer.digest()).isNotEqualTo(data.digest());
    assertThat(TeacherProvider.key(spec, longer, hadoop).hex()).isNotEqualTo(key);
  }

  @Test
  void howRowsArePreparedIsPartOfTheKey() throws IOException {
    Configuration hadoop = new Configuration();
    List<SweepSpec> specs =
        List.of(
            spec(),
            spec("data.missing=mean"),
            spec("data.test-share=0.2"),
            spec("data.columns.ignore=[]"));
    assertThat(
            specs.stream()
                .map(
                    spec ->
                        TeacherProvider.key(
                            spec, DataLoader.loadTraining(spec.data(), hadoop), hadoop))
                .distinct())
        .hasSize(specs.size());
  }
}
