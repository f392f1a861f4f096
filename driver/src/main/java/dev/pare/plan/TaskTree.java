package dev.pare.plan;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.StageTree.Stage;
import java.util.ArrayList;
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
  private final @Nullable Task[] taskOf;
  private final List<Task> tasks;

  private TaskTree(StageTree tree, @Nullable Task[] taskOf, List<Task> tasks) {
    this.tree = tree;
    this.taskOf = taskOf;
    this.tasks = Collections.unmodifiableList(tasks);
  }

  /** A task and the tasks that wait for it. There may be a million, so that they are small. */
  public final class Task {
    private final Stage first;
    private List<Task> waiting = List.of();
    private double seconds;
    private double pathSeconds;

    private Task(Stage first) {
      this.first = first;
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
        steps.add(new StageTask.Step(stage.key(), parent, stage.settings(), product));
      }
      return new StageTask(steps);
    }

    /** A candidate's file, or a beginning that stages of other tasks or several stages share. */
    private boolean isKept(Stage stage) {
      if (stage.children().isEmpty() || stage.candidate().isPresent()) {
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
    List<Stage> stages = tree.all();
    boolean[] needed = needed(stages, finished);
    @Nullable Task[] taskOf = new @Nullable Task[stages.size()];
    List<Task> tasks = new ArrayList<>();
    TaskTree cut = new TaskTree(tree, taskOf, tasks);
    boolean[] travels = travels(stages, needed, costs);
    for (Stage stage : stages) {
      int i = stage.index();
      if (!needed[i]) {
        continue;
      }
      @Nullable Task before = stage.parent().map(parent -> taskOf[parent.index()]).orElse(null);
      if (before != null && travels[i]) {
        taskOf[i] = before;
      } else {
        Task task = cut.new Task(stage);
        taskOf[i] = task;
        tasks.add(task);
        if (before != null) {
          if (before.waiting.isEmpty()) {
            before.waiting = new ArrayList<>(2);
          }
          before.waiting.add(task);
        }
      }
    }
    cut.predict(costs);
    return cut;
  }

  private static boolean[] needed(List<Stage> stages, Predicate<StageKey> finished) {
    boolean[] needed = new boolean[stages.size()];
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage stage = stages.get(i);
      boolean wanted = stage.candidate().isPresent();
      for (Stage child : stage.children()) {
        wanted |= needed[child.index()];
      }
      needed[i] = wanted && !finished.test(stage.key());
    }
    return needed;
  }

  /** Which stages are in the task of the stage they start from. */
  private static boolean[] travels(List<Stage> stages, boolean[] needed, CostModel costs) {
    boolean[] travels = new boolean[stages.size()];
    // Of the part of a stage's subtree that is in its task; infinite if that is not all of it.
    double[] seconds = new double[stages.size()];
    for (int i = stages.size() - 1; i >= 0; i--) {
      if (!needed[i]) {
        continue;
      }
      Stage stage = stages.get(i);
      double own = costs.seconds(stage.settings());
      // More of them would make one slot work while others wait.
      double room = Math.max(LEAST_TASK_SECONDS, own);
      double least = Math.max(LEAST_TASK_SECONDS, LEAST_SHARE * own);
      boolean whole = true;
      double total = own;
      for (Stage child : stage.children()) {
        int c = child.index();
        if (needed[c]) {
          travels[c] = seconds[c] < least && seconds[c] <= room;
          whole &= travels[c];
          room -= travels[c] ? seconds[c] : 0;
          total += travels[c] ? seconds[c] : 0;
        }
      }
      seconds[i] = whole ? total : Double.POSITIVE_INFINITY;
    }
    return travels;
  }

  /** Predicts anew how long tasks take; which stages they have stays. */
  public void predict(CostModel costs) {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      Task task = tasks.get(i);
      double longest = 0;
      for (Task next : task.waiting) {
        longest = Math.max(longest, next.pathSeconds);
      }
      task.seconds = 0;
      for (Stage stage : task.stages()) {
        task.seconds += costs.seconds(stage.settings());
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
    Task task = new Task(stage);
    task.waiting = List.of(blocked);
    task.seconds = blocked.seconds;
    task.pathSeconds = blocked.seconds + blocked.pathSeconds;
    return task;
  }

  /** All tasks, each after the one it waits for. */
  public List<Task> tasks() {
    return tasks;
  }

  /** The task of a stage, if the stage is to run. */
  public Optional<Task> task(Stage stage) {
    return Optional.ofNullable(taskOf[stage.index()]);
  }

  /** The tasks that wait for nothing. */
  public List<Task> first() {
    List<Task> first = new ArrayList<>();
    for (Task task : tasks) {
      if (task.first.parent().map(parent -> taskOf[parent.index()]).isEmpty()) {
        first.add(task);
      }
    }
    return first;
  }
}
