package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.TeacherTraining;
import dev.pare.candidate.Training;
import dev.pare.data.DataException;
import dev.pare.data.DataSettings;
import dev.pare.data.TrainingData;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.layers.Team;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.TeacherStage;
import dev.pare.spec.SweepSpec;
import dev.pare.spec.TeacherSpec;
import dev.pare.task.AugmentedExamples;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.JavaBytes;
import dev.pare.task.LocalProvenance;
import dev.pare.task.TrainTeacher;
import dev.pare.train.Devices;
import dev.pare.train.ImportedNetwork;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** Finds the teacher of a sweep in the store, or reads it, or trains it. */
public final class TeacherProvider {
  /** Changes whenever the same settings would give another teacher. */
  private static final int REVISION = 7;

  /** Among how many workers training on Spark is divided; fixed, since the result depends on it. */
  private static final int WORKERS = 4;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final StageStore store;
  private final StageClaims claims;

  /**
   * @param claims on the stages of the store: a teacher that another driver makes is waited for
   */
  public TeacherProvider(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> shippedHadoop,
      StageStore store,
      StageClaims claims) {
    this.spark = requireNonNull(spark, "spark is null");
    this.shippedHadoop = requireNonNull(shippedHadoop, "shippedHadoop is null");
    this.store = requireNonNull(store, "store is null");
    this.claims = requireNonNull(claims, "claims is null");
  }

  /** What students learn with any teacher: two sweeps with other data share nothing. */
  private record Material(
      String trainingDigest, String layout, int validation, long seed, Augmentation augmentation) {}

  /** With the sweep's seed: students draw theirs from their keys, which start from this one. */
  private record Trained(
      Record architecture,
      TeacherTraining training,
      Material material,
      String trainOn,
      long seed,
      int revision) {}

  private record OnEngine(StageKey teacher, String engine) {}

  private record Loaded(
      String sha256, InputShape input, Material material, long seed, int revision) {}

  /** What a format's reader made of a file before it was mended may be in stores. */
  private record ReadBy(StageKey teacher, int reader) {}

  /**
   * The key of the teacher, which need not be there yet.
   *
   * @throws DataException if the teacher's file or architecture cannot be used for the data
   */
  public static StageKey key(SweepSpec spec, TrainingData data, Configuration hadoop) {
    InputShape input = DataNetworks.input(data);
    Material material = material(spec, data);
    return switch (spec.teacher().kind()) {
      case TRAIN -> {
        TeacherSpec.Train teacher = (TeacherSpec.Train) spec.teacher();
        yield key(spec, teacher, architecture(teacher, data), material);
      }
      case LOAD -> {
        byte[] file =
            TeacherFile.read(
                TeacherFile.SETTING, ((TeacherSpec.Load) spec.teacher()).model(), hadoop);
        yield key(spec, file, input, material);
      }
    };
  }

  private static StageKey key(
      SweepSpec spec, TeacherSpec.Train teacher, Architecture architecture, Material material) {
    return onEngine(
        spec,
        StageKey.of(
            new Trained(
                KeyedArchitecture.of(architecture),
                training(teacher),
                material,
                where(teacher),
                spec.seed(),
                REVISION)));
  }

  /** All stages' keys start from the teacher's, and so say what engine rounds their numbers. */
  private static StageKey onEngine(SweepSpec spec, StageKey teacher) {
    String engine = spec.execution().engine();
    return engine.equals(Devices.CPU) ? teacher : StageKey.of(new OnEngine(teacher, engine));
  }

  private static StageKey key(SweepSpec spec, byte[] file, InputShape input, Material material) {
    StageKey key =
        StageKey.of(new Loaded(Sha256.hex(file), input, material, spec.seed(), REVISION));
    int reader =
        TeacherFile.revision(
            TeacherFile.SETTING, ((TeacherSpec.Load) spec.teacher()).model(), file);
    return onEngine(spec, reader == 0 ? key : StageKey.of(new ReadBy(key, reader)));
  }

  /**
   * The teacher, which is in the store afterwards.
   *
   * @param telling told in words what takes time
   * @throws DataException if the teacher's file cannot be used for the data
   */
  public Teacher teacher(SweepSpec spec, TrainingData data, Consumer<String> telling) {
    InputShape input = DataNetworks.input(data);
    Material material = material(spec, data);
    return switch (spec.teacher().kind()) {
      case TRAIN -> trained(spec, (TeacherSpec.Train) spec.teacher(), data, material, telling);
      case LOAD -> loaded(spec, (TeacherSpec.Load) spec.teacher(), data, input, material, telling);
    };
  }

  /**
   * The teacher that a sweep has left in its store, or that is read from a file; none is trained.
   *
   * @param store of the sweep
   * @throws DataException if there is none, or the teacher's file cannot be used for the data
   */
  public static Network existing(
      SweepSpec spec, TrainingData data, StageStore store, Configuration hadoop) {
    Optional<Network> kept = TeacherStage.read(store, key(spec, data, hadoop));
    if (kept.isPresent()) {
      return kept.get();
    }
    return switch (spec.teacher().kind()) {
      case TRAIN ->
          throw new DataException(
              Credentials.inMessage(spec.store())
                  + ": has no teacher of the configuration; pare sweep trains it");
      case LOAD -> {
        String model = ((TeacherSpec.Load) spec.teacher()).model();
        yield TeacherFile.network(
                TeacherFile.SETTING,
                model,
                TeacherFile.read(TeacherFile.SETTING, model, hadoop),
                DataNetworks.input(data),
                data)
            .network();
      }
    };
  }

  private static Material material(SweepSpec spec, TrainingData data) {
    checkShift(spec, data);
    DataSettings settings = spec.data();
    return new Material(
        data.digest(),
        settings.layoutKey(),
        settings.validation(),
        settings.seed(),
        spec.teacher().augmentation());
  }

  private static void checkShift(SweepSpec spec, TrainingData data) {
    int shift = spec.teacher().augmentation().shift();
    int farthest = Math.min(data.shape().height(), data.shape().width()) - 1;
    if (shift > farthest) {
      throw new DataException(
          "teacher.augment.shift = "
              + shift
              + ": at most "
              + farthest
              + " for examples of "
              + data.shape());
    }
  }

  /**
   * The layers of the teacher that a sweep would have.
   *
   * @throws DataException if they do not fit the data, or the teacher's file cannot be used
   */
  public static Architecture architecture(SweepSpec spec, TrainingData data, Configuration hadoop) {
    InputShape input = DataNetworks.input(data);
    return switch (spec.teacher().kind()) {
      case TRAIN -> architecture((TeacherSpec.Train) spec.teacher(), data);
      case LOAD -> {
        String model = ((TeacherSpec.Load) spec.teacher()).model();
        yield TeacherFile.network(
                TeacherFile.SETTING,
                model,
                TeacherFile.read(TeacherFile.SETTING, model, hadoop),
                input,
                data)
            .network()
            .architecture();
      }
    };
  }

  private static Architecture architecture(TeacherSpec.Train teacher, TrainingData data) {
    return DataNetworks.architecture("teacher.architecture", teacher.architecture(), data);
  }

  private static TeacherTraining training(TeacherSpec.Train teacher) {
    return new TeacherTraining(
        new Training(
            teacher.epochs(),
            teacher.batch(),
            teacher.learningRate(),
            teacher.decay(),
            teacher.l2(),
            1,
            0),
        teacher.l1(),
        teacher.labelSmoothing());
  }

  private static String where(TeacherSpec.Train teacher) {
    return switch (teacher.trainOn()) {
      case DRIVER -> "driver";
      case SPARK -> WORKERS + " workers";
    };
  }

  private Teacher trained(
      SweepSpec spec,
      TeacherSpec.Train teacher,
      TrainingData data,
      Material material,
      Consumer<String> telling) {
    Architecture architecture = architecture(teacher, data);
    TeacherTraining training = training(teacher);
    String where = where(teacher);
    StageKey key = key(spec, teacher, architecture, material);
    DistillationDataSource distillation = distillation(spec, data, key, key.seed());
    return stored(
        key,
        distillation,
        telling,
        () -> {
          telling.accept("training on " + where + ", " + teacher.epochs() + " epochs");
          Network network =
              switch (teacher.trainOn()) {
                case DRIVER ->
                    spec.execution().engine().equals(Devices.CPU)
                        ? Team.compute(
                            processors(),
                            () ->
                                TeacherStage.train(
                                    architecture,
                                    training,
                                    AugmentedExamples.of(
                                        data, material.augmentation(), material.seed()),
                                    data.train().size(),
                                    key.seed(),
                                    null))
                        : onDevice(distillation, architecture, training, key.seed());
                case SPARK ->
                    new TeacherOnSpark(spark, distillation, shippedHadoop)
                        .train(architecture, training, WORKERS, key.seed());
              };
          return new ImportedNetwork(network, null);
        });
  }

  /** In a task: executors have devices, drivers need not have any. */
  private Network onDevice(
      DistillationDataSource distillation,
      Architecture architecture,
      TeacherTraining training,
      long seed) {
    TrainTeacher task = new TrainTeacher(distillation, shippedHadoop, architecture, training, seed);
    byte[] parameters = spark.parallelize(List.of(0), 1).map(task).first();
    return new Network(architecture, JavaBytes.read(parameters, float[].class));
  }

  /** Those of the driver, of which embedded Spark may have been given some only. */
  private int processors() {
    int all = Runtime.getRuntime().availableProcessors();
    return spark.isLocal() ? Math.min(all, Math.max(1, spark.defaultParallelism())) : all;
  }

  private Teacher loaded(
      SweepSpec spec,
      TeacherSpec.Load teacher,
      TrainingData data,
      InputShape input,
      Material material,
      Consumer<String> telling) {
    byte[] file =
        TeacherFile.read(TeacherFile.SETTING, teacher.model(), spark.hadoopConfiguration());
    StageKey key = key(spec, file, input, material);
    return stored(
        key,
        distillation(spec, data, key, null),
        telling,
        () -> {
          telling.accept("reading " + Credentials.inMessage(teacher.model()));
          return TeacherFile.network(TeacherFile.SETTING, teacher.model(), file, input, data);
        });
  }

  private Teacher stored(
      StageKey key,
      DistillationDataSource distillation,
      Consumer<String> telling,
      Supplier<ImportedNetwork> maker) {
    Optional<Teacher> found = found(key, distillation, telling);
    if (found.isPresent()) {
      return found.get();
    }
    claims.await(key, () -> telling.accept("waiting for another sweep that makes it"));
    try {
      found = found(key, distillation, telling);
      if (found.isPresent()) {
        return found.get();
      }
      ImportedNetwork read = maker.get();
      Teacher made = new Teacher(key, read.network(), read.comparison(), distillation);
      keep(made);
      // If another sweep was faster its teacher stays, and that is whom students learn from.
      Network written = TeacherStage.read(store, key).orElse(made.network());
      return new Teacher(key, written, read.comparison(), distillation);
    } finally {
      claims.release(List.of(key));
    }
  }

  private Optional<Teacher> found(
      StageKey key, DistillationDataSource distillation, Consumer<String> telling) {
    Optional<Network> kept = TeacherStage.read(store, key);
    kept.ifPresent(network -> telling.accept("found in the store"));
    return kept.map(
        network ->
            new Teacher(
                key, network, TeacherStage.comparison(store, key).orElse(null), distillation));
  }

  /** Puts a teacher into the store again, if it is missing there or damaged. */
  public void keep(Teacher teacher) {
    Long seed = teacher.distillation().teacherSeed();
    Provenance provenance =
        LocalProvenance.provenance(teacher.key().seed()).withComparison(teacher.comparison());
    if (seed == null) {
      TeacherStage.write(store, teacher.key(), teacher.network(), provenance);
    } else {
      TeacherStage.write(store, teacher.key(), teacher.network(), seed, provenance);
    }
  }

  private static DistillationDataSource distillation(
      SweepSpec spec, TrainingData data, StageKey teacher, @Nullable Long seed) {
    return new DistillationDataSource(
        spec.data(),
        spec.teacher().augmentation(),
        data.digest(),
        teacher,
        seed,
        spec.store(),
        spec.metric(),
        spec.execution().engine());
  }
}
