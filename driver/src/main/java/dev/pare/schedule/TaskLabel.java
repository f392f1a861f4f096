package dev.pare.schedule;

import dev.pare.plan.StagePoint;
import dev.pare.plan.TaskTree.Task;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tasks in the words of their candidates, for Spark's pages and for logs. */
final class TaskLabel {
  private static final int MOST_LENGTH = 200;

  private TaskLabel() {}

  /** As {@code prune: sparsity=0.9 temperature=4 (12 candidates)}. */
  static String of(Task task) {
    StagePoint point = StagePoint.of(task.first());
    String kinds =
        task.stages().stream().map(point::name).distinct().collect(Collectors.joining(", "));
    String label = point.label(Map.of());
    return kinds
        + (label.isEmpty() ? "" : ": " + label)
        + (point.candidates() == 1 ? "" : " (" + point.candidates() + " candidates)");
  }

  /** Of several tasks, as far as there is room. */
  static String of(List<Task> tasks) {
    if (tasks.size() == 1) {
      return of(tasks.get(0));
    }
    StringBuilder text = new StringBuilder(tasks.size() + " tasks");
    String separator = " – ";
    for (Task task : tasks) {
      if (text.length() > MOST_LENGTH) {
        return text.append(" …").toString();
      }
      text.append(separator).append(of(task));
      separator = "; ";
    }
    return text.toString();
  }
}
