package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import org.apache.spark.SparkContext;
import org.apache.spark.package$;
import org.apache.spark.sql.SparkSession;
import scala.util.Properties$;

/**
 * A release of Spark, with its Scala. A jar runs on no other Scala and no other major release of
 * Spark than it was compiled with: methods are missing there, which comes to light in the middle of
 * a run.
 *
 * @param spark for instance 3.5.5
 * @param scala for instance 2.12, or 2.12.18
 */
public record SparkRelease(String spark, String scala) {
  private static final SparkRelease BUILT_FOR = builtFor();

  private static final String CONNECT =
      "a client of Spark Connect has no SparkContext, which Pare needs: take a classic session, or"
          + " spark-submit without --remote and with spark.api.mode = classic";

  private static SparkRelease builtFor() {
    Properties built = new Properties();
    try (InputStream file =
        requireNonNull(SparkRelease.class.getResourceAsStream("spark.properties"), "no file")) {
      built.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SparkRelease(built.getProperty("spark"), built.getProperty("scala"));
  }

  /**
   * Checks that this jar is built for the Spark on the class path.
   *
   * @throws SparkMisfitException if it is not; tells how to build it
   */
  public static void check() {
    SparkRelease here =
        new SparkRelease(
            package$.MODULE$.SPARK_VERSION(), Properties$.MODULE$.versionNumberString());
    BUILT_FOR
        .misfit(here)
        .ifPresent(
            message -> {
              throw new SparkMisfitException(message);
            });
  }

  /**
   * Checks that a session can be opened here, as this JVM was started.
   *
   * @throws SparkMisfitException as {@link #check}, or if it would be a client of Spark Connect
   */
  public static void checkJvm() {
    check();
    if (System.getProperty("spark.remote") != null
        || "connect".equalsIgnoreCase(System.getProperty("spark.api.mode"))) {
      throw new SparkMisfitException(CONNECT);
    }
  }

  /**
   * The context of a session.
   *
   * @throws SparkMisfitException as {@link #check}, or if the session is a client of Spark Connect
   */
  public static SparkContext contextOf(SparkSession session) {
    check();
    try {
      return session.sparkContext();
    } catch (UnsupportedOperationException e) {
      throw new SparkMisfitException(CONNECT);
    }
  }

  /** Why what is built for this release cannot run on another one, if it cannot. */
  Optional<String> misfit(SparkRelease here) {
    if (major(spark).equals(major(here.spark)) && binary(scala).equals(binary(here.scala))) {
      return Optional.empty();
    }
    String way =
        switch (major(here.spark) + " " + binary(here.scala)) {
          case "3 2.12" -> "build it by mvn clean package -DskipTests, without -Pspark4";
          case "4 2.13" -> "build it by mvn clean package -DskipTests -Pspark4";
          default -> "take Spark 3.5 with Scala 2.12, or Spark 4";
        };
    return Optional.of(
        "this jar is built for Spark %s with Scala %s, here is Spark %s with Scala %s: %s"
            .formatted(spark, scala, here.spark, here.scala, way));
  }

  private static String major(String version) {
    return version.split("\\.", 2)[0];
  }

  private static String binary(String version) {
    String[] parts = version.split("\\.", 3);
    return parts.length < 2 ? version : parts[0] + "." + parts[1];
  }
}
