package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Encode;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierPoint;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.ledger.Ledger;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.TeacherStage;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.StageTree;
import dev.pare.prepare.Preparation;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.page.ReportPage;
import dev.pare.result.Score;
import dev.pare.schedule.RetryPolicy;
import dev.pare.schedule.StoredReports;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SweepTest {
  @TempDir private static Path shared;

  private static SparkSession spark;
  private static SweepSpec spec;
  private static Sweep.Result result;

  @TempDir private Path folder;

  /** What a sweep told while it ran. */
  private static class Told implements Progress {
    private final List<String> teacher = new ArrayList<>();
    private double teacherAccuracy;
    private int planned;
    private int finished;

    @Override
    public void teacher(String what) {
      teacher.add(what);
    }

    @Override
    public void teacherReady(Score validation) {
      teacherAccuracy = validation.accuracy();
    }

    @Override
    public void planned(StageTree tree, int atMost) {
      planned = atMost;
    }

    @Override
    public void finished(Candidate candidate, Outcome outcome, int done) {
      finished++;
      assertThat(done).isEqualTo(finished);
    }
  }

  @BeforeAll
  static void runOnce() {
    spark = LocalSpark.open(2);
    spec = SmallSweep.spec(shared.resolve("sweep"));
    result = Sweep.run(spark, spec);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void everyCandidateIsMeasuredAndSomeAreTheFrontier() {
    assertThat(result.outcomes()).hasSize(4);
    assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(result.frontier().rows()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(result.frontier().teacher().test().accuracy()).isGreaterThan(0.8);
    assertThat(result.frontier().rows())
        .last()
        .satisfies(row -> assertThat(row.test().accuracy()).isGreaterThan(0.8));
  }

  /** Without pruning: what a kilobyte is worth decides on zeros, steps and values. */
  @Test
  void aSweepOfRatesWalksFromGoodFilesToSmallOnes() throws IOException {
    Path out = folder.resolve("rates");
    SweepSpec rates =
        SmallSweep.spec(
            out,
            "space = null",
            "space { quantizer = [entropy-penalized], rate = [0.03, 0.3, 3] }",
            "student { epochs = 0, prune.sparsity = 0, quantize.learning-rate = 0.002 }",
            "student.encode.origin = off");
    Sweep.Result swept = Sweep.run(spark, rates);

    Map<String, Long> bytes = new TreeMap<>();
    swept
        .outcomes()
        .forEach(
            (candidate, outcome) ->
                bytes.put(
                    candidate.point().get("rate"),
                    ((Outcome.Measured) outcome).measurement().size().totalBytes()));
    assertThat(bytes).containsOnlyKeys("3", "0.3", "0.03");
    assertThat(bytes.get("3")).isLessThan(bytes.get("0.3"));
    assertThat(bytes.get("0.3")).isLessThan(bytes.get("0.03"));
    // On so little data a file of a middling rate may be as good as the largest one.
    List<FrontierRow> rows = swept.frontier().rows();
    assertThat(rows).hasSizeGreaterThan(1);
    assertThat(rows.get(0).point()).containsEntry("rate", "3");
    for (FrontierRow row : rows) {
      byte[] file = Files.readAllBytes(out.resolve(row.file()));
      assertThat((long) file.length).isEqualTo(row.summary().size().totalBytes());
      assertThat(new ArtifactReader().read(file).origin()).isEmpty();
    }
  }

  @Test
  void filesDecodeToWhatTheLedgerSays() throws IOException {
    TrainingData data = DataLoader.loadTraining(spec.data(), new Configuration());
    List<Row> ledger = Ledger.read(spark, spec.out() + "/ledger").collectAsList();

    assertThat(ledger).hasSize(4);
    for (FrontierRow row : result.frontier().rows()) {
      byte[] file = Files.readAllBytes(shared.resolve("sweep").resolve(row.file()));
      Network network = new ArtifactReader().read(file).toNetwork();
      Correctness validation = Evaluator.correctness(network, data.validation());
      Row kept =
          ledger.stream()
              .filter(r -> r.getAs("key").equals(row.key().hex()))
              .findFirst()
              .orElseThrow();
      assertThat(kept.<Long>getAs("bytes")).isEqualTo(file.length).isEqualTo(row.bytes());
      assertThat(kept.<Long>getAs("validation_correct")).isEqualTo(validation.correct());
      assertThat(kept.<byte[]>getAs("validation_bits"))
          .isEqualTo(java.util.HexFormat.of().parseHex(validation.bits()));
    }
  }

  @Test
  void theResultsFolderHasWhatWasPromisedAndNothingTemporary() {
    assertThat(shared.resolve("sweep"))
        .isDirectoryContaining(
            "glob:**/{sweep.conf,teacher.pare,teacher.zip,status.json,references.txt}")
        .isDirectoryContaining("glob:**/{frontier.csv,frontier.json}")
        .isDirectoryContaining("glob:**/{report.html,frontier.svg,frontier.png}")
        .isDirectoryContaining("glob:**/{best,ledger,store}")
        .isDirectoryNotContaining("glob:**/.*");
    assertThat(SweepSpec.load(shared.resolve("sweep/sweep.conf").toString(), List.of()))
        .usingRecursiveComparison()
        .ignoringFields("name")
        .isEqualTo(spec);
  }

  @Test
  void theReportOfWhatIsLeftIsTheSweepsOwn() throws IOException {
    assertThat(ReportPage.of(SweepReport.read(spark, shared.resolve("sweep").toString())))
        .isEqualTo(Files.readString(shared.resolve("sweep/report.html")));
  }

  @Test
  void anotherRunElsewhereGivesTheSameBytesWhateverTheSlots() throws IOException {
    stop();
    spark = LocalSpark.open(1);
    Sweep.Result other =
        Sweep.run(spark, SmallSweep.spec(folder.resolve("other"), "sweep.name=sweep"));

    assertThat(files(other)).isEqualTo(files(result)).hasSize(4);
    assertThat(SmallSweep.bytes(folder.resolve("other")))
        .isEqualTo(SmallSweep.bytes(shared.resolve("sweep")));
    stop();
    spark = LocalSpark.open(2);
  }

  /** SHA-256 of every candidate's file, on the frontier or not. */
  private static Map<String, String> files(Sweep.Result of) {
    Map<String, String> files = new TreeMap<>();
    of.outcomes()
        .forEach(
            (candidate, outcome) ->
                files.put(candidate.label(), ((Outcome.Measured) outcome).measurement().sha256()));
    return files;
  }

  @Test
  void anotherSeedGivesOtherNetworksThoughTheDataStay() {
    Sweep.Result other =
        Sweep.run(
            spark,
            SmallSweep.spec(
                folder.resolve("other"),
                "sweep.seed=43",
                "data.seed=42",
                "space.sparsity=[0.5]",
                "space.bits=[4]"));

    assertThat(result.outcomes().values())
        .extracting(Outcome::key)
        .doesNotContainAnyElementsOf(other.outcomes().values().stream().map(Outcome::key).toList());
  }

  @Test
  void whatIsInTheStoreIsNotComputedAgain() throws IOException {
    Path copy = folder.resolve("sweep");
    SweepSpec resumed = SmallSweep.spec(copy);
    Sweep.run(spark, resumed);
    FileUtil.fullyDelete(copy.resolve("ledger").toFile());
    AtomicInteger stages = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            if (job.properties().getProperty("spark.jobGroup.id", "").startsWith("pare ")) {
              stages.incrementAndGet();
            }
          }
        };
    spark.sparkContext().addSparkListener(counter);
    Told told = new Told();

    Sweep.Result again = Sweep.run(spark, resumed, told);
    spark.sparkContext().removeSparkListener(counter);

    assertThat(stages).hasValue(0);
    assertThat(told.teacher).containsExactly("found in the store");
    assertThat(told.planned).isEqualTo(4);
    assertThat(told.finished).isEqualTo(4);
    assertThat(again.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(Ledger.read(spark, resumed.out() + "/ledger").count()).isEqualTo(4);
    assertThat(SmallSweep.bytes(copy)).isEqualTo(SmallSweep.bytes(shared.resolve("sweep")));
  }

  @Test
  void theTeachersKeyIsKnownBeforehand() {
    Configuration hadoop = new Configuration();
    StageKey teacher =
        TeacherProvider.key(spec, DataLoader.loadTraining(spec.data(), hadoop), hadoop);
    StageTree tree = StageTree.of(teacher, CandidateSearch.all(spec));

    assertThat(tree.keys().values())
        .containsExactlyElementsOf(result.outcomes().values().stream().map(Outcome::key).toList());
    assertThat(new StoredReports(new HadoopStageStore(spec.store(), hadoop)).read(tree))
        .containsKeys(tree.keys().values().toArray(StageKey[]::new));
  }

  @Test
  void aFailureOnRecordIsTriedAgainOnlyIfAsked() throws IOException {
    SweepSpec diverging =
        SmallSweep.spec(
            folder.resolve("failed"), "space={ sparsity = [0.9], learning-rate = [1e30] }");
    Sweep.Result first = Sweep.run(spark, diverging);
    Path report = reportOf(folder.resolve("failed"), first);
    FileTime recorded = Files.getLastModifiedTime(report);

    assertThat(Sweep.run(spark, diverging).outcomes())
        .hasSameSizeAs(first.outcomes())
        .allSatisfy((candidate, outcome) -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
    assertThat(Files.getLastModifiedTime(report)).isEqualTo(recorded);
    Sweep.run(spark, diverging, Progress.SILENT, RetryPolicy.RETRY_FAILURES);
    assertThat(Files.getLastModifiedTime(report)).isGreaterThan(recorded);
  }

  /** The one report that the candidate's failure is in. */
  private static Path reportOf(Path out, Sweep.Result result) throws IOException {
    String key = result.outcomes().values().iterator().next().key().hex();
    return out.resolve("store").resolve(key.substring(0, 2)).resolve(key + ".json");
  }

  @Test
  void iterativeLevelsStartFromEachOther() {
    SweepSpec chained =
        SmallSweep.spec(
            folder.resolve("chained"),
            "student.prune.schedule=iterative",
            "space={ sparsity = [0.5, 0.8, 0.9], bits = [4] }");

    Sweep.Result swept = Sweep.run(spark, chained);

    assertThat(swept.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    swept
        .outcomes()
        .forEach(
            (candidate, outcome) ->
                assertThat(((Outcome.Measured) outcome).measurement().validation().accuracy())
                    .as(candidate.label())
                    .isGreaterThan(0.7));
  }

  @Test
  void aStoreThatCannotBeWrittenEndsTheRunWithItsReason() throws IOException {
    Path store = folder.resolve("store");
    SweepSpec refused =
        SmallSweep.spec(
            folder.resolve("refused"),
            "sweep.store=\"file://" + store + "\"",
            "space={ sparsity = [0.5], temperature = [1, 2, 3, 4, 5, 6, 7, 8], bits = [2, 4] }");
    Told told =
        new Told() {
          @Override
          public void planned(StageTree tree, int atMost) {
            for (StageTree.Stage stage : tree.all()) {
              occupy(store.resolve(stage.key().hex().substring(0, 2)));
            }
          }
        };

    assertThatThrownBy(() -> Sweep.run(spark, refused, told))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the storage failed")
        .hasMessageContaining("the same command goes on from there");
    assertThat(told.finished).isLessThan(16);
  }

  /** A file where a folder should be: nobody, not even root, can write into it. */
  private static void occupy(Path folder) {
    try {
      if (!Files.exists(folder)) {
        Files.createFile(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void damagedProductsAreComputedAgainAndNothingElseIs() throws IOException {
    Path copy = folder.resolve("sweep");
    SweepSpec damaged = SmallSweep.spec(copy);
    // A product that only others started from is not needed again, and may stay as it is.
    Sweep.Result first = Sweep.run(spark, damaged);
    List<String> needed =
        first.outcomes().values().stream().map(outcome -> outcome.key().hex()).toList();
    List<String> published = first.frontier().rows().stream().map(row -> row.key().hex()).toList();
    Map<Path, byte[]> store = files(copy.resolve("store"));
    SplittableRandom random = TestSeed.random();
    List<Path> spoilt = new ArrayList<>();
    // Logits are in this JVM's memory by now, so that nobody reads their file.
    for (String kind : List.of(".pare", ".json")) {
      // What a measured candidate's network has in place of other bytes is looked at when it is
      // read.
      boolean cut = random.nextBoolean();
      List<String> looked = cut || kind.equals(".json") ? needed : published;
      List<Path> ofKind =
          store.keySet().stream()
              .filter(file -> file.toString().endsWith(kind))
              .filter(file -> looked.contains(key(file)))
              .sorted()
              .toList();
      Path file = ofKind.get(random.nextInt(ofKind.size()));
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] ^= 1;
      Files.write(file, cut ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
      spoilt.add(file);
    }

    Sweep.run(spark, damaged);

    assertThat(SmallSweep.bytes(copy)).isEqualTo(SmallSweep.bytes(shared.resolve("sweep")));
    Map<Path, byte[]> mended = files(copy.resolve("store"));
    // Tasks are cut otherwise where times are known, and may keep more.
    assertThat(mended).containsKeys(store.keySet().toArray(Path[]::new));
    List<String> again = spoilt.stream().map(SweepTest::key).toList();
    store.forEach(
        (file, bytes) -> {
          if (!again.contains(key(file)) || !file.toString().endsWith(".json")) {
            assertThat(mended.get(file)).as(file.toString()).isEqualTo(bytes);
          }
        });
  }

  private static String key(Path product) {
    return product.getFileName().toString().substring(0, 64);
  }

  private static Map<Path, byte[]> files(Path folder) throws IOException {
    Map<Path, byte[]> files = new HashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void anEnlargedSpaceRunsWhatIsNewAndTheLedgerHasAllOfIt() throws IOException {
    Path out = folder.resolve("growing");
    Sweep.run(spark, SmallSweep.spec(out, "space.bits=[2]"));
    Map<Path, byte[]> before = files(out.resolve("store"));

    Sweep.run(spark, SmallSweep.spec(out, "space.bits=[2, 4]"));
    assertThat(files(out.resolve("store"))).containsAllEntriesOf(before).hasSizeGreaterThan(2);
    assertThat(ledger(out)).doesNotHaveDuplicates().hasSize(4);

    Sweep.run(spark, SmallSweep.spec(out, "space.bits=[4]"));
    assertThat(ledger(out)).doesNotHaveDuplicates().hasSize(2);
  }

  private static List<String> ledger(Path out) {
    return spark
        .read()
        .parquet(out + "/ledger")
        .select("candidate")
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void aCandidateThatDivergesIsRecordedAndTheOthersGoOn() {
    SweepSpec diverging =
        SmallSweep.spec(
            folder.resolve("diverging"),
            "space={ sparsity = [0.9], learning-rate = [0.001, 1e30], bits = [2, 4] }");

    Sweep.Result mixed = Sweep.run(spark, diverging);

    mixed
        .outcomes()
        .forEach(
            (candidate, outcome) -> {
              if (candidate.point().get("learning-rate").equals("0.001")) {
                assertThat(outcome).isInstanceOf(Outcome.Measured.class);
              } else {
                assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                assertThat(((Outcome.Failed) outcome).failure().code())
                    .isEqualTo(FailureCode.TRAINING_DIVERGED);
              }
            });
    assertThat(
            Ledger.read(spark, diverging.out() + "/ledger")
                .filter("failure = 'TRAINING_DIVERGED' and bytes is null")
                .count())
        .isEqualTo(2);
    assertThat(mixed.frontier().rows()).isNotEmpty();
  }

  @Test
  void aSweepWithoutAnyFileHasAnEmptyFrontier() {
    Sweep.Result none =
        Sweep.run(
            spark,
            SmallSweep.spec(
                folder.resolve("none"), "space={ sparsity = [0.9], learning-rate = [1e30] }"));

    assertThat(none.frontier().rows()).isEmpty();
    assertThat(none.outcomes().values()).allMatch(Outcome.Failed.class::isInstance);
  }

  @Test
  void aTrainedTeacherIsReadFromItsFile() {
    Path zip = shared.resolve("sweep/teacher.zip");

    Told told = new Told();
    Sweep.Result loaded =
        Sweep.run(
            spark,
            SmallSweep.withTeacher(
                "teacher.model = \"file://" + zip + "\"",
                folder.resolve("loaded"),
                "space={ sparsity = [0.5], bits = [4] }"),
            told);

    assertThat(told.teacher).singleElement().asString().startsWith("reading file:");
    FrontierReport.Teacher teacher = loaded.frontier().teacher();
    assertThat(teacher.validation()).isEqualTo(result.frontier().teacher().validation());
    assertThat(teacher.test()).isEqualTo(result.frontier().teacher().test());
    assertThat(teacher.confusion()).isEqualTo(result.frontier().teacher().confusion());
    assertThat(teacher.comparison()).contains("differ from DL4J's by at most");
    assertThat(loaded.frontier().rows())
        .singleElement()
        .satisfies(row -> assertThat(row.test().accuracy()).isGreaterThan(0.8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "architecture = resnet, widths = [4, 8]",
        "architecture = lstm, widths = [12]",
        "architecture = attention, widths = [16, 24], blocks = 1, heads = 2"
      })
  void networksThatAreNoPlainChainsAreSweptAndReadFromTheirFile(String architecture) {
    String settings = "batch = 64, learning-rate = 0.005, epochs = 2, " + architecture;
    Path out = folder.resolve("trained");
    String[] space = {"space={ sparsity = [0.5], bits = [4] }", "student.epochs=2"};
    Sweep.Result trained =
        Sweep.run(spark, SmallSweep.withTeacher("teacher { " + settings + " }", out, space));
    assertThat(trained.frontier().rows())
        .singleElement()
        // Guessing gets a tenth right, and two epochs over few images take nobody far.
        .satisfies(row -> assertThat(row.test().accuracy()).isGreaterThan(0.3));

    Sweep.Result loaded =
        Sweep.run(
            spark,
            SmallSweep.withTeacher(
                "teacher.model = \"file://" + out.resolve("teacher.pare") + "\"",
                folder.resolve("loaded"),
                space));
    assertThat(loaded.frontier().teacher()).isEqualTo(trained.frontier().teacher());
  }

  @Test
  void aTeacherThatReadsOtherInputsIsRefused() throws IOException {
    Path csv = blobs(folder.resolve("train.csv"), 300, 1);
    SweepSpec mismatch =
        SmallSweep.withData(
            "data { format = csv, validation = 50, train.features = \"%s\", test.features = \"%s\" }\n"
                .formatted(csv, csv),
            "teacher.model = \"file://" + shared.resolve("sweep/teacher.zip") + "\"",
            folder.resolve("mismatch"));

    assertThatThrownBy(() -> Sweep.run(spark, mismatch))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("teacher.model = file:")
        .hasMessageContaining("reads 784 features, but its input has 4");
  }

  @Test
  void aTeacherThatTellsMoreClassesThanTheDataHaveIsRefused() throws IOException {
    Network wide =
        Initialization.random(
            new Architecture(
                new InputShape(1, 28, 28, 255), List.of(new Dense(12, Activation.SOFTMAX))),
            1);
    Path model = folder.resolve("wide.pare");
    Files.write(model, TeacherStage.file(wide, Preparation.NONE));
    SweepSpec mismatch =
        SmallSweep.withTeacher("teacher.model = \"file://" + model + "\"", folder.resolve("wide"));

    assertThatThrownBy(() -> Sweep.run(spark, mismatch))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("wide.pare: 12 outputs for 10 classes");
  }

  @Test
  void theTeachersLayersAreKnownBeforehandFromEitherKindOfFile() {
    Configuration hadoop = new Configuration();
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    Architecture trained = TeacherProvider.architecture(spec, data, hadoop);
    for (String name : List.of("teacher.zip", "teacher.pare")) {
      SweepSpec loaded =
          SmallSweep.withTeacher(
              "teacher.model = \"file://" + shared.resolve("sweep/" + name) + "\"",
              folder.resolve(name));
      assertThat(TeacherProvider.architecture(loaded, data, hadoop)).isEqualTo(trained);
    }
  }

  @Test
  void imagesCannotBeShiftedOutOfSight() {
    SweepSpec far = SmallSweep.spec(folder.resolve("far"), "teacher.augment.shift=28");

    assertThatThrownBy(() -> Sweep.run(spark, far))
        .isInstanceOf(DataException.class)
        .hasMessage("teacher.augment.shift = 28: at most 27 for examples of 1×28×28");
  }

  @Test
  void aCandidateOfManySettingsHasAFileOfABearableName() throws IOException {
    String shares = String.join(",", Collections.nCopies(40, "0.5"));
    SweepFolder results = new SweepFolder(folder.toString(), new Configuration());
    FrontierPoint point = point(Map.of("layer-sparsity", shares, "bits", "3"));

    String name = results.addBest(point.candidate(), point.key(), new byte[] {1});

    assertThat(name.length()).isLessThan(180);
    assertThat(name).startsWith("best/bits=3").endsWith(point.key().abbreviated() + ".pare");
    assertThat(folder.resolve(name)).exists();
  }

  private static FrontierPoint point(Map<String, String> settings) {
    Outcome.Measured any =
        result.outcomes().values().stream()
            .map(Outcome.Measured.class::cast)
            .findFirst()
            .orElseThrow();
    return new FrontierPoint(
        new Candidate(settings, List.of(new Encode(Encode.Precision.FLOAT32))), any);
  }

  @Test
  void aTeacherTrainedOnSparkIsGoodAndAlwaysTheSame() throws IOException {
    String[] overrides = {
      "teacher.train-on=spark",
      "teacher.epochs=3",
      "teacher.batch=32",
      "space={ sparsity = [0.5], bits = [4] }"
    };
    Told told = new Told();
    Sweep.run(spark, SmallSweep.spec(folder.resolve("one/x"), overrides), told);
    Sweep.run(spark, SmallSweep.spec(folder.resolve("two/x"), overrides));

    assertThat(told.teacher).singleElement().asString().contains("training on 4 workers");
    assertThat(told.teacherAccuracy).isGreaterThan(0.85);
    assertThat(SmallSweep.bytes(folder.resolve("one/x")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("two/x")));
  }

  @Test
  void tablesOfNumbersAreSweptToo() throws IOException {
    Path train = blobs(folder.resolve("train.csv"), 600, 1);
    Path test = blobs(folder.resolve("test.csv"), 200, 2);
    SweepSpec table =
        SmallSweep.withData(
            "data { format = csv, validation = 100, train.features = \"%s\", test.features = \"%s\" }\n"
                .formatted(train, test),
            "teacher { architecture = mlp, widths = [16], epochs = 20, batch = 16, learning-rate ="
                + " 0.01 }",
            folder.resolve("table"),
            "student={ epochs = 4, batch = 16, quantize.epochs = 2 }");

    Sweep.Result swept = Sweep.run(spark, table);

    assertThat(swept.frontier().teacher().test().accuracy()).isGreaterThan(0.9);
    assertThat(swept.frontier().rows()).isNotEmpty();
    assertThat(swept.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
  }

  /** Three clouds of points in four dimensions, the label first. */
  private static Path blobs(Path file, int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] centres = {{0, 0, 3, 0}, {3, 0, 0, 1}, {0, 3, 0, 2}};
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int label = i % centres.length;
      csv.append(label);
      Arrays.stream(centres[label])
          .forEach(x -> csv.append(',').append(x + random.nextDouble(-1, 1)));
      csv.append('\n');
    }
    return Files.writeString(file, csv);
  }
}
