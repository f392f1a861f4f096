package dev.pare.task;

import dev.pare.candidate.Provenance;
import java.io.IOException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.bytedeco.javacpp.Loader;

/** This JVM, for the record. */
public final class LocalProvenance {
  private LocalProvenance() {}

  /** Provenance of something computed here with a seed. */
  public static Provenance provenance(long seed) {
    return new Provenance(
        seed,
        version(),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        blas(),
        executor());
  }

  /** Pare's version, of the jar that runs. */
  public static String version() {
    String version = LocalProvenance.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /**
   * Results repeat bit by bit only with the same library and kernel, which may be named by the
   * environment.
   */
  private static String blas() {
    String kernel = System.getenv().getOrDefault("OPENBLAS_CORETYPE", "this processor's");
    try {
      return "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas") + ", kernel: " + kernel;
    } catch (IOException e) {
      return "OpenBLAS, kernel: " + kernel;
    }
  }

  private static String executor() {
    if (TaskContext.get() == null) {
      return "driver";
    }
    return SparkEnv.get().executorId()
        + "@"
        + SparkEnv.get().blockManager().blockManagerId().host();
  }
}
