package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataLoader;
import dev.pare.graph.Initialization;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.TeacherStage;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.StageTree;
import dev.pare.result.Score;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Products that are whole, but not what their stages wrote. */
@Timeout(120)
class DamagedStoreTest {
  @TempDir private static Path shared;

  private static SparkSession spark;
  private static StageKey teacher;
  private static StageTree tree;

  @TempDir private Path folder;

  private Path store;

  @BeforeAll
  static void runOnce() {
    spark = LocalSpark.open(2);
    SweepSpec spec = SmallSweep.spec(shared.resolve("sweep"));
    Sweep.run(spark, spec);
    Configuration hadoop = new Configuration();
    teacher = TeacherProvider.key(spec, DataLoader.loadTraining(spec.data(), hadoop), hadoop);
    tree = StageTree.of(teacher, CandidateSearch.all(spec));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** A sweep like the undisturbed one, with a copy of its store. */
  private SweepSpec copy() throws IOException {
    store = folder.resolve("store");
    FileUtil.copy(
        shared.resolve("sweep/store").toFile(),
        org.apache.hadoop.fs.FileSystem.getLocal(new Configuration()).getRaw(),
        new org.apache.hadoop.fs.Path(store.toString()),
        false,
        new Configuration());
    return SmallSweep.spec(
        folder.resolve("sweep"), "sweep.store=\"file://" + store + "\"", "sweep.name=sweep");
  }

  private Path file(StageKey key, String extension) {
    return store.resolve(key.hex().substring(0, 2)).resolve(key.hex() + extension);
  }

  /** Candidates' files, in the order of their keys. */
  private static List<StageKey> candidates() {
    return tree.keys().values().stream().sorted().toList();
  }

  /** What two or more candidates start from. */
  private List<StageKey> intermediates() {
    return tree.all().stream()
        .filter(stage -> stage.children().size() > 1)
        .map(StageTree.Stage::key)
        .filter(key -> Files.exists(file(key, ".pare")))
        .toList();
  }

  private void swap(StageKey one, StageKey other) throws IOException {
    byte[] bytes = Files.readAllBytes(file(one, ".pare"));
    Files.write(file(one, ".pare"), Files.readAllBytes(file(other, ".pare")));
    Files.write(file(other, ".pare"), bytes);
  }

  private void assertUndisturbed() throws IOException {
    assertThat(SmallSweep.bytes(folder.resolve("sweep")))
        .isEqualTo(SmallSweep.bytes(shared.resolve("sweep")));
  }

  @Test
  void filesOfOtherCandidatesAreComputedAgain() throws IOException {
    SweepSpec spec = copy();
    List<StageKey> keys = candidates();
    swap(keys.get(0), keys.get(1));
    swap(keys.get(2), keys.get(3));

    Sweep.run(spark, spec);

    assertUndisturbed();
  }

  @Test
  void anAccuracyThatTheFileDoesNotHaveIsMeasuredAgain() throws IOException {
    SweepSpec spec = copy();
    HadoopStageStore own = new HadoopStageStore("file://" + store, new Configuration());
    for (StageKey key : candidates()) {
      StageReport report = StageReport.fromJson(own.read(key, Kind.REPORT).orElseThrow());
      Measurement told = report.measurement();
      int examples = told.validation().examples();
      BitSet all = new BitSet();
      all.set(0, examples);
      String json =
          new String(own.read(key, Kind.REPORT).orElseThrow(), StandardCharsets.UTF_8)
              .replace(told.validation().bits(), Correctness.of(all, examples).bits())
              .replace("\"correct\" : " + told.validation().correct(), "\"correct\" : " + examples);
      own.write(key, Kind.REPORT, json.getBytes(StandardCharsets.UTF_8));
      assertThat(StageReport.fromJson(own.read(key, Kind.REPORT).orElseThrow()))
          .isNotEqualTo(report);
    }

    Sweep.run(spark, spec);

    assertUndisturbed();
  }

  @Test
  void intermediatesOfOtherStagesAreComputedAgain() throws IOException {
    SweepSpec spec = copy();
    List<StageKey> keys = intermediates();
    assertThat(keys).hasSizeGreaterThanOrEqualTo(2);
    swap(keys.get(0), keys.get(1));
    for (StageKey key : candidates()) {
      Files.delete(file(key, ".pare"));
    }

    Sweep.run(spark, spec);

    assertUndisturbed();
  }

  @Test
  void damagedIntermediatesAreToldInALineAndComputedAgain() throws IOException {
    SweepSpec spec = copy();
    for (StageKey key : intermediates()) {
      byte[] bytes = Files.readAllBytes(file(key, ".pare"));
      bytes[bytes.length / 2] ^= 1;
      Files.write(file(key, ".pare"), bytes);
    }
    for (StageKey key : candidates()) {
      Files.delete(file(key, ".pare"));
    }
    List<LogEvent> told = Collections.synchronizedList(new ArrayList<>());
    AbstractAppender taken =
        new AbstractAppender("taken", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
              told.add(event.toImmutable());
            }
          }
        };
    taken.start();
    Logger logger = (Logger) LogManager.getRootLogger();
    logger.addAppender(taken);
    try {
      Sweep.run(spark, spec);
    } finally {
      logger.removeAppender(taken);
    }

    assertUndisturbed();
    List<String> messages =
        told.stream().map(event -> event.getMessage().getFormattedMessage()).toList();
    assertThat(told).allMatch(event -> event.getThrown() == null);
    assertThat(messages)
        .noneMatch(message -> message.contains("want of resources"))
        .anyMatch(message -> message.endsWith(": missing or damaged; it is made again"));
  }

  /** Another network of the same architecture. */
  private void replaceTeacher() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    HadoopStageStore other = new HadoopStageStore("file://" + elsewhere, new Configuration());
    HadoopStageStore own = new HadoopStageStore("file://" + store, new Configuration());
    TeacherStage.write(
        other,
        teacher,
        Initialization.random(TeacherStage.read(own, teacher).orElseThrow().architecture(), 9),
        teacher.seed(),
        new Provenance(1, "1", "17", "Linux", "b", "driver"));
    Files.write(file(teacher, ".pare"), other.read(teacher, Kind.NETWORK).orElseThrow());
  }

  @Test
  void anotherTeacherAndOtherLogitsAreComputedAgain() throws IOException {
    SweepSpec spec = copy();
    replaceTeacher();
    HadoopStageStore own = new HadoopStageStore("file://" + store, new Configuration());
    byte[] logits = own.read(teacher, Kind.LOGITS).orElseThrow();
    own.write(teacher, Kind.LOGITS, new byte[logits.length]);
    for (StageTree.Stage stage : tree.all()) {
      Files.deleteIfExists(file(stage.key(), ".pare"));
    }

    Sweep.run(spark, spec);

    assertUndisturbed();
    assertThat(own.read(teacher, Kind.LOGITS)).hasValue(logits);
  }

  @Test
  void aTeacherThatIsDamagedDuringTheRunIsWrittenAgain() throws IOException {
    SweepSpec spec = copy();
    try (Stream<Path> all = Files.walk(store)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    Progress damaging =
        new Progress() {
          @Override
          public void teacherReady(Score validation) {
            try {
              byte[] file = Files.readAllBytes(file(teacher, ".pare"));
              file[file.length / 2] ^= 1;
              Files.write(file(teacher, ".pare"), file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };

    Sweep.run(spark, spec, damaging);

    assertUndisturbed();
  }

  @Test
  void aFileThatIsReplacedDuringTheRunIsComputedAgainBeforeItIsPublished() throws IOException {
    SweepSpec spec = copy();
    List<StageKey> keys = candidates();
    Progress swapping =
        new Progress() {
          @Override
          public void finished(Candidate candidate, Outcome outcome, int done) {
            if (done == keys.size()) {
              try {
                swap(keys.get(0), keys.get(1));
                swap(keys.get(2), keys.get(3));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };

    Sweep.run(spark, spec, swapping);

    assertUndisturbed();
  }
}
