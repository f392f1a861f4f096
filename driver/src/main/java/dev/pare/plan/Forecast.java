package dev.pare.plan;

import dev.pare.plan.TaskTree.Task;
import java.util.Comparator;
import java.util.PriorityQueue;

/** How long tasks are going to take on so many slots. */
public final class Forecast {
  /** Which of two ready tasks starts first: that with the longest way to go, or the earlier one. */
  public static final Comparator<Task> LONGEST_PATH_FIRST =
      Comparator.comparingDouble(Task::pathSeconds).reversed().thenComparingInt(Task::index);

  private Forecast() {}

  private record Running(Task task, double end) {}

  /**
   * Seconds from the first start to the last end, by list scheduling (Graham 1969): a free slot
   * takes the ready task with the longest path.
   *
   * @param slots at least 1
   */
  public static double seconds(TaskTree tree, int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots = " + slots + ": must be at least 1");
    }
    PriorityQueue<Task> ready = new PriorityQueue<>(LONGEST_PATH_FIRST);
    PriorityQueue<Running> running =
        new PriorityQueue<>(
            Comparator.comparingDouble(Running::end).thenComparingInt(r -> r.task().index()));
    ready.addAll(tree.first());
    double now = 0;
    while (!ready.isEmpty() || !running.isEmpty()) {
      while (!ready.isEmpty() && running.size() < slots) {
        Task task = ready.remove();
        running.add(new Running(task, now + task.seconds()));
      }
      Running next = running.remove();
      now = next.end();
      ready.addAll(next.task().waiting());
    }
    return now;
  }

  /** Seconds of all tasks together, which is what one slot takes. */
  public static double work(TaskTree tree) {
    return tree.tasks().stream().mapToDouble(Task::seconds).sum();
  }
}
