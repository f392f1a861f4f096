package dev.pare.spec;

import org.apache.hadoop.conf.Configuration;

/** Hadoop's configuration where no Spark session has made one. */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private HadoopSettings() {}

  /**
   * What Hadoop's files on the class path say, and system properties that begin with {@code
   * spark.hadoop.}, which win: spark-submit makes such properties of its own, by which credentials
   * and endpoints are handed on.
   */
  public static Configuration load() {
    Configuration configuration = new Configuration();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        configuration.set(name.substring(PREFIX.length()), System.getProperty(name));
      }
    }
    return configuration;
  }
}
