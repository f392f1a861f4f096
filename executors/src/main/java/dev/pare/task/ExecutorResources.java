package dev.pare.task;

import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.TrainingData;
import dev.pare.model.Architecture;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.Lessons;
import dev.pare.pipeline.ProductCache;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.TeacherStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.StringUtils;

/**
 * What a JVM keeps between tasks, within a limit of bytes: the data, the teacher's logits, and the
 * networks that stages start from.
 */
public final class ExecutorResources {
  /**
   * Hadoop's configuration, which Spark fills from {@code spark.hadoop.*}, has the limit: a number
   * of bytes, or with a suffix as in {@code 512m}.
   */
  public static final String CACHE = "pare.executor.cache";

  private static final String DEFAULT_CACHE = "512m";

  private static final ProductCache PRODUCTS = new ProductCache(0);

  private ExecutorResources() {}

  /** Of files that are what they were on the driver: others may have come in their place since. */
  private record Data(DataSettings settings, String digest)
      implements ProductCache.Key<TrainingData> {}

  private record Taught(LessonsSource source) implements ProductCache.Key<Lessons> {}

  /**
   * How many bytes a configuration lets a JVM keep.
   *
   * @throws IllegalArgumentException if it is no size
   */
  public static long cacheBytes(Configuration hadoop) {
    String text = hadoop.get(CACHE, DEFAULT_CACHE);
    try {
      long bytes = StringUtils.TraditionalBinaryPrefix.string2long(text);
      if (bytes >= 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // The message below is the better one.
    }
    throw new IllegalArgumentException(
        "spark.hadoop." + CACHE + " = " + text + ": must be a size in bytes, as in 512m");
  }

  static ProductCache cache(Configuration hadoop) {
    PRODUCTS.limit(cacheBytes(hadoop));
    return PRODUCTS;
  }

  static Lessons lessons(LessonsSource source, Configuration hadoop) {
    return cache(hadoop)
        .get(
            new Taught(source),
            Lessons::bytes,
            () -> {
              TrainingData data = data(source, hadoop);
              HadoopStageStore store = new HadoopStageStore(source.store(), hadoop);
              return new Lessons(
                  augmented(data, source),
                  data.train().size(),
                  data.validation(),
                  TeacherStage.logits(store, source.teacher()),
                  new Lessons.Origin(teacher(source, store), source.teacherSeed()));
            });
  }

  private static Architecture teacher(LessonsSource source, StageStore store) {
    return TeacherStage.read(store, source.teacher())
        .orElseThrow(
            () ->
                new UncheckedIOException(
                    new IOException(
                        store.path(source.teacher(), StageStore.Kind.NETWORK) + ": no such file")))
        .architecture();
  }

  /** All variants of the training examples. */
  static Examples examples(LessonsSource source, Configuration hadoop) {
    return augmented(data(source, hadoop), source);
  }

  /** How many training examples there are without their variants. */
  static int originals(LessonsSource source, Configuration hadoop) {
    return data(source, hadoop).train().size();
  }

  private static TrainingData data(LessonsSource source, Configuration hadoop) {
    return cache(hadoop)
        .get(
            new Data(source.data(), source.trainingDigest()),
            TrainingData::bytes,
            () -> {
              TrainingData data = DataLoader.loadTraining(source.data(), hadoop);
              if (!data.digest().equals(source.trainingDigest())) {
                throw new DataException(
                    source.data().train().features()
                        + ": SHA-256 "
                        + data.digest()
                        + " here, but "
                        + source.trainingDigest()
                        + " on the driver");
              }
              return data;
            });
  }

  private static Examples augmented(TrainingData data, LessonsSource source) {
    return Variants.of(data, source.augmentation(), source.data().seed());
  }
}
