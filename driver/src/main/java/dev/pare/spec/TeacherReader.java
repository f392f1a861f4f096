package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Task;
import dev.pare.candidate.Training;
import dev.pare.data.DataSettings;
import dev.pare.model.NamedArchitecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a configuration says of the teacher. */
final class TeacherReader {
  private static final Logger LOG = LoggerFactory.getLogger(TeacherReader.class);
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<Integer> COUNT_OR_NONE = Domain.integers(0, Integer.MAX_VALUE);

  /** How a teacher is trained, a description each. */
  static final List<Setting<?>> TRAINING =
      List.of(
          Setting.ofTeacher("epochs", COUNT, "epochs"),
          Setting.ofTeacher("batch", COUNT, "batch"),
          Setting.ofTeacher("learning-rate", Domain.positive(), "learningRate"),
          Setting.ofTeacher("decay", Domain.oneOf(Training.Decay.class), "decay"),
          Setting.ofTeacher("l1", Domain.penalty(), "l1"),
          Setting.ofTeacher("l2", Domain.penalty(), "l2"),
          Setting.ofTeacher("label-smoothing", Domain.properShare(), "labelSmoothing"),
          Setting.ofTeacher("train-on", Domain.oneOf(TeacherSpec.TrainOn.class), "trainOn"));

  /** What dl4j-spark can train: chains of layers that DL4J has, on plain vectors. */
  private static final Set<NamedArchitecture.Name> DL4J_TRAINS =
      EnumSet.of(
          NamedArchitecture.Name.MLP,
          NamedArchitecture.Name.LENET_300_100,
          NamedArchitecture.Name.LENET_5);

  private final Settings settings;
  private final Task task;

  /**
   * @param task that is asked of networks
   */
  TeacherReader(Settings settings, Task task) {
    this.settings = requireNonNull(settings, "settings is null");
    this.task = requireNonNull(task, "task is null");
  }

  /**
   * Reads it.
   *
   * @param weights of classes, as the data have them
   */
  TeacherSpec read(DataSettings.ClassWeights weights) {
    NamedArchitecture architecture = new ArchitectureReader(settings, "teacher").named();
    Optional<String> model = settings.findLocation("teacher.model");
    Augmentation augment =
        new Augmentation(
            settings.read("teacher.augment.shift", COUNT_OR_NONE),
            settings.read("teacher.augment.variants", COUNT));
    TeacherSpec.Train train = training(architecture, augment);
    if (model.isEmpty() && train.trainOn() == TeacherSpec.TrainOn.SPARK) {
      checkSpark(architecture, weights);
    }
    if (task != Task.CLASSIFICATION && train.labelSmoothing() > 0) {
      settings.reject(
          "teacher.label-smoothing", "must be 0: data.task = " + task + " has no classes");
    }
    if (settings.isPresent("teacher.architecture") && settings.isPresent("teacher.model")) {
      settings.reject("teacher.model", "must be left out where teacher.architecture is set");
    }
    model.ifPresent(file -> warnOfTraining());
    return model.isPresent() ? new TeacherSpec.Load(model.get(), augment) : train;
  }

  private TeacherSpec.Train training(NamedArchitecture architecture, Augmentation augment) {
    Map<RecordPath, @Nullable Object> values = new HashMap<>();
    TRAINING.forEach(setting -> setting.read(settings, values));
    // All of its values but these two are exchanged.
    TeacherSpec.Train any =
        new TeacherSpec.Train(
            architecture,
            1,
            1,
            1,
            Training.Decay.NONE,
            0,
            0,
            0,
            augment,
            TeacherSpec.TrainOn.DRIVER);
    return RecordPath.copy(any, values);
  }

  private void checkSpark(NamedArchitecture architecture, DataSettings.ClassWeights weights) {
    if (!DL4J_TRAINS.contains(architecture.name())) {
      settings.reject("teacher.train-on", "must be driver for this architecture");
    }
    if (weights != DataSettings.ClassWeights.NONE) {
      settings.reject("teacher.train-on", "must be driver where data.class-weights are balanced");
    }
    if (task != Task.CLASSIFICATION) {
      settings.reject("teacher.train-on", "must be driver for data.task = " + task);
    }
  }

  /** What only training a teacher reads. */
  private void warnOfTraining() {
    List<String> keys = new ArrayList<>(List.of("teacher.widths"));
    TRAINING.forEach(setting -> keys.add(setting.key()));
    Arrays.stream(NamedArchitecture.Size.values()).map(TeacherReader::key).forEach(keys::add);
    for (String key : keys) {
      settings
          .placeGiven(key)
          .ifPresent(
              place ->
                  LOG.warn("{} ({}): has no effect, as teacher.model is not trained", key, place));
    }
  }

  private static String key(NamedArchitecture.Size size) {
    return "teacher." + Domain.format(size);
  }
}
