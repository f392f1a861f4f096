package dev.pare.task;

import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.TrainingData;
import dev.pare.model.Architecture;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.Lessons;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.TeacherStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * What a JVM keeps between tasks: the data and the teacher's logits, each loaded once, by the first
 * task that needs it, while the others wait for it. The two latest of each stay, so that sweeps one
 * after the other do not pile up.
 */
final class ExecutorResources {
  private static final int MOST = 2;

  private static final Cache<DataSettings, TrainingData> DATA = new Cache<>();
  private static final Cache<LessonsSource, Lessons> LESSONS = new Cache<>();

  private ExecutorResources() {}

  static Lessons lessons(LessonsSource source, Configuration hadoop) {
    return LESSONS.get(
        source,
        () -> {
          TrainingData data = data(source, hadoop);
          HadoopStageStore store = new HadoopStageStore(source.store(), hadoop);
          Architecture teacher =
              TeacherStage.read(store, source.teacher())
                  .orElseThrow(
                      () ->
                          new UncheckedIOException(
                              new IOException(
                                  store.path(source.teacher(), StageStore.Kind.NETWORK)
                                      + ": no such file")))
                  .architecture();
          return new Lessons(
              augmented(data, source),
              data.train().size(),
              data.validation(),
              TeacherStage.logits(store, source.teacher()),
              new Lessons.Origin(teacher, source.teacherSeed()));
        });
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
    return DATA.get(
        source.data(),
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

  /** The latest few values, each made once. */
  private static final class Cache<K, V> {
    private final Map<K, CompletableFuture<V>> values = new LinkedHashMap<>(8, 0.75f, true);

    V get(K key, Supplier<V> maker) {
      CompletableFuture<V> mine = new CompletableFuture<>();
      CompletableFuture<V> found;
      synchronized (values) {
        found = values.putIfAbsent(key, mine);
        if (found == null && values.size() > MOST) {
          values.remove(values.keySet().iterator().next());
        }
      }
      if (found != null) {
        return found.join();
      }
      try {
        mine.complete(maker.get());
      } catch (RuntimeException | Error e) {
        synchronized (values) {
          values.remove(key, mine);
        }
        mine.completeExceptionally(e);
        throw e;
      }
      return mine.join();
    }
  }
}
