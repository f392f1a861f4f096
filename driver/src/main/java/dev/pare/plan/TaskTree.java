package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.StageTree.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is still to run of a stage tree, cut into tasks. A task is a stage and those after it that
 * cost too little for a task of their own: a trip through the scheduler and the store would take as
 * long as they do.
 */
public final class TaskTree {
  /** Leaves that take less travel with what they start from. */
  private static final double LEAST_TASK_SECONDS = 0.7;

  /** So do those that take less than this share of what they start from. */
  private static final double LEAST_SHARE = 0.05;

  private final StageTree tree;
  private final List<Task> tasks = new ArrayList<>();

  /** By the stages' indexes. */
  private @Nullable Task[] taskOf = new @Nullable Task[0];

  /** Whether more may be added, which may start from any stage. */
  private boolean isGrowing = true;

  /** Nothing to run yet. */
  public TaskTree(StageTree tree) {
    this.tree = requireNonNull(tree, "tree is null");
  }

  /** A task and the tasks that wait for it. There may be a million, so that they are small. */
  public final class Task {
    private final Stage first;
    private final @Nullable Task before;
    private List<Task> waiting = List.of();
    private double seconds;
    private double pathSeconds;

    private Task(Stage first, @Nullable Task before) {
      this.first = first;
      this.before = before;
    }

    /** Whether it waits for no other task. */
    public boolean isFirst() {
      return before == null;
    }

    /** The stage that the others of the task come after. */
    public Stage first() {
      return first;
    }

    /** All its stages, each after the one it starts from. */
    public List<Stage> stages() {
      List<Stage> stages = new ArrayList<>();
      collect(first, stages);
      return stages;
    }

    private void collect(Stage stage, List<Stage> into) {
      into.add(stage);
      for (Stage child : stage.children()) {
        if (taskOf[child.index()] == this) {
          collect(child, into);
        }
      }
    }

    private void addWaiting(Task task) {
      if (waiting.isEmpty()) {
        waiting = new ArrayList<>(2);
      }
      waiting.add(task);
    }

    /** The tasks that start from one of its products. */
    public List<Task> waiting() {
      return Collections.unmodifiableList(waiting);
    }

    /** How long it is going to take. */
    public double seconds() {
      return seconds;
    }

    /** How long it and the longest chain of tasks after it are going to take. */
    public double pathSeconds() {
      return pathSeconds;
    }

    /** Its place among all tasks: as the candidates are. */
    public int index() {
      return first.index();
    }

    /** What an executor is given. */
    public StageTask toStageTask() {
      List<StageTask.Step> steps = new ArrayList<>();
      for (Stage stage : stages()) {
        StageKey parent = stage.parent().map(Stage::key).orElse(tree.root());
        Product product = isKept(stage) ? Product.KEPT : Product.PASSED_ON;
        steps.add(
            new StageTask.Step(
                stage.key(), parent, stage.settings(), product, stage.start().orElse(null)));
      }
      return new StageTask(steps);
    }

    /**
     * A candidate's file, or a beginning that stages of other tasks or several stages share, or
     * that some may yet come to share.
     */
    private boolean isKept(Stage stage) {
      if (isGrowing || stage.children().isEmpty() || stage.candidate().isPresent()) {
        return true;
      }
      int inside = 0;
      for (Stage child : stage.children()) {
        Task other = taskOf[child.index()];
        if (other != null && other != this) {
          return true;
        }
        inside += other == this ? 1 : 0;
      }
      return inside != 1;
    }
  }

  /** All that is to run if nothing is finished. */
  public static TaskTree of(StageTree tree, CostModel costs) {
    return of(tree, costs, key -> false);
  }

  /**
   * What is to run: stages of candidates that are not finished, and those before them back to one
   * whose product is there.
   *
   * @param finished whether nothing is to be done for a stage any more
   */
  public static TaskTree of(StageTree tree, CostModel costs, Predicate<StageKey> finished) {
    TaskTree tasks = new TaskTree(tree);
    tasks.add(tree.all(), costs, finished);
    tasks.complete();
    return tasks;
  }

  /**
   * Adds what is to run for more candidates: their stages that are not finished, and those before
   * them back to one whose product is there or that is in a task already.
   *
   * @param stages that the tree has newly got, in its order
   * @param finished whether nothing is to be done for a stage any more
   * @return the tasks that they come to, each after the one it waits for
   */
  public List<Task> add(List<Stage> stages, CostModel costs, Predicate<StageKey> finished) {
    if (taskOf.length < tree.stages()) {
      taskOf = Arrays.copyOf(taskOf, Math.max(tree.stages(), taskOf.length + taskOf.length / 2));
    }
    BitSet needed = needed(stages, finished);
    BitSet travels = travels(needed, costs);
    int known = tasks.size();
    for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
      Stage stage = tree.all().get(i);
      Stage parent = stage.parent().orElse(null);
      Task before = parent == null || finished.test(parent.key()) ? null : taskOf[parent.index()];
      if (before != null && travels.get(i)) {
        taskOf[i] = before;
      } else {
        Task task = new Task(stage, before);
        taskOf[i] = task;
        tasks.add(task);
        if (before != null) {
          before.addWaiting(task);
        }
      }
    }
    List<Task> added = List.copyOf(tasks.subList(known, tasks.size()));
    predict(added, costs);
    added.forEach(TaskTree::lengthenPathsBefore);
    return added;
  }

  /** Nothing will be added any more: products that no others start from need not be kept. */
  public void complete() {
    isGrowing = false;
  }

  private BitSet needed(List<Stage> stages, Predicate<StageKey> finished) {
    BitSet needed = new BitSet();
    for (Stage end : stages) {
      if (end.candidate().isPresent()) {
        Stage stage = end;
        while (stage != null
            && taskOf[stage.index()] == null
            && !needed.get(stage.index())
            && !finished.test(stage.key())) {
          needed.set(stage.index());
          stage = stage.parent().orElse(null);
        }
      }
    }
    return needed;
  }

  /** Which stages are in the task of the stage they start from. */
  private BitSet travels(BitSet needed, CostModel costs) {
    BitSet travels = new BitSet();
    int offset = Math.max(0, needed.nextSetBit(0));
    // Of the part of a stage's subtree that is in its task; infinite if that is not all of it.
    double[] seconds = new double[needed.length() - offset];
    for (int i = needed.length() - 1; i >= 0; i = needed.previousSetBit(i - 1)) {
      Stage stage = tree.all().get(i);
      double own = costs.seconds(stage);
      // More of them would make one slot work while others wait.
      double room = Math.max(LEAST_TASK_SECONDS, own);
      double least = Math.max(LEAST_TASK_SECONDS, LEAST_SHARE * own);
      boolean whole = true;
      double total = own;
      for (Stage child : stage.children()) {
        int c = child.index();
        if (needed.get(c)) {
          double part = seconds[c - offset];
          boolean together = part < least && part <= room;
          travels.set(c, together);
          whole &= together;
          room -= together ? part : 0;
          total += together ? part : 0;
        }
      }
      seconds[i - offset] = whole ? total : Double.POSITIVE_INFINITY;
    }
    return travels;
  }

  private static void lengthenPathsBefore(Task task) {
    Task next = task;
    for (Task at = task.before; at != null; at = at.before) {
      at.pathSeconds = Math.max(at.pathSeconds, at.seconds + next.pathSeconds);
      next = at;
    }
  }

  /** Predicts anew how long tasks take; which stages they have stays. */
  public void predict(CostModel costs) {
    predict(tasks, costs);
  }

  private static void predict(List<Task> tasks, CostModel costs) {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      Task task = tasks.get(i);
      double longest = 0;
      for (Task next : task.waiting) {
        longest = Math.max(longest, next.pathSeconds);
      }
      task.seconds = 0;
      for (Stage stage : task.stages()) {
        task.seconds += costs.seconds(stage);
      }
      task.pathSeconds = task.seconds + longest;
    }
  }

  /**
   * A task for a stage whose product has got lost.
   *
   * @param blocked the task that waits for it
   */
  public Task again(Stage stage, Task blocked) {
    Task task = new Task(stage, null);
    task.waiting = List.of(blocked);
    task.seconds = blocked.seconds;
    task.pathSeconds = blocked.seconds + blocked.pathSeconds;
    return task;
  }

  /** All tasks, each after the one it waits for. */
  public List<Task> tasks() {
    return Collections.unmodifiableList(tasks);
  }

  /** The task of a stage, if the stage is to run. */
  public Optional<Task> task(Stage stage) {
    return Optional.ofNullable(taskOf[stage.index()]);
  }

  /** The tasks that wait for nothing. */
  public List<Task> first() {
    return tasks.stream().filter(Task::isFirst).toList();
  }
}
