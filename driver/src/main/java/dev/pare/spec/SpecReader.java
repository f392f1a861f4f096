package dev.pare.spec;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Task;
import dev.pare.candidate.Training;
import dev.pare.data.CsvFormat;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataFormat;
import dev.pare.data.DataFormats;
import dev.pare.data.DataSettings;
import dev.pare.data.ExampleShape;
import dev.pare.data.Shares;
import dev.pare.data.TableSettings;
import dev.pare.model.NamedArchitecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a resolved configuration to a specification; knows every key. */
final class SpecReader {
  private static final Logger LOG = LoggerFactory.getLogger(SpecReader.class);
  private static final String VALIDATION = "data.validation";
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<Integer> COUNT_OR_NONE = Domain.integers(0, Integer.MAX_VALUE);
  private static final Domain<Double> PENALTY = Domain.penalty();
  private static final Domain<Training.Decay> DECAY = Domain.oneOf(Training.Decay.class);
  private static final Domain<DataSettings.ClassWeights> CLASS_WEIGHTS =
      Domain.oneOf(DataSettings.ClassWeights.class);
  private static final Domain<String> FORMAT =
      new Domain<>(
          "one of " + String.join(", ", DataFormats.names()),
          DataFormats.names().get(0),
          raw -> Optional.of(raw.toString()).filter(DataFormats.names()::contains));
  private static final Domain<TableSettings.Missing> MISSING =
      new Domain<>(
          "refused, mean, median or a number", TableSettings.Missing.REFUSED, SpecReader::missing);

  /** Spelled instead of a column where there is no label. */
  static final String NONE = "none";

  private static final Domain<Optional<Integer>> LABEL_COLUMN =
      new Domain<>(
          "a whole number, or none",
          Optional.of(0),
          raw ->
              raw.equals(NONE)
                  ? Optional.of(Optional.empty())
                  : Domain.integers("a whole number", 0, n -> true)
                      .reading()
                      .apply(raw)
                      .map(Optional::of));

  private static final String LABEL = "data.columns.label";

  private static final Domain<String> SEPARATOR =
      new Domain<>(
          "one character that numbers do not use",
          ",",
          raw -> Optional.of(raw.toString()).filter(SpecReader::separates));

  /** What dl4j-spark can train: chains of layers that DL4J has, on plain vectors. */
  private static final Set<NamedArchitecture.Name> DL4J_TRAINS =
      EnumSet.of(
          NamedArchitecture.Name.MLP,
          NamedArchitecture.Name.LENET_300_100,
          NamedArchitecture.Name.LENET_5);

  private final Settings settings;

  private SpecReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param name of the sweep, unless the configuration has one
   * @throws InvalidSpecException with everything that is wrong
   */
  static SweepSpec read(Settings settings, String name) {
    return new SpecReader(settings).sweep(name);
  }

  private SweepSpec sweep(String fileName) {
    settings.find(SpecSource.DATA_DIR, Domain.text());
    String name = settings.findName("sweep.name").orElse(fileName);
    String out = settings.readLocation("sweep.out");
    String store = settings.findLocation("sweep.store").orElse(Locations.child(out, "store"));
    int keepRuns = settings.read("sweep.keep-runs", COUNT);
    long seed = settings.read("sweep.seed", Domain.longs());
    Execution execution =
        new Execution(
            settings.read("sweep.max-attempts", COUNT),
            settings.find("sweep.stage-timeout", Domain.positive()).orElse(null));
    Task task = settings.read("data.task", Domain.oneOf(Task.class));
    DataSettings data = data(seed, task);
    Metric metric = metric(task);
    TeacherSpec teacher = teacher(task);
    Map<Dimension, List<String>> space = space();
    List<Map<Dimension, String>> points = new PointsReader(settings).read();
    StudentSpec student = StudentSettings.read(settings);
    if (task != Task.CLASSIFICATION) {
      rejectTemperatures(task, space, points);
    }
    new Conflicts(settings, teacher, student).report(space, points);
    settings.finish();
    return new SweepSpec(
        name,
        out,
        store,
        keepRuns,
        seed,
        metric,
        execution,
        data,
        teacher,
        space,
        points,
        student,
        settings.references());
  }

  private Metric metric(Task task) {
    List<String> spellings = Metric.spellings(task);
    Metric usual = Metric.usual(task);
    Domain<Metric> domain =
        new Domain<>(
            "a metric of data.task = " + task + ": " + String.join(", ", spellings),
            usual,
            raw -> Metric.of(raw.toString()).filter(metric -> metric.suits(task)));
    return settings.find("sweep.metric", domain).orElse(usual);
  }

  /** A temperature softens probabilities, which only classifiers have. */
  private void rejectTemperatures(
      Task task, Map<Dimension, List<String>> space, List<Map<Dimension, String>> points) {
    String reason = "must be left out: the loss of data.task = " + task + " has no temperature";
    Dimension temperature = new Dimension("temperature");
    String key = temperature.key();
    if (space.containsKey(temperature)) {
      settings.reject("space." + key, reason);
    }
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).containsKey(temperature)) {
        settings.rejectElement("points", i, key + " " + reason);
      }
    }
    String student = "student." + key;
    double usual = SpecSource.reference().getDouble(student);
    if (settings.read(student, Domain.temperature()) != usual) {
      settings.reject(student, reason);
    }
  }

  private DataSettings data(long seed, Task task) {
    String name = settings.read("data.format", FORMAT);
    DataFormat format = DataFormats.of(name);
    boolean possible = task != Task.REGRESSION || !format.namesClasses();
    if (!possible) {
      settings.reject("data.format", "must have numbers for data.task = regression, not classes");
    }
    Shares shares = shares();
    TableSettings table = table(format, task);
    DataSettings.ClassWeights weights = settings.read("data.class-weights", CLASS_WEIGHTS);
    if (task != Task.CLASSIFICATION && weights != DataSettings.ClassWeights.NONE) {
      settings.reject(
          "data.class-weights", "must be none: data.task = " + task + " has no classes");
      weights = DataSettings.ClassWeights.NONE;
    }
    Integer labelColumn = settings.read("data.csv.label-column", LABEL_COLUMN).orElse(null);
    if (labelColumn == null
        && format instanceof CsvFormat
        && table.labels().isEmpty()
        && task != Task.RECONSTRUCTION) {
      settings.reject(
          "data.csv.label-column", "must be a column, as data.task = " + task + " has labels");
      labelColumn = 0;
    }
    boolean apart = settings.isSection(VALIDATION);
    return new DataSettings(
        name,
        files("data.train", format, task),
        validation(apart, format, task),
        shares.test() > 0 ? null : files("data.test", format, task),
        new CsvLayout(
            settings.read("data.csv.header", Domain.flag())
                ? CsvLayout.Header.PRESENT
                : CsvLayout.Header.ABSENT,
            labelColumn,
            settings.read("data.csv.separator", SEPARATOR).charAt(0)),
        shape(),
        apart ? 0 : settings.read(VALIDATION, COUNT),
        settings.find("data.seed", Domain.longs()).orElse(seed),
        settings.find("data.divisor", Domain.positive()).map(Double::floatValue).orElse(null),
        table,
        shares,
        weights,
        possible ? task : Task.CLASSIFICATION);
  }

  /**
   * Files of their own.
   *
   * @param apart whether there are any
   */
  private DataSettings.@Nullable Files validation(boolean apart, DataFormat format, Task task) {
    if (apart) {
      return files(VALIDATION, format, task);
    }
    // So that they are known.
    settings.findLocation(VALIDATION + ".features");
    settings.findLocation(VALIDATION + ".labels");
    return null;
  }

  private Shares shares() {
    Domain<Double> domain = Domain.betweenNothingAndAll();
    double validation = settings.find("data.validation-share", domain).orElse(0.0);
    double test = settings.find("data.test-share", domain).orElse(0.0);
    if (validation > 0 && settings.isSection(VALIDATION)) {
      settings.reject(
          "data.validation-share", "must be left out where data.validation names files");
      validation = 0;
    }
    if (test > 0) {
      for (String key : List.of("data.test.features", "data.test.labels")) {
        if (settings.findLocation(key).isPresent()) {
          settings.reject(key, "must be left out where data.test-share is set");
        }
      }
    }
    if (validation + test >= 1) {
      settings.reject("data.validation-share", "must be below 1 together with data.test-share");
      return Shares.NONE;
    }
    return new Shares(validation, test);
  }

  private TableSettings table(DataFormat format, Task task) {
    List<String> labels =
        settings.isList(LABEL)
            ? names(LABEL)
            : settings.find(LABEL, Domain.text()).map(List::of).orElse(List.of());
    if (labels.size() > 1 && task != Task.REGRESSION) {
      settings.reject(LABEL, "must be one column, as data.task = " + task);
      labels = List.of(labels.get(0));
    }
    List<String> features = names("data.columns.features");
    List<String> ignored = names("data.columns.ignore");
    List<String> categorical = names("data.columns.categorical");
    TableSettings.Classes classes =
        settings.read("data.classes", Domain.oneOf(TableSettings.Classes.class));
    if (task != Task.CLASSIFICATION && classes == TableSettings.Classes.NAMED) {
      settings.reject("data.classes", "must be counted: data.task = " + task + " has no classes");
      classes = TableSettings.Classes.COUNTED;
    }
    TableSettings.Missing missing = settings.read("data.missing", MISSING);
    TableSettings.Scaling scaling =
        settings.read("data.scaling", Domain.oneOf(TableSettings.Scaling.class));
    if (!format.hasColumns()) {
      List<String> useless = new ArrayList<>();
      for (String key : List.of("label", "features", "ignore", "categorical")) {
        useless.add("data.columns." + key);
      }
      useless.removeIf(key -> !settings.isPresent(key));
      if (missing.kind() != TableSettings.Missing.Kind.REFUSED) {
        useless.add("data.missing");
      }
      if (scaling != TableSettings.Scaling.NONE) {
        useless.add("data.scaling");
      }
      useless.forEach(
          key ->
              settings.reject(
                  key, "must be left out: data.format = " + format.name() + " has no columns"));
    }
    try {
      return new TableSettings(labels, features, ignored, categorical, classes, missing, scaling);
    } catch (IllegalArgumentException e) {
      settings.reject("data.columns", e.getMessage());
      return TableSettings.NONE;
    }
  }

  private List<String> names(String key) {
    return settings.findList(key, Domain.text()).stream()
        .flatMap(List::stream)
        .map(Settings.Element::value)
        .toList();
  }

  private static Optional<TableSettings.Missing> missing(Object raw) {
    TableSettings.Missing.Kind kind =
        switch (raw.toString()) {
          case "refused" -> TableSettings.Missing.Kind.REFUSED;
          case "mean" -> TableSettings.Missing.Kind.MEAN;
          case "median" -> TableSettings.Missing.Kind.MEDIAN;
          default -> TableSettings.Missing.Kind.CONSTANT;
        };
    if (kind != TableSettings.Missing.Kind.CONSTANT) {
      return Optional.of(new TableSettings.Missing(kind, 0));
    }
    return Domain.floats().read(raw).map(value -> new TableSettings.Missing(kind, value));
  }

  private @Nullable ExampleShape shape() {
    Optional<List<Settings.Element<Integer>>> sides = settings.findList("data.shape", COUNT);
    if (sides.isEmpty()) {
      return null;
    }
    List<Integer> values = sides.get().stream().map(Settings.Element::value).toList();
    try {
      if (values.size() == 3) {
        return new ExampleShape(values.get(0), values.get(1), values.get(2));
      }
      settings.reject("data.shape", "must be channels, height and width, as in [1, 28, 28]");
    } catch (IllegalArgumentException e) {
      settings.reject("data.shape", e.getMessage());
    }
    return null;
  }

  private DataSettings.Files files(String section, DataFormat format, Task task) {
    String features = settings.readLocation(section + ".features");
    String key = section + ".labels";
    String within = format.labelSource().orElse(null);
    if (within == null) {
      return new DataSettings.Files(
          features,
          task == Task.RECONSTRUCTION
              ? settings.findLocation(key).orElse(null)
              : settings.readLocation(key));
    }
    if (settings.findLocation(key).isPresent()) {
      settings.reject(key, "must be left out: " + within + " is where the labels are");
    }
    return new DataSettings.Files(features, null);
  }

  private static boolean separates(String text) {
    if (text.length() != 1) {
      return false;
    }
    try {
      new CsvLayout(CsvLayout.Header.ABSENT, 0, text.charAt(0));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private TeacherSpec teacher(Task task) {
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
        && settings.read("data.class-weights", CLASS_WEIGHTS) != DataSettings.ClassWeights.NONE) {
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

  private Map<Dimension, List<String>> space() {
    Map<Dimension, List<String>> space = new TreeMap<>();
    for (Dimension dimension : Dimension.all()) {
      String key = "space." + dimension.key();
      settings
          .findList(key, dimension.spelling())
          .ifPresent(values -> space.put(dimension, distinct(key, values)));
    }
    if (SweepSpec.combinations(space) > SweepSpec.MOST_CANDIDATES) {
      settings.reject("space", "has more than " + SweepSpec.MOST_CANDIDATES + " combinations");
    }
    return space;
  }

  private List<String> distinct(String key, List<Settings.Element<String>> elements) {
    List<String> values = new ArrayList<>();
    for (Settings.Element<String> element : elements) {
      if (values.contains(element.value())) {
        settings.reject(element.key(), element.origin(), "stands in the list already");
      } else {
        values.add(element.value());
      }
    }
    if (settings.isEmptyList(key)) {
      settings.reject(key, "must be a list of one value or more");
    }
    return values;
  }
}
