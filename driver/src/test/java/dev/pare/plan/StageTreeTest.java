package dev.pare.plan;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageTask;
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

  private static List<Kind> kinds(StageTask task) {
    return task.steps().stream().map(step -> step.settings().kind()).toList();
  }

  @Test
  void pathsThatBeginAlikeShareTheirBeginning() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 3), candidate(0.8, 2));

    assertThat(tree.stagesOfCandidates()).isEqualTo(9);
    assertThat(tree.stages()).isEqualTo(2 + 3 + 3);
    assertThat(tree.nodes().values())
        .filteredOn(node -> node.task().parent().equals(ROOT))
        .extracting(node -> node.children().size())
        .containsExactly(2, 1);
  }

  @Test
  void encodingTravelsWithTheStageBeforeIt() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 3));

    assertThat(tree.nodes().values())
        .extracting(node -> kinds(node.task()))
        .containsExactly(
            List.of(Kind.PRUNE),
            List.of(Kind.QUANTIZE, Kind.ENCODE),
            List.of(Kind.QUANTIZE, Kind.ENCODE));
  }

  @Test
  void aCandidateMayEndWhereOthersGoOn() {
    Candidate floats = candidate(0.9, 32);
    Candidate bits = candidate(0.9, 4);
    StageTree tree = tree(floats, bits);

    assertThat(tree.nodes().values())
        .extracting(node -> kinds(node.task()))
        .containsExactlyInAnyOrder(
            List.of(Kind.PRUNE), List.of(Kind.ENCODE), List.of(Kind.QUANTIZE, Kind.ENCODE));
    assertThat(tree.nodes()).containsKeys(tree.keys().get(floats), tree.keys().get(bits));
  }

  @Test
  void aCandidateAloneIsOneTaskWhereNothingElseFollows() {
    StageTree tree = tree(candidate(0.9, 32));

    assertThat(tree.nodes()).hasSize(1);
    assertThat(kinds(tree.nodes().values().iterator().next().task()))
        .containsExactly(Kind.PRUNE, Kind.ENCODE);
  }

  @Test
  void whatElseIsInTheSweepChangesNoKey() {
    Candidate candidate = candidate(0.9, 4);

    assertThat(tree(candidate(0.8, 2), candidate(0.9, 32), candidate).keys().get(candidate))
        .isEqualTo(tree(candidate).keys().get(candidate));
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
  void aParentComesBeforeItsChildrenAndHasWhatTheyStartFrom() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 32), candidate(0.8, 3));

    Set<StageKey> before = new HashSet<>(Set.of(ROOT));
    tree.nodes()
        .forEach(
            (key, node) -> {
              assertThat(before).contains(node.task().parent());
              assertThat(node.task().key()).isEqualTo(key);
              assertThat(node.children())
                  .allSatisfy(
                      child -> assertThat(tree.nodes().get(child).task().parent()).isEqualTo(key));
              before.add(key);
            });
  }

  @Test
  void everyStageIsInOneTaskAlone() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 32), candidate(0.8, 3));

    assertThat(tree.nodes().values())
        .flatExtracting(node -> node.task().steps())
        .extracting(StageTask.Step::key)
        .doesNotHaveDuplicates()
        .hasSize(tree.stages());
  }

  @Test
  void everyCandidateEndsWithItsFile() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 32));

    assertThat(tree.keys().values())
        .extracting(key -> tree.nodes().get(key).task().steps())
        .allSatisfy(
            steps ->
                assertThat(steps.get(steps.size() - 1).settings())
                    .isEqualTo(new Encode(Encode.Precision.FLOAT32)));
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
        CandidateGrid.of(
            SweepSpec.load(
                Files.writeString(folder.resolve("x.conf"), conf).toString(), List.of()));

    // Of the processor, whatever else the machine does.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    StageTree tree = StageTree.of(ROOT, million);
    Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);

    assertThat(tree.keys()).hasSize(1_000_000);
    assertThat(tree.nodes()).hasSize(200_000 + 1_000_000);
    assertThat(taken).isLessThan(Duration.ofSeconds(10));
  }

  private static String numbers(int count, double step) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> String.valueOf(i * step))
        .collect(Collectors.joining(","));
  }
}
