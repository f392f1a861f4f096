package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.PROVENANCE;
import static dev.pare.pipeline.SampleStages.TEACHER;
import static dev.pare.pipeline.SampleStages.candidate;
import static dev.pare.pipeline.SampleStages.key;
import static dev.pare.pipeline.SampleStages.prune;
import static dev.pare.pipeline.SampleStages.quantize;
import static dev.pare.pipeline.SampleStages.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Encode;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.StageSettings;
import dev.pare.evaluate.Evaluator;
import dev.pare.model.Network;
import dev.pare.pipeline.StageStore.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StageRunnerTest {
  private final MemoryStore store = new MemoryStore();
  private final Lessons lessons = SampleStages.lessons();

  @BeforeEach
  void keepTheTeacher() {
    TeacherStage.write(store, TEACHER, SampleStages.teacher());
    store.written.clear();
  }

  private StageReport run(StageTask task) {
    return new StageRunner(store, lessons, new ProductCache(0)).run(task, PROVENANCE);
  }

  private static FailureCode code(StageReport report) {
    assertThat(report.failure()).isNotNull();
    return report.failure().code();
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
        .isEqualTo(Evaluator.correctness(decoded, lessons.validation()));
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
    assertThat(report.provenance()).isEqualTo(PROVENANCE);
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
    TeacherStage.write(other, TEACHER, SampleStages.teacher());
    StageRunner runner = new StageRunner(other, lessons, new ProductCache(0));

    runner.run(task(TEACHER, "1", prune(0.001)), PROVENANCE);
    runner.run(task(key('1'), "2", quantize()), PROVENANCE);
    runner.run(task(key('2'), "3", new Encode(Encode.Precision.FLOAT32)), PROVENANCE);

    assertThat(other.read(key('3'), Kind.NETWORK))
        .hasValue(store.read(key('3'), Kind.NETWORK).orElseThrow());
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
  void aMissingParentIsThrown() {
    assertThatThrownBy(() -> run(task(key('f'), "1", prune(0.001))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("f.pare: no such file");
  }

  @Test
  void aDamagedParentIsAFailureThatNamesItAndIsNotKept() {
    byte[] file = store.read(TEACHER, Kind.NETWORK).orElseThrow();
    file[file.length / 2] ^= 1;
    store.replace(TEACHER, Kind.NETWORK, file);

    StageReport report = run(candidate());

    assertThat(code(report)).isEqualTo(FailureCode.FILE_MISMATCH);
    assertThat(report.failure().message()).startsWith("0.pare: ");
    assertThat(store.written).isEmpty();
  }

  @Test
  void aProductOfAnEarlierAttemptStaysAndIsWhatIsMeasured() {
    // As another processor might round: the same architecture with other weights.
    run(task(TEACHER, "89", prune(0.01), new Encode(Encode.Precision.FLOAT32)));
    byte[] earlier = store.read(key('9'), Kind.NETWORK).orElseThrow();
    store.replace(key('3'), Kind.NETWORK, earlier);

    StageReport report = run(candidate());

    assertThat(store.read(key('3'), Kind.NETWORK)).hasValue(earlier);
    assertThat(report.measurement()).isNotNull();
    assertThat(report.measurement().size().totalBytes()).isEqualTo(earlier.length);
    assertThat(report.measurement().validation())
        .isEqualTo(
            Evaluator.correctness(
                new ArtifactReader().read(earlier).toNetwork(), lessons.validation()));
  }

  @Test
  void aWrongProductInTheStoreIsAFailure() {
    store.replace(key('3'), Kind.NETWORK, new byte[] {1, 2, 3});

    assertThat(code(run(candidate()))).isEqualTo(FailureCode.FILE_MISMATCH);
  }

  @Test
  void lessonsNeedALogitForEveryExampleAndClass() {
    assertThatThrownBy(() -> new Lessons(lessons.examples(), 1, lessons.validation(), new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 logits for 120×3");
  }
}
