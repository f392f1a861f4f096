package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.StageKey;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.TeacherStage;
import dev.pare.plan.StageTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredReportsTest {
  private final StageTree tree = StageTree.of(ROOT, List.of(candidate(0.9, 2), candidate(0.9, 3)));
  private final StageKey good = tree.all().get(0).key();
  private final StageKey failed = tree.all().get(1).key();
  private final StageKey broken = tree.all().get(2).key();

  private StageStore store;
  private StoredReports reports;

  @BeforeEach
  void fill(@TempDir Path folder) {
    store = new HadoopStageStore("file://" + folder, new Configuration());
    reports = new StoredReports(store);
    String failure = "{\"code\":\"TRAINING_DIVERGED\",\"stage\":\"PRUNE\",\"message\":\"NaN\"}";
    Architecture architecture =
        new Architecture(new InputShape(1, 1, 2, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    TeacherStage.write(store, good, Initialization.random(architecture, 1), provenance("0@here"));
    write(failed, json(failed, failure));
    write(broken, "{\"from\": \"another version\"}");
  }

  private static String json(StageKey key, String failure) {
    return """
        {"key":{"hex":"%s"},"seconds":{"PRUNE":1.5},"measurement":null,"failure":%s,"provenance":{
        "seed":7,"pareVersion":"1","javaVersion":"17","system":"Linux","blas":"b","executor":"%s"}}"""
        .formatted(key.hex(), failure, provenance("0@here").executor());
  }

  private void write(StageKey key, String json) {
    store.write(key, Kind.REPORT, json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void findsWhatIsThere() {
    assertThat(reports.read(tree)).containsOnlyKeys(good, failed);
    assertThat(reports.read(tree).get(failed).seconds()).hasSize(1);
  }

  @Test
  void passesOverAReportOfAnotherVersion() {
    assertThat(reports.read(tree)).doesNotContainKey(broken);
    assertThat(store.read(broken, Kind.REPORT)).as("reading changes nothing").isPresent();
  }

  @Test
  void forgetsFailuresForTheAsking() {
    assertThat(reports.forgetFailures(reports.read(tree))).containsOnlyKeys(good);
    assertThat(store.read(failed, Kind.REPORT)).isEmpty();
    assertThat(store.read(good, Kind.REPORT)).isPresent();
  }

  @Test
  void anEmptyStoreHasNone(@TempDir Path other) {
    StageStore none = new HadoopStageStore("file://" + other.resolve("x"), new Configuration());

    assertThat(new StoredReports(none).read(tree)).isEqualTo(Map.of());
  }
}
