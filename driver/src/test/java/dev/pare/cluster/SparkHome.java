package dev.pare.cluster;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Spark installation made of a class path: {@code bin/spark-submit} and {@code jars}. */
final class SparkHome {
  private SparkHome() {}

  /**
   * Makes one.
   *
   * @param home a folder that is not there yet
   */
  static Path create(Path home, String classpath) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : classpath.strip().split(File.pathSeparator)) {
      Path file = Path.of(jar);
      Files.createSymbolicLink(jars.resolve(file.getFileName()), file);
    }
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    try (InputStream script = SparkHome.class.getResourceAsStream("spark-submit")) {
      Files.copy(requireNonNull(script, "no script"), submit);
    }
    Files.setPosixFilePermissions(submit, fromString("rwxr-xr-x"));
    return home;
  }
}
