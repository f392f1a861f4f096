package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Task;
import dev.pare.candidate.Training;
import dev.pare.data.DataSettings;
import dev.pare.model.NamedArchitecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
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
    NamedArchitecture architecture = architecture();
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

  private NamedArchitecture architecture() {
    Domain<NamedArchitecture.Name> names = Domain.oneOf(NamedArchitecture.Name.class);
    Optional<NamedArchitecture.Name> name = settings.find("teacher.architecture", names);
    List<Integer> widths =
        settings.findList("teacher.widths", COUNT).stream()
            .flatMap(List::stream)
            .map(Settings.Element::value)
            .toList();
    if (!settings.isPresent("teacher.architecture") && !settings.isPresent("teacher.model")) {
      settings.missing(
          "teacher.architecture",
          "must be set, to " + names.requirement() + ", or teacher.model to a trained network");
    }
    if (name.isEmpty()) {
      NamedArchitecture.Size[] all = NamedArchitecture.Size.values();
      Arrays.stream(all).forEach(size -> settings.find(key(size), COUNT));
      return NamedArchitecture.of(NamedArchitecture.Name.MLP);
    }
    return architecture(name.get(), widths);
  }

  private NamedArchitecture architecture(NamedArchitecture.Name name, List<Integer> given) {
    Map<NamedArchitecture.Size, Integer> sizes = sizes(name);
    boolean chosen = settings.isPresent("teacher.widths");
    if (name == NamedArchitecture.Name.MLP && !chosen) {
      settings.missing("teacher.widths", "must be set for an mlp, as in [128, 128]");
    }
    List<Integer> widths = chosen ? given : name.usualWidths();
    Optional<String> problem = NamedArchitecture.widthsProblem(name, widths, sizes);
    if (problem.isPresent()) {
      if (chosen) {
        settings.reject("teacher.widths", problem.get());
      } else {
        settings.reject("teacher.heads", "must divide the first of widths, " + widths.get(0));
      }
      return NamedArchitecture.of(name);
    }
    return new NamedArchitecture(name, widths, sizes);
  }

  private Map<NamedArchitecture.Size, Integer> sizes(NamedArchitecture.Name name) {
    Map<NamedArchitecture.Size, Integer> sizes = new EnumMap<>(NamedArchitecture.Size.class);
    for (NamedArchitecture.Size size : NamedArchitecture.Size.values()) {
      Optional<Integer> value = settings.find(key(size), COUNT);
      Integer usual = name.sizes().get(size);
      if (usual != null) {
        sizes.put(size, value.orElse(usual));
      } else if (settings.isPresent(key(size))) {
        settings.reject(
            key(size), "must be left out: " + Domain.format(name) + " has no such size");
      }
    }
    return sizes;
  }

  private static String key(NamedArchitecture.Size size) {
    return "teacher." + Domain.format(size);
  }
}
