package dev.pare.score;

import dev.pare.candidate.Sha256;
import dev.pare.predict.Predictor;
import dev.pare.report.ModelFile;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** A .pare file that tasks use: each JVM opens it once, whatever number of tasks it runs. */
final class ScoringFile implements Serializable {
  private static final long serialVersionUID = 1;

  /** By the SHA-256 of their files; given up where memory is short. */
  private static final Map<String, SoftReference<Predictor>> OPEN = new HashMap<>();

  private final String sha256;
  private final Broadcast<byte[]> bytes;

  /** Kept as long as the task that uses it. */
  private transient @Nullable Predictor predictor;

  private ScoringFile(String sha256, Broadcast<byte[]> bytes) {
    this.sha256 = sha256;
    this.bytes = bytes;
  }

  /** A file for the tasks of a session. */
  static ScoringFile of(String path, SparkSession session) {
    byte[] bytes = read(path, session);
    return new ScoringFile(
        Sha256.hex(bytes),
        JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(bytes));
  }

  /** The predictor of a file, on the driver. */
  static Predictor open(String path, SparkSession session) {
    byte[] bytes = read(path, session);
    return predictor(Sha256.hex(bytes), bytes);
  }

  /** A file's bytes, after it was opened, so that what is wrong is said with its name. */
  private static byte[] read(String path, SparkSession session) {
    try {
      return ModelFile.read(
          path,
          session.sparkContext().hadoopConfiguration(),
          in -> {
            byte[] bytes = in.readAllBytes();
            predictor(Sha256.hex(bytes), bytes);
            return bytes;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The one of this JVM. */
  synchronized Predictor predictor() {
    if (predictor == null) {
      predictor = predictor(sha256, bytes.value());
    }
    return predictor;
  }

  private static synchronized Predictor predictor(String sha256, byte[] bytes) {
    SoftReference<Predictor> reference = OPEN.get(sha256);
    Predictor predictor = reference == null ? null : reference.get();
    if (predictor == null) {
      predictor = Predictor.open(bytes);
      OPEN.values().removeIf(each -> each.get() == null);
      OPEN.put(sha256, new SoftReference<>(predictor));
    }
    return predictor;
  }
}
