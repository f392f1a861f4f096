package dev.pare.task;

import dev.pare.pipeline.StageTask;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;

/**
 * Stage tasks as the partitions of an RDD, one each. A task travels with its partition, so that the
 * RDD itself, which Spark ships once a job, is next to nothing.
 */
public final class StageTasks extends RDD<StageTask> {
  private static final long serialVersionUID = 1;

  private final transient Partition[] tasks;

  public StageTasks(SparkContext spark, List<StageTask> tasks) {
    super(
        spark,
        ScalaSequences.<org.apache.spark.Dependency<?>>list(List.of()),
        ClassTag$.MODULE$.<StageTask>apply(StageTask.class));
    this.tasks = new Partition[tasks.size()];
    for (int i = 0; i < this.tasks.length; i++) {
      this.tasks[i] = new Place(i, tasks.get(i));
    }
  }

  private record Place(int index, StageTask task) implements Partition {}

  @Override
  public Partition[] getPartitions() {
    return tasks.clone();
  }

  @Override
  public Iterator<StageTask> compute(Partition split, TaskContext context) {
    return ScalaSequences.iterator(List.of(((Place) split).task()).iterator());
  }
}
