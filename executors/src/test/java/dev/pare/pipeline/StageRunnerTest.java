package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.PROVENANCE;
import static dev.pare.pipeline.SampleStages.TEACHER;
import static dev.pare.pipeline.SampleStages.candidate;
import static dev.pare.pipeline.SampleStages.key;
import static dev.pare.pipeline.SampleStages.prune;
import static dev.pare.pipeline.SampleStages.quantize;
import static dev.pare.pipeline.SampleStages.step;
import static dev.pare.pipeline.SampleStages.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.Encode;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageSettings;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.rewrite.WrittenNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StageRunnerTest {
  private final MemoryStore store = new MemoryStore();
  private final DistillationData distillation = SampleStages.distillation();

  @BeforeEach
  void keepTheTeacher() {
    TeacherStage.write(store, TEACHER, SampleStages.teacher(), SampleStages.PROVENANCE);
    store.written.clear();
  }

  private StageReport run(StageTask task) {
    List<StageReport> reports = runAll(task);
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  private List<StageReport> runAll(StageTask task) {
    return run(store, task);
  }

  private List<StageReport> run(StageStore in, StageTask task) {
    return SampleStages.run(in, distillation, task);
  }

  private static FailureCode code(StageReport report) {
    assertThat(report.failure()).isNotNull();
    return report.failure().code();
  }

  @Test
  void aMeasurementIsConfirmedUnlessSomethingInItIsNotTheFiles() {
    Measurement told = run(candidate()).measurement();
    byte[] file = store.read(key('3'), Kind.NETWORK).orElseThrow();

    assertThat(confirmed(told, file)).isTrue();
    assertThat(confirmed(with(told, new OriginBytes(3L, 4L), told.parameters()), file)).isFalse();
    assertThat(confirmed(with(told, told.byOrigin(), told.parameters() + 1), file)).isFalse();
  }

  private boolean confirmed(Measurement told, byte[] file) {
    return FileMeasurement.confirms(
        told, file, SampleStages.teacher().architecture(), distillation.validation(), Metric.ERROR);
  }

  private static Measurement with(Measurement told, OriginBytes byOrigin, long parameters) {
    return new Measurement(
        told.size(),
        byOrigin,
        told.sha256(),
        parameters,
        told.nonzeroWeights(),
        told.operations(),
        told.layers(),
        told.evaluation());
  }

  @Test
  void whatIsMeasuredIsTheDecodedFile() {
    StageReport report = run(candidate());

    byte[] file = store.read(key('3'), Kind.NETWORK).orElseThrow();
    Network decoded = new ArtifactReader().read(file).toNetwork();
    Measurement measurement = report.measurement();
    assertThat(report.failure()).isNull();
    assertThat(measurement).isNotNull();
    assertThat(measurement.size().totalBytes()).isEqualTo(file.length);
    assertThat(measurement.validation())
        .isEqualTo(Evaluator.correctness(decoded, distillation.validation()));
    assertThat(measurement.parameters()).isEqualTo(6 * 8 + 8 + 8 * 3 + 3);
    assertThat(measurement.nonzeroWeights()).isBetween(1L, (6 * 8 + 8 * 3) / 2L);
    assertThat(measurement.layers())
        .extracting(LayerSize::tensor)
        .containsExactly("0_W", "0_b", "1_W", "1_b");
    assertThat(measurement.layers())
        .extracting(LayerSize::weights)
        .containsExactly(48L, 8L, 24L, 3L);
    assertThat(
            measurement.layers().stream()
                .filter(layer -> layer.tensor().endsWith("W"))
                .mapToLong(LayerSize::nonzeros)
                .sum())
        .isEqualTo(measurement.nonzeroWeights());
    assertThat(measurement.layers().stream().mapToLong(LayerSize::bytes).sum())
        .isBetween(1L, file.length - 8L);
    assertThat(report.seconds())
        .containsOnlyKeys(
            StageSettings.Kind.PRUNE, StageSettings.Kind.QUANTIZE, StageSettings.Kind.ENCODE);
    assertThat(report.provenance()).isEqualTo(PROVENANCE.withSeed(key('3').seed()));
  }

  @Test
  void theProductIsInTheStoreBeforeItsReport() throws IOException {
    StageReport report = run(candidate());

    assertThat(store.written).containsExactly("3.pare", "3.json");
    assertThat(StageReport.fromJson(store.read(key('3'), Kind.REPORT).orElseThrow()))
        .isEqualTo(report);
  }

  @Test
  void stagesOneByOneGiveTheBytesOfStagesInOneTask() {
    run(candidate());
    MemoryStore other = new MemoryStore();
    TeacherStage.write(other, TEACHER, SampleStages.teacher(), SampleStages.PROVENANCE);

    run(other, task(TEACHER, "1", prune(0.001)));
    run(other, task(key('1'), "2", quantize()));
    run(other, task(key('2'), "3", new Encode(Encode.Precision.FLOAT32)));

    assertThat(other.read(key('3'), Kind.NETWORK))
        .hasValue(store.read(key('3'), Kind.NETWORK).orElseThrow());
  }

  @Test
  void whereTheTeacherBeganGoesThroughAllStages() {
    MemoryStore trained = new MemoryStore();
    TeacherStage.write(trained, TEACHER, SampleStages.teacher(), 5, SampleStages.PROVENANCE);
    run(trained, task(TEACHER, "12", prune(0.001), quantize()));

    byte[] file = trained.read(key('2'), Kind.NETWORK).orElseThrow();
    assertThat(new ArtifactReader().read(file).origin())
        .hasValue(Origin.of(SampleStages.teacher().architecture(), 5));
  }

  @Test
  void aStageInBetweenIsKeptButNotMeasured() {
    StageReport report = run(task(TEACHER, "1", prune(0.001)));

    assertThat(report.measurement()).isNull();
    assertThat(report.failure()).isNull();
    assertThat(store.written).containsExactly("1.pare", "1.json");
  }

  @Test
  void settingsThatDivergeAreAFailureOnRecord() {
    StageReport report =
        run(task(TEACHER, "12", prune(1e30), new Encode(Encode.Precision.FLOAT32)));

    assertThat(code(report)).isEqualTo(FailureCode.TRAINING_DIVERGED);
    assertThat(report.failure().stage()).isEqualTo(StageSettings.Kind.PRUNE);
    assertThat(report.measurement()).isNull();
    assertThat(store.written).containsExactly("2.json");
  }

  @Test
  void aStorageThatFailsIsThrownSoThatAnotherTryMayDoBetter() {
    store.fill();

    assertThatThrownBy(() -> run(candidate()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no space left");
  }

  @Test
  void aMissingParentIsThrownAndNamed() {
    assertThatThrownBy(() -> run(task(key('f'), "1", prune(0.001))))
        .isInstanceOfSatisfying(
            MissingProductException.class, e -> assertThat(e.key()).isEqualTo(key('f')))
        .hasMessageContaining("f.pare: missing or damaged");
  }

  @Test
  void aDamagedParentIsMissing() {
    byte[] file = store.read(TEACHER, Kind.NETWORK).orElseThrow();
    file[file.length / 2] ^= 1;
    store.replace(TEACHER, Kind.NETWORK, file);

    assertThatThrownBy(() -> run(candidate()))
        .isInstanceOfSatisfying(
            MissingProductException.class, e -> assertThat(e.key()).isEqualTo(TEACHER))
        .hasMessageContaining("0.pare: missing or damaged");
    assertThat(store.written).isEmpty();
  }

  /** A whole file, but of other weights. */
  private byte[] ofAnotherStage() {
    run(task(TEACHER, "89", prune(0.01), new Encode(Encode.Precision.FLOAT32)));
    store.written.clear();
    return store.read(key('9'), Kind.NETWORK).orElseThrow();
  }

  @Test
  void aWholeFileOfAnotherStageIsMissingAsAParent() {
    store.replace(TEACHER, Kind.NETWORK, ofAnotherStage());

    assertThatThrownBy(() -> run(candidate())).isInstanceOf(MissingProductException.class);
  }

  @Test
  void aWholeFileOfAnotherStageIsComputedAgain() {
    StageReport report = run(candidate());
    byte[] file = store.read(key('3'), Kind.NETWORK).orElseThrow();
    store.replace(key('3'), Kind.NETWORK, ofAnotherStage());

    StageReport again = run(candidate());
    assertThat(again.measurement()).isEqualTo(report.measurement());
    assertThat(store.read(key('3'), Kind.NETWORK)).hasValue(file);

    store.remove(key('3'), Kind.REPORT);
    store.replace(key('3'), Kind.NETWORK, ofAnotherStage());
    run(candidate());
    assertThat(store.read(key('3'), Kind.NETWORK)).hasValue(file);
  }

  @Test
  void aReportOfAnotherStageIsNone() {
    StageReport report = run(candidate());
    run(task(TEACHER, "89", prune(0.01), new Encode(Encode.Precision.FLOAT32)));
    for (Kind kind : List.of(Kind.NETWORK, Kind.REPORT)) {
      store.replace(key('3'), kind, store.read(key('9'), kind).orElseThrow());
    }

    assertThat(run(candidate()).measurement()).isEqualTo(report.measurement());
  }

  @Test
  void aReportWithoutADigestIsOfAnotherVersionAndItsStageRunsAgain() {
    StageReport report = run(candidate());
    StageReport old =
        new StageReport(
            report.key(), report.seconds(), report.measurement(), null, report.provenance());
    store.replace(key('3'), Kind.REPORT, old.toJson());
    store.written.clear();

    assertThat(run(candidate()).product()).isEqualTo(report.product());
    assertThat(store.written).containsExactly("3.pare", "3.json");
  }

  @Test
  void reportsNameTheBytesOfTheirProductsAndOfTheStoredOnesTheyAreFrom() {
    List<StageReport> reports = runAll(fork(0.001));

    assertThat(reports)
        .extracting(StageReport::product)
        .containsExactly(digest('1'), digest('2'), digest('4'));
    assertThat(reports)
        .extracting(StageReport::parent)
        .containsExactly(digest('0'), digest('1'), digest('1'));
  }

  private ProductDigest digest(char key) {
    return ProductDigest.of(key(key), store.read(key(key), Kind.NETWORK).orElseThrow());
  }

  @Test
  void aProductOfAnotherAttemptThatHasReportedStaysAndIsWhatIsMeasured() {
    // As another processor might round: the same architecture with other weights, while this one
    // was at work.
    byte[] other = ofAnotherStage();
    StageReport reported =
        new StageReport(
            key('3'),
            Map.of(),
            null,
            null,
            PROVENANCE,
            ProductDigest.of(key('3'), other),
            digest('0'));
    CompressedNetwork teacher =
        new StoredNetworks(store).network(TEACHER, new ProductCache(0)).network();
    WrittenNetwork product = new Stages(distillation).run(prune(0.001), teacher, 1);
    store.replace(key('3'), Kind.NETWORK, other);
    store.replace(key('3'), Kind.REPORT, reported.toJson());

    ProductFiles.Kept kept =
        new ProductFiles(store, distillation)
            .keep(key('3'), new Encode(Encode.Precision.FLOAT32), product, teacher);

    assertThat(store.read(key('3'), Kind.NETWORK)).hasValue(other);
    assertThat(kept.digest()).isEqualTo(reported.product());
    assertThat(kept.measurement().validation())
        .isEqualTo(
            Evaluator.correctness(
                new ArtifactReader().read(other).toNetwork(), distillation.validation()));
  }

  /** A pruned student that is kept, and two files of it. */
  private static StageTask fork(double learningRate) {
    return new StageTask(
        List.of(
            step(key('1'), TEACHER, prune(learningRate), Product.KEPT),
            step(key('2'), key('1'), new Encode(Encode.Precision.FLOAT32), Product.KEPT),
            step(key('3'), key('1'), quantize(), Product.PASSED_ON),
            step(key('4'), key('3'), new Encode(Encode.Precision.FLOAT16), Product.KEPT)));
  }

  @Test
  void everyKeptStepOfATreeIsReported() {
    List<StageReport> reports = runAll(fork(0.001));

    assertThat(reports).extracting(StageReport::key).containsExactly(key('1'), key('2'), key('4'));
    assertThat(reports.get(0).measurement()).isNull();
    assertThat(reports.get(1).measurement()).isNotNull();
    assertThat(reports.get(2).seconds())
        .containsOnlyKeys(StageSettings.Kind.QUANTIZE, StageSettings.Kind.ENCODE);
    assertThat(store.written)
        .containsExactly("1.pare", "1.json", "2.pare", "2.json", "4.pare", "4.json");
  }

  @Test
  void stepsOfATreeGiveTheBytesOfTasksOfTheirOwn() {
    runAll(fork(0.001));
    MemoryStore other = new MemoryStore();
    TeacherStage.write(other, TEACHER, SampleStages.teacher(), SampleStages.PROVENANCE);
    fork(0.001)
        .steps()
        .forEach(
            step ->
                run(other, task(step.parent(), step.key().hex().substring(0, 1), step.settings())));

    for (char digit : new char[] {'1', '2', '4'}) {
      assertThat(other.read(key(digit), Kind.NETWORK))
          .hasValue(store.read(key(digit), Kind.NETWORK).orElseThrow());
    }
  }

  @Test
  void aFailingStepFailsItsDescendantsAndNoOther() {
    List<StageReport> reports =
        runAll(
            new StageTask(
                List.of(
                    step(key('1'), TEACHER, prune(1e30), Product.PASSED_ON),
                    step(key('2'), key('1'), new Encode(Encode.Precision.FLOAT32), Product.KEPT),
                    step(key('3'), TEACHER, prune(0.001), Product.KEPT))));

    assertThat(code(reports.get(0))).isEqualTo(FailureCode.TRAINING_DIVERGED);
    assertThat(reports.get(0).failure().stage()).isEqualTo(StageSettings.Kind.PRUNE);
    assertThat(reports.get(1).failure()).isNull();
    assertThat(store.written).containsExactly("2.json", "3.pare", "3.json");
  }

  @Test
  void whatIsInTheStoreIsNotComputedAgain() {
    List<StageReport> first = runAll(fork(0.001));
    store.remove(key('4'), Kind.REPORT);
    store.written.clear();

    List<StageReport> second = runAll(fork(0.001));

    assertThat(second.subList(0, 2)).isEqualTo(first.subList(0, 2));
    assertThat(second.get(2).measurement()).isEqualTo(first.get(2).measurement());
    assertThat(store.written).containsExactly("4.pare", "4.json");
  }

  @Test
  void aReportWhoseProductIsGoneDoesNotCount() {
    runAll(fork(0.001));
    byte[] file = store.read(key('2'), Kind.NETWORK).orElseThrow();
    store.remove(key('2'), Kind.NETWORK);
    store.written.clear();

    runAll(fork(0.001));

    assertThat(store.written).containsExactly("2.pare", "2.json");
    assertThat(store.read(key('2'), Kind.NETWORK)).hasValue(file);
  }

  @Test
  void aReportOfAnotherVersionIsReplaced() throws IOException {
    store.replace(key('1'), Kind.REPORT, "{\"from\": \"another version\"}".getBytes(UTF_8));

    StageReport report = run(task(TEACHER, "1", prune(0.001)));

    assertThat(StageReport.fromJson(store.read(key('1'), Kind.REPORT).orElseThrow()))
        .isEqualTo(report);
  }

  @Test
  void aFailureOnRecordIsTakenForWhatItIs() {
    StageTask diverging = task(TEACHER, "1", prune(1e30));
    StageReport first = run(diverging);
    store.written.clear();

    assertThat(run(diverging)).isEqualTo(first);
    assertThat(store.written).isEmpty();
  }

  @Test
  void anInterruptedTrainingIsNoFailure() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> run(candidate())).isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(store.written).isEmpty();
  }

  @Test
  void aTaskIsATreeOfWhatIsKeptOrUsed() {
    assertThatThrownBy(() -> new StageTask(List.of())).hasMessage("no steps");
    assertThatThrownBy(
            () -> new StageTask(List.of(step(key('1'), TEACHER, quantize(), Product.PASSED_ON))))
        .hasMessageContaining("neither kept nor used");
    StageTask.Step step = step(key('1'), TEACHER, quantize(), Product.KEPT);
    assertThatThrownBy(() -> new StageTask(List.of(step, step))).hasMessageContaining("two steps");
  }

  @Test
  void lessonsNeedALogitForEveryExampleAndClass() {
    assertThatThrownBy(
            () ->
                new DistillationData(
                    distillation.examples(), 1, distillation.validation(), new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 logits for 120×3");
  }
}
