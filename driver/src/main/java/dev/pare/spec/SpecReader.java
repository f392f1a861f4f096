package dev.pare.spec;

import dev.pare.candidate.Metric;
import dev.pare.candidate.Start;
import dev.pare.candidate.Task;
import dev.pare.candidate.ThirdObjective;
import dev.pare.data.DataSettings;
import dev.pare.search.Budgets;
import dev.pare.search.SearchSettings;
import dev.pare.search.SearchStrategies;
import dev.pare.search.SearchStrategy;
import dev.pare.train.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** From a resolved configuration to a specification; knows every key. */
final class SpecReader {
  private static final Domain<Integer> COUNT = Domain.integers(1, Integer.MAX_VALUE);
  private static final Domain<String> ENGINE =
      new Domain<>(
          "one of " + String.join(", ", Devices.names()),
          Devices.CPU,
          raw -> Optional.of(raw.toString()).filter(Devices.names()::contains));
  private static final String CANDIDATES = "search.candidates";
  private static final String BUDGET = "search.budget";
  private static final String EPOCHS = "search.epochs";
  private static final String WALL_TIME = "search.wall-time";

  /** One of them, at least, a search must have. */
  private static final List<String> LIMITS = List.of(CANDIDATES, BUDGET, EPOCHS, WALL_TIME);

  private static final String MAX_LOSS = "search.max-loss";
  private static final String RUNGS = "search.rungs";
  private static final String POPULATION = "search.population";

  /** Dimensions that other tasks have no use for, and what of these tasks' losses is missing. */
  private static final Map<String, String> OF_CLASSES =
      Map.of(
          "temperature", "temperature",
          "temperature-end", "temperature",
          "label-smoothing", "classes",
          "distillation", "classes",
          "logits", "classes",
          "target-weight", "classes",
          "other-weight", "classes",
          "adversarial", "classes",
          "adversarial-radius", "classes",
          "adversarial-beta", "classes");

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
    String store = settings.findLocation("sweep.store").orElse(SweepSpec.ownStore(out));
    int keepRuns = settings.read("sweep.keep-runs", COUNT);
    long seed = settings.read("sweep.seed", Domain.longs());
    Execution execution =
        new Execution(
            settings.read("sweep.max-attempts", COUNT),
            settings.find("sweep.stage-timeout", Domain.positive()).orElse(null),
            settings.read("sweep.engine", ENGINE));
    Task task = settings.read("data.task", Domain.oneOf(Task.class));
    DataSettings data = new DataReader(settings, task).read(seed);
    Metric metric = metric(task);
    ThirdObjective thirdObjective =
        settings.read("sweep.third-objective", Domain.oneOf(ThirdObjective.class));
    TeacherSpec teacher = new TeacherReader(settings, task).read(data.classWeights());
    SearchSettings search = search();
    Map<Dimension, List<String>> space = space(search);
    List<Map<Dimension, String>> points = new PointsReader(settings).read();
    StudentSpec student = StudentSettings.read(settings);
    Map<String, ArchitectureSpec> architectures = ArchitectureReader.students(settings);
    checkArchitectures(architectures, student, space, points);
    List<PublishedResult> published = new PublishedReader(settings, metric).read();
    if (thirdObjective == ThirdObjective.ROBUST_ERROR && student.encode().robustRadius() == null) {
      settings.reject("sweep.third-objective", "needs a student.evaluate.robust-radius");
    }
    if (task != Task.CLASSIFICATION) {
      rejectWhatIsOfClasses(task, student, space, points);
      if (student.encode().robustRadius() != null) {
        settings.reject(
            "student.evaluate.robust-radius",
            "must be left out: attacks are on classes, which data.task = " + task + " has not");
      }
    }
    new Conflicts(settings, teacher, architectures, student).report(space, points);
    settings.finish();
    return new SweepSpec(
        name,
        out,
        store,
        keepRuns,
        seed,
        metric,
        thirdObjective,
        execution,
        data,
        teacher,
        search,
        space,
        points,
        architectures,
        student,
        published,
        settings.references());
  }

  /** Whether those that students are to begin with are there. */
  private void checkArchitectures(
      Map<String, ArchitectureSpec> known,
      StudentSpec student,
      Map<Dimension, List<String>> space,
      List<Map<Dimension, String>> points) {
    Dimension dimension = new Dimension(SweepSpec.ARCHITECTURE);
    Set<String> names = new TreeSet<>(known.keySet());
    names.add(Start.TEACHER);
    String requirement =
        "must be one of " + String.join(", ", names) + ", as architectures has them";
    if (!names.contains(student.start().architecture())) {
      settings.reject("student.architecture", requirement);
    }
    List<String> values = space.getOrDefault(dimension, List.of());
    for (int i = 0; i < values.size(); i++) {
      if (!names.contains(values.get(i))) {
        settings.rejectElement("space." + dimension.key(), i, requirement);
      }
    }
    for (int i = 0; i < points.size(); i++) {
      String value = points.get(i).get(dimension);
      if (value != null && !names.contains(value)) {
        settings.rejectElement("points", i, dimension.key() + " = " + value + ": " + requirement);
      }
    }
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

  private SearchSettings search() {
    Optional<SearchSettings.Strategy> named =
        settings.find(
            "search.strategy",
            Domain.oneOf(SearchStrategies.names(), SearchSettings.Strategy::new));
    SearchSettings.Strategy strategy = named.orElse(SearchSettings.Strategy.GRID);
    Optional<Integer> candidates = settings.find(CANDIDATES, COUNT);
    Budgets budgets =
        new Budgets(
            settings.find(BUDGET, Domain.positive()).orElse(null),
            settings.find(EPOCHS, COUNT).orElse(null),
            settings.find(WALL_TIME, Domain.positive()).orElse(null));
    int population =
        settings.read(
            POPULATION, Domain.integers(SearchSettings.LEAST_POPULATION, Integer.MAX_VALUE));
    List<Double> rungs = rungs();
    int repeats = repeats();
    Optional<Double> maxLoss = settings.find(MAX_LOSS, Domain.positive());
    Set<SearchStrategy.Parameter> used = SearchStrategies.of(strategy).parameters();
    boolean limited = used.contains(SearchStrategy.Parameter.CANDIDATES);
    if (maxLoss.isPresent()
        && rungs.isEmpty()
        && !used.contains(SearchStrategy.Parameter.MAX_LOSS)) {
      settings.reject(MAX_LOSS, "must be left out where search.strategy = " + strategy.name());
      maxLoss = Optional.empty();
    }
    if (!used.contains(SearchStrategy.Parameter.POPULATION)
        && !settings.isPresent(BUDGET)
        && !settings.isPresent(WALL_TIME)
        && !settings.isPresent(RUNGS)
        && settings.placeGiven(POPULATION).isPresent()) {
      settings.reject(
          POPULATION,
          "must be left out where search.strategy = "
              + strategy.name()
              + " and there is none of search.budget, search.wall-time and search.rungs");
    }
    if (limited && LIMITS.stream().noneMatch(settings::isPresent)) {
      settings.reject(
          "search.strategy",
          "needs "
              + CANDIDATES
              + ", the number of candidates to try, or "
              + BUDGET
              + ", the seconds that their tasks may take, "
              + EPOCHS
              + " that they may train, or "
              + WALL_TIME
              + ", the seconds until they end");
    }
    for (String key : LIMITS) {
      if (named.isPresent() && !limited && settings.isPresent(key)) {
        settings.reject(
            key,
            "must be left out where search.strategy = " + strategy.name() + ", which tries all");
      }
    }
    return limited
        ? new SearchSettings(
            strategy,
            budgets.isLimited() ? candidates.orElse(null) : candidates.orElse(1),
            budgets,
            population,
            maxLoss.orElse(null),
            rungs,
            repeats)
        : new SearchSettings(strategy, null, Budgets.NONE, population, null, rungs, repeats);
  }

  private List<Double> rungs() {
    List<Double> rungs = new ArrayList<>();
    for (Settings.Element<Double> rung :
        settings.findList(RUNGS, Domain.betweenNothingAndAll()).orElse(List.of())) {
      if (!rungs.isEmpty() && rung.value() <= rungs.get(rungs.size() - 1)) {
        settings.reject(rung.key(), rung.origin(), "must be above the one before");
      } else {
        rungs.add(rung.value());
      }
    }
    if (!rungs.isEmpty()) {
      rejectValues(SearchStrategies.EPOCHS_SHARE, "where search.rungs has the shares of epochs");
    }
    return rungs;
  }

  private int repeats() {
    int repeats = settings.read("search.repeats", COUNT);
    if (repeats > 1) {
      rejectValues(SearchStrategies.REPEAT, "where search.repeats says how often");
    }
    return repeats;
  }

  /** A dimension whose values the search chooses. */
  private void rejectValues(String dimension, String where) {
    for (String section : List.of("space.", "student.")) {
      if (settings.placeGiven(section + dimension).isPresent()) {
        settings.reject(section + dimension, "must be left out " + where);
      }
    }
  }

  /** What goes by classes or by their probabilities, which only classifiers have. */
  private void rejectWhatIsOfClasses(
      Task task,
      StudentSpec student,
      Map<Dimension, List<String>> space,
      List<Map<Dimension, String>> points) {
    String reason = "must be left out: the loss of data.task = " + task + " has no ";
    StudentSpec usual =
        StudentSettings.read(
            new Settings(SpecSource.reference().resolve(), "", "reference", List.of()));
    for (Setting<?> setting : StudentSettings.ALL) {
      String name = setting.dimension().orElse("");
      String lacking = OF_CLASSES.get(name);
      if (lacking != null) {
        Dimension dimension = new Dimension(name);
        if (space.containsKey(dimension)) {
          settings.reject("space." + name, reason + lacking);
        }
        for (int i = 0; i < points.size(); i++) {
          if (points.get(i).containsKey(dimension)) {
            settings.rejectElement("points", i, name + " " + reason + lacking);
          }
        }
        if (!Objects.equals(setting.text(student), setting.text(usual))) {
          settings.reject(setting.key(), reason + lacking);
        }
      }
    }
  }

  private Map<Dimension, List<String>> space(SearchSettings search) {
    Map<Dimension, List<String>> space = new TreeMap<>();
    for (Dimension dimension : Dimension.all()) {
      values(dimension).ifPresent(values -> space.put(dimension, values));
    }
    long most = SweepSpec.mostCombinations(search);
    if (SweepSpec.combinations(space) > most) {
      settings.reject("space", "has more than " + most + " combinations");
    }
    return space;
  }

  private Optional<List<String>> values(Dimension dimension) {
    String key = "space." + dimension.key();
    return dimension.isNumeric() && settings.isSection(key)
        ? new RangeReader(settings).read(key, dimension)
        : settings.findList(key, dimension.spelling()).map(values -> distinct(key, values));
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
