package dev.pare.task;

import dev.pare.data.DataException;
import dev.pare.data.DataForm;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.pipeline.DistillationData;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.ProductCache;
import dev.pare.pipeline.StoredNetworks;
import dev.pare.pipeline.TeacherStage;
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

  /** Prepared as fits the training data, which others may have come in the place of. */
  private record Test(DataSettings settings, String digest, DataForm form)
      implements ProductCache.Key<TestData> {}

  private record Taught(DistillationDataSource source)
      implements ProductCache.Key<DistillationData> {}

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

  static DistillationData distillation(DistillationDataSource source, Configuration hadoop) {
    return cache(hadoop)
        .get(
            new Taught(source),
            DistillationData::bytes,
            () -> {
              TrainingData data = data(source, hadoop);
              HadoopStageStore store = new HadoopStageStore(source.store(), hadoop);
              StoredNetworks.Read teacher =
                  new StoredNetworks(store).network(source.teacher(), cache(hadoop));
              Examples examples = augmented(data, source);
              return new DistillationData(
                  examples,
                  data.train().size(),
                  data.validation(),
                  TeacherStage.logits(store, teacher, examples),
                  new DistillationData.Origin(
                      teacher.network().architecture(), source.teacherSeed()),
                  data.shape(),
                  data.preparation(),
                  source.metric());
            });
  }

  /** All variants of the training examples. */
  static Examples examples(DistillationDataSource source, Configuration hadoop) {
    return augmented(data(source, hadoop), source);
  }

  /** How many training examples there are without their variants. */
  static int originals(DistillationDataSource source, Configuration hadoop) {
    return data(source, hadoop).train().size();
  }

  private static TrainingData data(DistillationDataSource source, Configuration hadoop) {
    return cache(hadoop)
        .get(
            new Data(source.data(), source.trainingDigest()),
            TrainingData::bytes,
            () -> {
              TrainingData data = DataLoader.loadTraining(source.data(), hadoop);
              DataSettings.Files own = source.data().validationFiles();
              check(
                  own == null
                      ? source.data().train().features()
                      : source.data().train().features() + ", " + own.features(),
                  data.digest(),
                  source.trainingDigest());
              return data;
            });
  }

  /**
   * Reads the training data, which tasks in this JVM then need not read again.
   *
   * @throws DataException if they cannot be used
   */
  public static TrainingData loadTraining(DataSettings settings, Configuration hadoop) {
    TrainingData data = DataLoader.loadTraining(settings, hadoop);
    return cache(hadoop).get(new Data(settings, data.digest()), TrainingData::bytes, () -> data);
  }

  /**
   * Reads the test data, which tasks in this JVM then need not read again.
   *
   * @throws DataException if they cannot be used, or do not go with the training data
   */
  public static TestData loadTest(DataSettings settings, DataForm form, Configuration hadoop) {
    TestData data = DataLoader.loadTest(settings, form, hadoop);
    return cache(hadoop)
        .get(new Test(settings, data.digest(), form), test -> test.examples().bytes(), () -> data);
  }

  /** The test data that the driver has read. */
  static Examples test(DataSettings settings, String digest, DataForm form, Configuration hadoop) {
    return cache(hadoop)
        .get(
            new Test(settings, digest, form),
            test -> test.examples().bytes(),
            () -> {
              TestData data = DataLoader.loadTest(settings, form, hadoop);
              DataSettings.Files files = settings.test();
              check((files == null ? settings.train() : files).features(), data.digest(), digest);
              return data;
            })
        .examples();
  }

  private static void check(String files, String here, String onDriver) {
    if (!here.equals(onDriver)) {
      throw new DataException(
          files + ": SHA-256 " + here + " here, but " + onDriver + " on the driver");
    }
  }

  private static Examples augmented(TrainingData data, DistillationDataSource source) {
    return AugmentedExamples.of(data, source.augmentation(), source.data().seed());
  }
}
