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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a configuration says of the teacher. */
final class TeacherReader {
  private static final Logger LOG = LoggerFactory.getLogger(TeacherReader.class);
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<Integer> COUNT_OR_NONE = Domain.integers(0, Integer.MAX_VALUE);
  private static final Domain<Double> PENALTY = Domain.penalty();
  private static final Domain<Training.Decay> DECAY = Domain.oneOf(Training.Decay.class);

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
    int epochs = settings.read("teacher.epochs", COUNT);
    int batch = settings.read("teacher.batch", COUNT);
    double learningRate = settings.read("teacher.learning-rate", Domain.positive());
    Training.Decay decay = settings.read("teacher.decay", DECAY);
    double l1 = settings.read("teacher.l1", PENALTY);
    double l2 = settings.read("teacher.l2", PENALTY);
    double smoothing = settings.read("teacher.label-smoothing", Domain.properShare());
    Augmentation augment =
        new Augmentation(
            settings.read("teacher.augment.shift", COUNT_OR_NONE),
            settings.read("teacher.augment.variants", COUNT));
    TeacherSpec.TrainOn on =
        settings.read("teacher.train-on", Domain.oneOf(TeacherSpec.TrainOn.class));
    if (on == TeacherSpec.TrainOn.SPARK
        && model.isEmpty()
        && !DL4J_TRAINS.contains(architecture.name())) {
      settings.reject("teacher.train-on", "must be driver for this architecture");
    }
    if (on == TeacherSpec.TrainOn.SPARK
        && model.isEmpty()
        && weights != DataSettings.ClassWeights.NONE) {
      settings.reject("teacher.train-on", "must be driver where data.class-weights are balanced");
    }
    if (task != Task.CLASSIFICATION && smoothing > 0) {
      settings.reject(
          "teacher.label-smoothing", "must be 0: data.task = " + task + " has no classes");
    }
    if (task != Task.CLASSIFICATION && on == TeacherSpec.TrainOn.SPARK && model.isEmpty()) {
      settings.reject("teacher.train-on", "must be driver for data.task = " + task);
    }
    if (settings.isPresent("teacher.architecture") && settings.isPresent("teacher.model")) {
      settings.reject("teacher.model", "must be left out where teacher.architecture is set");
    }
    model.ifPresent(file -> warnOfTraining());
    return model.isPresent()
        ? new TeacherSpec.Load(model.get(), augment)
        : new TeacherSpec.Train(
            architecture, epochs, batch, learningRate, decay, l1, l2, smoothing, augment, on);
  }

  /** What only training a teacher reads. */
  private void warnOfTraining() {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "widths",
                "epochs",
                "batch",
                "learning-rate",
                "decay",
                "l1",
                "l2",
                "label-smoothing",
                "train-on"));
    Arrays.stream(NamedArchitecture.Size.values()).map(Domain::format).forEach(keys::add);
    for (String name : keys) {
      String key = "teacher." + name;
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
            key(size), "must be left out: " + Domain.format(name) + " has nothing of that kind");
      }
    }
    return sizes;
  }

  private static String key(NamedArchitecture.Size size) {
    return "teacher." + Domain.format(size);
  }
}
