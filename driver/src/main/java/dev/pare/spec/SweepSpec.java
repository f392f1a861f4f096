package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.pare.candidate.Metric;
import dev.pare.candidate.ThirdObjective;
import dev.pare.data.DataSettings;
import dev.pare.search.SearchSettings;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that determines a sweep, with every path absolute and every default filled in.
 *
 * @param name for people
 * @param out any Hadoop path: the folder for results
 * @param store any Hadoop path: the folder for the products of stages, which sweeps may share
 * @param keepRuns how many runs' frontiers are kept, at least 1
 * @param seed from which every random choice follows
 * @param metric what frontiers weigh against bytes
 * @param thirdObjective what they weigh beside both
 * @param execution how hard to try
 * @param search which combinations of the space are tried, and when
 * @param space the values to try of each dimension, as {@link Dimension#spell} spells them; at
 *     least one each, none twice
 * @param points candidates of their own, none twice: the values of some dimensions, as {@link
 *     Dimension#spell} spells them; the space is left out where it is empty and there are points
 * @param architectures those that students may begin with beside the teacher's, by the names that
 *     candidates have for them
 * @param student the stages, with the value of whatever neither varies
 * @param published results from elsewhere that are shown beside the frontier
 * @param references the keys of texts and paths that come from environment variables, each with its
 *     text in which control characters enclose the variables' names
 */
public record SweepSpec(
    String name,
    String out,
    String store,
    int keepRuns,
    long seed,
    Metric metric,
    ThirdObjective thirdObjective,
    Execution execution,
    DataSettings data,
    TeacherSpec teacher,
    SearchSettings search,
    Map<Dimension, List<String>> space,
    List<Map<Dimension, String>> points,
    Map<String, ArchitectureSpec> architectures,
    StudentSpec student,
    List<PublishedResult> published,
    Map<String, String> references)
    implements Serializable {
  /** Most candidates that one sweep may have. */
  public static final long MOST_CANDIDATES = 10_000_000;

  /** Most combinations of a space of which a few are tried; they have numbers of 64 bits. */
  private static final long MOST_COMBINATIONS = 1_000_000_000_000_000_000L;

  /** In place of a section that there is not. */
  private static final ConfigValue NOTHING = ConfigValueFactory.fromAnyRef(null);

  /** The dimension of what students begin with. */
  static final String ARCHITECTURE = "architecture";

  /** The name of a sweep that has neither a name nor a file. */
  static final String UNNAMED = "sweep";

  public SweepSpec {
    requireNonNull(name, "name is null");
    requireNonNull(out, "out is null");
    requireNonNull(store, "store is null");
    if (keepRuns < 1) {
      throw new IllegalArgumentException("sweep.keep-runs = " + keepRuns + ": must be at least 1");
    }
    requireNonNull(thirdObjective, "thirdObjective is null");
    requireNonNull(execution, "execution is null");
    requireNonNull(data, "data is null");
    if (!requireNonNull(metric, "metric is null").suits(data.task())) {
      throw new IllegalArgumentException(
          "sweep.metric = " + metric + ": is not defined for data.task = " + data.task());
    }
    requireNonNull(teacher, "teacher is null");
    requireNonNull(search, "search is null");
    architectures = Collections.unmodifiableMap(new TreeMap<>(architectures));
    requireNonNull(student, "student is null");
    published = List.copyOf(published);
    space = checked(space, mostCombinations(search));
    points = checkedPoints(points);
    references = Map.copyOf(references);
  }

  /** The architectures that a candidate may begin with, beside the teacher's. */
  public Map<String, ArchitectureSpec> architecturesInUse() {
    Set<String> names = new HashSet<>(valuesOf(new Dimension(ARCHITECTURE)));
    Map<String, ArchitectureSpec> used = new TreeMap<>(architectures);
    used.keySet().retainAll(names);
    return used;
  }

  /** The values that some candidate may have of a dimension. */
  public Set<String> valuesOf(Dimension dimension) {
    Set<String> values = new LinkedHashSet<>(space.getOrDefault(dimension, List.of()));
    points.stream()
        .filter(point -> point.containsKey(dimension))
        .forEach(point -> values.add(requireNonNull(point.get(dimension))));
    values.add(dimension.of(student));
    return values;
  }

  private static List<Map<Dimension, String>> checkedPoints(List<Map<Dimension, String>> points) {
    Set<Map<Dimension, String>> copies = new LinkedHashSet<>();
    for (Map<Dimension, String> point : points) {
      Map<Dimension, String> copy = new TreeMap<>();
      copy.putAll(point);
      copy.forEach(SweepSpec::checkSpelling);
      if (!copies.add(Collections.unmodifiableMap(copy))) {
        throw new IllegalArgumentException("points: " + point + " is there twice");
      }
    }
    return List.copyOf(copies);
  }

  private static void checkSpelling(Dimension dimension, String value) {
    if (!dimension.spell(value).equals(value)) {
      throw new IllegalArgumentException(
          dimension.key() + " = " + value + ": is spelled " + dimension.spell(value));
    }
  }

  private static Map<Dimension, List<String>> checked(
      Map<Dimension, List<String>> space, long most) {
    Map<Dimension, List<String>> copy = new TreeMap<>();
    space.forEach(
        (dimension, values) -> {
          for (String value : values) {
            checkSpelling(dimension, value);
          }
          if (values.isEmpty() || new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException(
                dimension.key() + " = " + values + ": must be a value or more, none twice");
          }
          copy.put(dimension, List.copyOf(values));
        });
    if (combinations(copy) > most) {
      throw new IllegalArgumentException("space: more than " + most + " combinations");
    }
    return Collections.unmodifiableMap(copy);
  }

  /** How many combinations a space has, or more than is ever allowed if that many. */
  static long combinations(Map<Dimension, List<String>> space) {
    long product = 1;
    for (List<String> values : space.values()) {
      product =
          product > MOST_COMBINATIONS / Math.max(values.size(), 1)
              ? MOST_COMBINATIONS + 1
              : product * values.size();
    }
    return product;
  }

  /** Most combinations of a space that is searched so. */
  static long mostCombinations(SearchSettings search) {
    return search.candidates() == null && !search.budgets().isLimited()
        ? MOST_CANDIDATES
        : MOST_COMBINATIONS;
  }

  /** The store of a sweep that names none: within its results. */
  static String ownStore(String out) {
    return Locations.child(out, "store");
  }

  /** Whether its store is within its results, where no other sweep has its own. */
  public boolean hasOwnStore() {
    return store.equals(ownStore(out));
  }

  /**
   * The same, with those values of each dimension alone that other settings may not go with: in a
   * space of so many combinations that no list holds them, all stages that there are in kind.
   */
  public SweepSpec withTellingValues() {
    Map<Dimension, List<String>> telling = new TreeMap<>();
    space.forEach((dimension, values) -> telling.put(dimension, dimension.telling(values)));
    return with(search, telling);
  }

  /** The same, searched in another way. */
  public SweepSpec with(SearchSettings other) {
    return with(other, space);
  }

  private SweepSpec with(SearchSettings other, Map<Dimension, List<String>> values) {
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
        other,
        values,
        points,
        architectures,
        student,
        published,
        references);
  }

  /**
   * Reads a configuration and fills in the defaults.
   *
   * @param conf a file, or any Hadoop path with a scheme; relative paths in it start from its
   *     folder
   * @param overrides {@code key=value} each, which win over the file; relative paths in them start
   *     from the working directory
   * @throws InvalidSpecException with everything that is wrong
   */
  public static SweepSpec load(String conf, List<String> overrides) {
    return SpecSource.load(conf, overrides);
  }

  /**
   * Starts from a configuration, for a program to change.
   *
   * @param conf as in {@link #load}; read when the specification is built
   */
  public static SpecBuilder from(String conf) {
    return new SpecBuilder(conf, false);
  }

  /**
   * Starts from what a configuration says of the data and the metric, and nothing else.
   *
   * @param conf as in {@link #load}; read when the specification is built
   */
  public static SpecBuilder withDataOf(String conf) {
    return new SpecBuilder(conf, true);
  }

  /** Starts from the defaults, for a program to say the rest. */
  public static SpecBuilder builder() {
    return new SpecBuilder(null, false);
  }

  /**
   * The whole specification as HOCON text; {@link #load} of it gives an equal one. Texts and paths
   * that come from the environment refer to it there, too. Credentials in paths are masked: {@link
   * #load} refuses such a path until it is set again.
   */
  public String render() {
    return SpecText.of(this);
  }

  /**
   * The sections in which a sweep differs from this one, of those that are alike in repetitions:
   * {@code data}, {@code teacher}, {@code architectures} and {@code student}.
   */
  public List<String> sectionsUnlike(SweepSpec other) {
    Config one = withoutSeeds();
    Config two = other.withoutSeeds();
    return Stream.of("data", "teacher", ArchitectureReader.SECTION, "student")
        .filter(
            section ->
                !one.root()
                    .getOrDefault(section, NOTHING)
                    .equals(two.root().getOrDefault(section, NOTHING)))
        .toList();
  }

  private Config withoutSeeds() {
    return ConfigFactory.parseString(render())
        .withoutPath("data.seed")
        .withoutPath("student.repeat");
  }
}
