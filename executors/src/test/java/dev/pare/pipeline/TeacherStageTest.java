package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.TEACHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.Origin;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.model.Network;
import dev.pare.pipeline.StageStore.Kind;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TeacherStageTest {
  private final MemoryStore store = new MemoryStore();
  private final Network teacher = SampleStages.teacher();
  private final Examples examples = MemoryExamples.clusters(50, 6, 3, new SplittableRandom(1));

  @Test
  void aTeacherComesBackBitByBit() {
    teacher.parameters()[3] = 0;
    teacher.parameters()[4] = Float.MIN_VALUE;
    TeacherStage.write(store, TEACHER, teacher);

    Network kept = TeacherStage.read(store, TEACHER).orElseThrow();
    assertThat(kept.architecture()).isEqualTo(teacher.architecture());
    assertThat(kept.parameters()).isEqualTo(teacher.parameters());
    assertThat(TeacherStage.read(store, SampleStages.key('1'))).isEmpty();
  }

  @Test
  void whereATrainedTeacherBeganIsKept() {
    TeacherStage.write(store, TEACHER, teacher, 5);

    byte[] file = store.read(TEACHER, Kind.NETWORK).orElseThrow();
    assertThat(new ArtifactReader().read(file).origin())
        .hasValue(Origin.of(teacher.architecture(), 5));
    assertThat(TeacherStage.read(store, TEACHER).orElseThrow().parameters())
        .isEqualTo(teacher.parameters());
  }

  @Test
  void logitsAreThoseOfTheTeacherAndComputedOnce() {
    TeacherStage.write(store, TEACHER, teacher);
    TeacherStage.computeLogits(store, TEACHER, examples);
    TeacherStage.computeLogits(store, TEACHER, examples);

    assertThat(TeacherStage.logits(store, TEACHER)).isEqualTo(Evaluator.logits(teacher, examples));
    assertThat(store.written).containsExactly("0.pare", "0.logits");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> TeacherStage.computeLogits(store, TEACHER, examples))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("0.pare: no such file");
    assertThatThrownBy(() -> TeacherStage.logits(store, TEACHER))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("0.logits: no such file");
  }
}
