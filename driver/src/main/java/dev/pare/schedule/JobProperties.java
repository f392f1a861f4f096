package dev.pare.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** What jobs of the calling thread are called, until closed: then as before. */
final class JobProperties implements AutoCloseable {
  private static final String GROUP = "spark.jobGroup.id";
  static final String DESCRIPTION = "spark.job.description";
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final String TAGS = "spark.job.tags";

  private final JavaSparkContext spark;
  private final Map<String, @Nullable String> before = new LinkedHashMap<>();

  /**
   * @param group of all jobs; cancelling it interrupts their tasks
   * @param tag of all jobs, beside the thread's own
   */
  JobProperties(JavaSparkContext spark, String group, String tag) {
    this.spark = spark;
    for (String key : new String[] {GROUP, DESCRIPTION, INTERRUPT, TAGS, Watchdog.LIMIT}) {
      before.put(key, spark.getLocalProperty(key));
    }
    spark.setLocalProperty(GROUP, group);
    spark.setLocalProperty(INTERRUPT, "true");
    // Spark separates tags by commas.
    spark.addJobTag(tag.replace(',', '_'));
  }

  void describe(String description) {
    spark.setLocalProperty(DESCRIPTION, description);
  }

  void limit(long millis) {
    spark.setLocalProperty(Watchdog.LIMIT, String.valueOf(millis));
  }

  @Override
  public void close() {
    before.forEach(spark::setLocalProperty);
  }
}
