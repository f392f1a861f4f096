package dev.pare.cluster;

import dev.pare.SmallSweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs that a test runs beside Pare and that must not come onto its class path, from the poms
 * in {@code src/test/clusters}.
 */
final class MavenClasspath {
  private static final Path POMS = SmallSweep.ROOT.resolve("driver/src/test/clusters");
  private static final String GOAL =
      "org.apache.maven.plugins:maven-dependency-plugin:"
          + System.getProperty("dependency-plugin.version")
          + ":build-classpath";

  private MavenClasspath() {}

  /** The pom's folder. */
  static Path folder(String name) {
    return POMS.resolve(name);
  }

  /**
   * All jars of a pom, resolved as the build that runs the test resolves its own.
   *
   * @param scratch for a file
   */
  static String of(String name, Path scratch) throws Exception {
    Path file = scratch.resolve(name + ".classpath");
    Path log = scratch.resolve(name + ".log");
    Process maven =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                    "-q",
                    "-B",
                    "-ntp",
                    "-f",
                    folder(name).resolve("pom.xml").toString(),
                    "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                    "-Dspark.version=" + System.getProperty("spark.version"),
                    "-Dscala.binary.version=" + System.getProperty("scala.binary.version"),
                    "-Dhadoop.version=" + System.getProperty("hadoop.version"),
                    GOAL,
                    "-Dmdep.outputFile=" + file))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (maven.waitFor() != 0) {
      throw new IllegalStateException("Maven: " + Files.readString(log));
    }
    return Files.readString(file).strip();
  }
}
