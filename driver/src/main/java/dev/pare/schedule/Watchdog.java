package dev.pare.schedule;

import dev.pare.task.ScalaSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Knows which jobs run for longer than they may. The time starts with a job's task, not with the
 * job, which may have waited for a slot.
 */
final class Watchdog extends SparkListener {
  /** A job's local property: milliseconds that its task may take. */
  static final String LIMIT = "pare.limit-millis";

  private final Map<Integer, Watched> byStage = new ConcurrentHashMap<>();

  private record Watched(int job, long limitMillis, long startedNanos) {}

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    String limit = start.properties() == null ? null : start.properties().getProperty(LIMIT);
    if (limit != null) {
      for (Object stage : ScalaSequences.javaList(start.stageIds())) {
        byStage.put((Integer) stage, new Watched(start.jobId(), Long.parseLong(limit), 0));
      }
    }
  }

  /** A task that Spark starts again, on another executor, has all its time again. */
  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    byStage.computeIfPresent(
        start.stageId(),
        (id, watched) -> new Watched(watched.job(), watched.limitMillis(), System.nanoTime() | 1));
  }

  /** Forgets a job that ended. */
  void ended(int job) {
    byStage.values().removeIf(watched -> watched.job() == job);
  }

  /** The jobs whose time is up, each once. */
  List<Integer> overdue() {
    long now = System.nanoTime();
    List<Integer> jobs = new ArrayList<>();
    byStage
        .values()
        .removeIf(
            watched -> {
              boolean over =
                  watched.startedNanos() != 0
                      && now - watched.startedNanos() > 1_000_000 * watched.limitMillis();
              if (over) {
                jobs.add(watched.job());
              }
              return over;
            });
    return jobs;
  }
}
