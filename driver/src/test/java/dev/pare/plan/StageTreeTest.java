package dev.pare.plan;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTreeTest {
  private static StageTree tree(Candidate... candidates) {
    return StageTree.of(ROOT, List.of(candidates));
  }

  @Test
  void pathsThatBeginAlikeShareTheirBeginning() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 3), candidate(0.8, 2));

    assertThat(tree.stagesOfCandidates()).isEqualTo(9);
    assertThat(tree.stages()).isEqualTo(2 + 3 + 3);
    assertThat(tree.all())
        .filteredOn(stage -> stage.parent().isEmpty())
        .extracting(stage -> stage.children().size())
        .containsExactly(2, 1);
  }

  @Test
  void whatElseIsInTheSweepChangesNoKey() {
    Candidate candidate = candidate(0.9, 4);

    assertThat(tree(candidate(0.8, 2), candidate(0.9, 32), candidate).keys().get(candidate))
        .isEqualTo(tree(candidate).keys().get(candidate));
  }

  @Test
  void whatFilesAreJudgedByIsInTheKeysOfTheFilesAlone() {
    Candidate candidate = candidate(0.9, 4);
    StageTree byError = tree(candidate);
    StageTree byRecall =
        StageTree.of(ROOT, List.of(candidate), Metric.of("recall-of-1").orElseThrow());

    assertThat(StageTree.of(ROOT, List.of(candidate), Metric.ERROR).keys())
        .isEqualTo(byError.keys());
    List<StageKey> own = byError.all().stream().map(StageTree.Stage::key).toList();
    List<StageKey> others = byRecall.all().stream().map(StageTree.Stage::key).toList();
    int last = own.size() - 1;
    assertThat(others.subList(0, last)).isEqualTo(own.subList(0, last));
    assertThat(others.get(last)).isNotEqualTo(own.get(last));
    assertThat(others.get(last))
        .isNotEqualTo(
            StageTree.of(ROOT, List.of(candidate), Metric.of("recall-of-0").orElseThrow())
                .keys()
                .get(candidate));
  }

  @Test
  void keysFollowFromTheTeacherAndEverySetting() {
    Set<StageKey> keys = new HashSet<>();
    StageKey other = new StageKey("1".repeat(64));
    for (StageKey root : List.of(ROOT, other)) {
      for (double sparsity : new double[] {0.8, 0.9}) {
        for (int bits : new int[] {2, 3, 32}) {
          Candidate candidate = candidate(sparsity, bits);
          keys.add(StageTree.of(root, List.of(candidate)).keys().get(candidate));
        }
      }
    }

    assertThat(keys).hasSize(12);
  }

  @Test
  void aParentComesBeforeItsChildren() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 32), candidate(0.8, 3));

    Set<StageKey> before = new HashSet<>();
    for (StageTree.Stage stage : tree.all()) {
      stage.parent().ifPresent(parent -> assertThat(before).contains(parent.key()));
      assertThat(stage.children())
          .allSatisfy(child -> assertThat(child.parent()).containsSame(stage));
      assertThat(tree.stage(stage.key())).containsSame(stage);
      before.add(stage.key());
    }
    assertThat(before).hasSize(tree.stages());
  }

  @Test
  void everyCandidateEndsWithItsFile() {
    Candidate floats = candidate(0.9, 32);
    Candidate bits = candidate(0.9, 2);
    StageTree tree = tree(floats, bits);

    for (Candidate candidate : List.of(floats, bits)) {
      StageTree.Stage last = tree.stage(tree.keys().get(candidate)).orElseThrow();
      assertThat(last.settings()).isEqualTo(new Encode(Encode.Precision.FLOAT32));
      assertThat(last.candidate()).contains(candidate);
      assertThat(last.children()).isEmpty();
    }
  }

  @Test
  void aMillionCandidatesTakeSeconds(@TempDir Path folder) throws IOException {
    String conf =
        """
        sweep.out = "file:///results"
        data.train { features = a, labels = b }
        data.test { features = c, labels = d }
        teacher.architecture = lenet-300-100
        space { sparsity = [%s], temperature = [%s], learning-rate = [%s], bits = [1,2,3,4,5] }
        """
            .formatted(numbers(200, 0.001), numbers(100, 1), numbers(10, 0.001));
    List<Candidate> million =
        CandidateSearch.all(
            SweepSpec.load(
                Files.writeString(folder.resolve("x.conf"), conf).toString(), List.of()));

    // Of the processor, whatever else the machine does. Some seconds at rest, a few times as many
    // where cores and memory are shared with others' work; in quadratic time it would be hours.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    StageTree tree = StageTree.of(ROOT, million);
    TaskTree tasks = TaskTree.of(tree, SampleWorkload.costs());
    double seconds = Forecast.seconds(tasks, 64);
    Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);

    assertThat(tree.keys()).hasSize(1_000_000);
    assertThat(tasks.tasks()).hasSize(200_000 + 1_000_000);
    assertThat(seconds).isGreaterThan(0.999 * Forecast.work(tasks) / 64);
    assertThat(taken).isLessThan(Duration.ofSeconds(120));
  }

  private static String numbers(int count, double step) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> String.valueOf(i * step))
        .collect(Collectors.joining(","));
  }
}
