package dev.pare.pipeline;

import static dev.pare.pipeline.SampleStages.TEACHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.Origin;
import dev.pare.candidate.StageKey;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Network;
import dev.pare.pipeline.StageStore.Kind;
import java.util.Arrays;
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
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);

    Network kept = TeacherStage.read(store, TEACHER).orElseThrow();
    assertThat(kept.architecture()).isEqualTo(teacher.architecture());
    assertThat(kept.parameters()).isEqualTo(teacher.parameters());
    assertThat(TeacherStage.read(store, SampleStages.key('1'))).isEmpty();
  }

  @Test
  void whereATrainedTeacherBeganIsKept() {
    TeacherStage.write(store, TEACHER, teacher, 5, SampleStages.PROVENANCE);

    byte[] file = store.read(TEACHER, Kind.NETWORK).orElseThrow();
    assertThat(new ArtifactReader().read(file).origin())
        .hasValue(Origin.of(teacher.architecture(), 5));
    assertThat(TeacherStage.read(store, TEACHER).orElseThrow().parameters())
        .isEqualTo(teacher.parameters());
  }

  @Test
  void logitsAreThoseOfTheTeacherAndComputedOnce() {
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);
    float[] expected = Evaluator.logits(teacher, examples);

    assertThat(logits(TEACHER)).isEqualTo(expected);
    assertThat(logits(TEACHER)).isEqualTo(expected);
    assertThat(store.written).containsExactly("0.pare", "0.json", "0.logits");
  }

  private float[] logits(StageKey key) {
    return TeacherStage.logits(
        store, new StoredNetworks(store).network(key, new ProductCache(0)), examples);
  }

  @Test
  void logitsOfAnotherStageAreComputedAgain() {
    float[] expected = Evaluator.logits(teacher, examples);
    StageKey other = SampleStages.key('1');
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);
    TeacherStage.write(store, other, teacher, SampleStages.PROVENANCE);
    Examples others = MemoryExamples.clusters(50, 6, 3, new SplittableRandom(2));
    TeacherStage.logits(
        store, new StoredNetworks(store).network(other, new ProductCache(0)), others);
    store.replace(TEACHER, Kind.LOGITS, store.read(other, Kind.LOGITS).orElseThrow());

    assertThat(logits(TEACHER)).isEqualTo(expected);
    store.replace(TEACHER, Kind.LOGITS, new byte[7]);
    assertThat(logits(TEACHER)).isEqualTo(expected);
  }

  @Test
  void logitsThatAreDamagedAreComputedAgain() {
    float[] expected = Evaluator.logits(teacher, examples);
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);
    assertThat(logits(TEACHER)).isEqualTo(expected);
    byte[] kept = store.read(TEACHER, Kind.LOGITS).orElseThrow();
    for (int bit = 0; bit < 8 * kept.length; bit += 101) {
      byte[] flipped = kept.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      store.replace(TEACHER, Kind.LOGITS, flipped);
      assertThat(logits(TEACHER)).isEqualTo(expected);
    }
    for (int length : new int[] {0, 31, 32, 36, kept.length - 4, kept.length - 1}) {
      store.replace(TEACHER, Kind.LOGITS, Arrays.copyOf(kept, length));
      assertThat(logits(TEACHER)).isEqualTo(expected);
    }
  }

  @Test
  void anotherTeacherInItsPlaceIsMissing() {
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);
    byte[] file = store.read(TEACHER, Kind.NETWORK).orElseThrow();
    TeacherStage.write(store, SampleStages.key('1'), teacher, 9, SampleStages.PROVENANCE);
    store.replace(
        TEACHER, Kind.NETWORK, store.read(SampleStages.key('1'), Kind.NETWORK).orElseThrow());

    assertThat(TeacherStage.read(store, TEACHER)).isEmpty();
    TeacherStage.write(store, TEACHER, teacher, SampleStages.PROVENANCE);
    assertThat(store.read(TEACHER, Kind.NETWORK)).hasValue(file);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> logits(TEACHER))
        .isInstanceOf(MissingProductException.class)
        .hasMessageContaining("0.pare: missing or damaged");
  }
}
