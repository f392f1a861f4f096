package dev.pare;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark within the test's JVM. */
public final class LocalSpark {
  private LocalSpark() {}

  /** A session with so many tasks at once, each tried once; whoever opens it closes it. */
  public static SparkSession open(int slots) {
    return open(slots, Map.of());
  }

  /** One with more settings. */
  public static SparkSession open(int slots, Map<String, String> settings) {
    SparkSession.Builder builder = SparkSession.builder();
    settings.forEach(builder::config);
    return builder
        .appName("pare tests")
        .master("local[" + slots + "]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }
}
