package dev.pare.plan;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.TaskTree.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskTreeTest {
  private final CostModel costs = SampleWorkload.costs();

  private static StageTree tree(Candidate... candidates) {
    return StageTree.of(ROOT, List.of(candidates));
  }

  private static List<Kind> kinds(Task task) {
    return task.stages().stream().map(stage -> stage.settings().kind()).toList();
  }

  /** Makes stages look as if they took some share of the seconds that were guessed. */
  private void take(StageTree tree, double share) {
    for (int i = 0; i < 1000; i++) {
      for (StageTree.Stage stage : tree.all()) {
        double guess = SampleWorkload.costs().seconds(stage);
        costs.learn(
            stage,
            new StageReport(
                stage.key(),
                Map.of(stage.settings().kind(), share * guess),
                null,
                null,
                provenance("0@here")));
      }
    }
  }

  @Test
  void encodingTravelsWithTheStageBeforeIt() {
    TaskTree tasks = TaskTree.of(tree(candidate(0.9, 2), candidate(0.9, 3)), costs);

    assertThat(tasks.tasks())
        .extracting(TaskTreeTest::kinds)
        .containsExactly(
            List.of(Kind.PRUNE),
            List.of(Kind.QUANTIZE, Kind.ENCODE),
            List.of(Kind.QUANTIZE, Kind.ENCODE));
    assertThat(tasks.first()).containsExactly(tasks.tasks().get(0));
    assertThat(tasks.tasks().get(0).waiting())
        .containsExactlyElementsOf(tasks.tasks().subList(1, 3));
  }

  @Test
  void aFileOfTheTrunkTravelsWithItAndBothAreKept() {
    TaskTree tasks = TaskTree.of(tree(candidate(0.9, 32), candidate(0.9, 4)), costs);

    assertThat(tasks.tasks())
        .extracting(TaskTreeTest::kinds)
        .containsExactly(List.of(Kind.PRUNE, Kind.ENCODE), List.of(Kind.QUANTIZE, Kind.ENCODE));
    assertThat(tasks.tasks().get(0).toStageTask().steps())
        .extracting(StageTask.Step::product)
        .containsExactly(Product.KEPT, Product.KEPT);
    assertThat(tasks.tasks().get(1).toStageTask().steps())
        .extracting(StageTask.Step::product)
        .containsExactly(Product.PASSED_ON, Product.KEPT);
  }

  @Test
  void aWholeSubtreeTravelsWhereItIsCheap() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 3));
    take(tree, 0.01);

    TaskTree tasks = TaskTree.of(tree, costs);

    assertThat(tasks.tasks()).hasSize(1);
    StageTask task = tasks.tasks().get(0).toStageTask();
    assertThat(task.steps())
        .extracting(StageTask.Step::product)
        .as("a beginning that two share is kept, though they are in one task")
        .containsExactly(
            Product.KEPT, Product.PASSED_ON, Product.KEPT, Product.PASSED_ON, Product.KEPT);
    assertThat(task.steps().get(1).parent()).isEqualTo(task.key());
    assertThat(task.steps().get(0).parent()).isEqualTo(ROOT);
  }

  @Test
  void noMoreTravelsThanKeepsOtherSlotsWaiting() {
    Candidate[] candidates = new Candidate[7];
    for (int bits = 2; bits <= 8; bits++) {
      candidates[bits - 2] = candidate(0.9, bits);
    }
    StageTree tree = tree(candidates);
    double seconds = costs.seconds(tree.all().get(1));
    take(tree, 0.315 / seconds);

    TaskTree tasks = TaskTree.of(tree, costs);

    assertThat(tasks.tasks()).hasSizeGreaterThan(3);
    assertThat(tasks.tasks().get(0).stages()).hasSizeGreaterThan(1);
  }

  @Test
  void everyStageIsInOneTaskAlone() {
    StageTree tree = tree(candidate(0.9, 2), candidate(0.9, 32), candidate(0.8, 3));
    TaskTree tasks = TaskTree.of(tree, costs);

    assertThat(tasks.tasks())
        .flatExtracting(Task::stages)
        .doesNotHaveDuplicates()
        .hasSize(tree.stages());
    Set<StageKey> kept = new HashSet<>(Set.of(ROOT));
    for (Task task : tasks.tasks()) {
      assertThat(kept).contains(task.toStageTask().steps().get(0).parent());
      task.toStageTask().steps().stream()
          .filter(step -> step.product() == Product.KEPT)
          .forEach(step -> kept.add(step.key()));
    }
    assertThat(kept).containsAll(tree.keys().values());
  }

  @Test
  void whatIsFinishedIsLeftOutAndWhatOnlyItNeededToo() {
    Candidate done = candidate(0.9, 2);
    Candidate open = candidate(0.9, 3);
    Candidate alone = candidate(0.8, 3);
    StageTree tree = tree(done, open, alone);
    StageKey trunk = tree.all().get(0).key();
    Set<StageKey> finished = Set.of(trunk, tree.keys().get(done), tree.keys().get(alone));

    TaskTree tasks = TaskTree.of(tree, costs, finished::contains);

    assertThat(tasks.tasks()).hasSize(1);
    StageTask task = tasks.tasks().get(0).toStageTask();
    assertThat(task.steps().get(0).parent()).isEqualTo(trunk);
    assertThat(task.steps())
        .last()
        .extracting(StageTask.Step::key)
        .isEqualTo(tree.keys().get(open));
    assertThat(tasks.first()).isEqualTo(tasks.tasks());
  }

  @Test
  void aPathIsAsLongAsItsLongestChain() {
    TaskTree tasks = TaskTree.of(tree(candidate(0.9, 2), candidate(0.9, 3)), costs);
    Task trunk = tasks.tasks().get(0);
    Task leaf = tasks.tasks().get(1);

    assertThat(leaf.pathSeconds()).isEqualTo(leaf.seconds());
    assertThat(trunk.pathSeconds()).isEqualTo(trunk.seconds() + leaf.seconds());
    double before = trunk.seconds();
    take(tree(candidate(0.9, 2)), 2);
    tasks.predict(costs);
    assertThat(trunk.seconds()).isBetween(1.9 * before, 2.1 * before);
  }
}
