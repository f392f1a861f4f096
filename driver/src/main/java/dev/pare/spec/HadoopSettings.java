package dev.pare.spec;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** Hadoop's configuration where no Spark session has made one. */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private HadoopSettings() {}

  /**
   * What Hadoop's files on the class path say, and Spark's properties that begin with {@code
   * spark.hadoop.}, which win: spark-submit and operators hand credentials and endpoints on that
   * way.
   */
  public static Configuration load() {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> property : new SparkConf().getAllWithPrefix(PREFIX)) {
      configuration.set(property._1(), property._2());
    }
    return configuration;
  }
}
