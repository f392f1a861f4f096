package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.quantize.Quantizers;
import dev.pare.search.SearchStrategies;
import dev.pare.spec.Dimension;
import dev.pare.spec.StudentSettings;
import dev.pare.spec.StudentSpec;
import dev.pare.spec.SweepSpec;
import dev.pare.spec.TeacherSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What the points of a sweep's space come to, and the points that it spells out.
 *
 * <p>Settings that cannot make a difference are put to one value, such as the scope where nothing
 * is pruned, and a stage that does nothing is left out. Points whose stages are then equal are one
 * candidate, that of the first of them.
 */
final class CandidateSpace {
  private static final Dimension SPARSITY = new Dimension("sparsity");
  private static final Dimension REPEAT = new Dimension(SearchStrategies.REPEAT);
  private static final Dimension ORIGIN = new Dimension("origin");
  private static final Training UNTRAINED = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final StudentSpec base;
  private final List<Double> sparsities;

  /** Of points with an iterative schedule, the sparsities of those that differ in these alone. */
  private final Map<Chain, SortedSet<Double>> chains = new HashMap<>();

  /** The way to the student of the point before: the next one shares the beginning, most often. */
  private final List<Step> steps = new ArrayList<>();

  private final Map<StageSettings, StageSettings> shared = new HashMap<>();
  private final Map<StageSettings, StageSettings> bySettings = new HashMap<>();
  private final Map<StageSettings, Integer> numbers = new IdentityHashMap<>();
  private final Map<List<Integer>, Candidate> byStages = new HashMap<>();
  private final StudentArchitectures architectures;
  private final boolean teacherHasOrigin;

  /**
   * What stages of a chain have in common.
   *
   * @param before the stages before pruning
   * @param prune at any one sparsity
   */
  private record Chain(List<StageSettings> before, Prune prune) {}

  /** A value, and the student with it and those of the steps before. */
  private record Step(Dimension dimension, String value, StudentSpec student) {}

  /**
   * @param architectures what those are that the sweep names
   */
  CandidateSpace(SweepSpec spec, StudentArchitectures architectures) {
    base = spec.student();
    this.architectures = requireNonNull(architectures, "architectures is null");
    teacherHasOrigin = spec.teacher().kind() == TeacherSpec.Kind.TRAIN;
    sparsities =
        spec.space().getOrDefault(SPARSITY, List.of()).stream().map(Double::valueOf).toList();
    for (Map<Dimension, String> point : spec.points()) {
      chain(point)
          .ifPresent(
              chain ->
                  chains
                      .computeIfAbsent(chain, first -> new TreeSet<>())
                      .add(student(point).prune().sparsity()));
    }
  }

  /** How many candidates there are so far. */
  int size() {
    return byStages.size();
  }

  /**
   * The candidate of a point of the space, which is a new one unless an earlier point does the
   * same. Equal stages are one object.
   *
   * @param point values of dimensions; all else is as the students have it
   */
  Candidate candidate(Map<Dimension, String> point) {
    return candidate(point, Map.of());
  }

  /** The stages of a point's candidate, whether or not there is one yet. */
  List<StageSettings> stages(Map<Dimension, String> point) {
    return path(student(point), Map.of(), this::known);
  }

  /** The same of a point that is spelled out, whose chain goes by others of these, too. */
  Candidate spelledOut(Map<Dimension, String> point) {
    return candidate(point, chains);
  }

  /**
   * One of the candidates that differ from that of a point in their random choices alone.
   *
   * @param spelledOut whether the point is
   */
  Candidate repeated(Map<Dimension, String> point, boolean spelledOut, int number) {
    Map<Dimension, String> repeated = new TreeMap<>(point);
    repeated.put(REPEAT, String.valueOf(number));
    if (!spelledOut) {
      return candidate(repeated);
    }
    chain(point)
        .map(chains::get)
        .ifPresent(sparsities -> chain(repeated).ifPresent(chain -> chains.put(chain, sparsities)));
    return spelledOut(repeated);
  }

  /** That of a point that is pruned step by step. */
  private Optional<Chain> chain(Map<Dimension, String> point) {
    StudentSpec student = student(point).shortened();
    return student.prune().schedule() == Prune.Schedule.ITERATIVE
        ? Optional.of(chain(beforePruning(student, this::shared), student.prune()))
        : Optional.empty();
  }

  private Candidate candidate(Map<Dimension, String> point, Map<Chain, SortedSet<Double>> others) {
    List<StageSettings> path = path(student(point), others, this::shared);
    // Equal stages are one object: numbers are faster to compare than what they do.
    List<Integer> own = new ArrayList<>(path.size());
    for (StageSettings stage : path) {
      own.add(numbers.computeIfAbsent(stage, s -> numbers.size()));
    }
    Candidate candidate = byStages.get(own);
    if (candidate == null) {
      Map<String, String> values = new TreeMap<>();
      point.forEach((dimension, value) -> values.put(dimension.key(), value));
      candidate = new Candidate(values, path);
      byStages.put(own, candidate);
    }
    return candidate;
  }

  private StudentSpec student(Map<Dimension, String> point) {
    StudentSpec student = base;
    int depth = 0;
    for (Map.Entry<Dimension, String> value : point.entrySet()) {
      Step known = depth < steps.size() ? steps.get(depth) : null;
      if (known == null
          || !known.dimension.equals(value.getKey())
          || !known.value.equals(value.getValue())) {
        steps.subList(depth, steps.size()).clear();
        known =
            new Step(
                value.getKey(), value.getValue(), student.with(value.getKey(), value.getValue()));
        steps.add(known);
      }
      student = known.student;
      depth++;
    }
    return student;
  }

  private static Chain chain(List<StageSettings> before, Prune prune) {
    return new Chain(
        List.copyOf(before), StudentSettings.effective(prune.but().sparsity(0.5).build()));
  }

  private List<StageSettings> beforePruning(StudentSpec student, UnaryOperator<StageSettings> one) {
    List<StageSettings> stages = new ArrayList<>(5);
    if (student.start().isOwn()) {
      stages.add(one.apply(architectures.resolved(student.start())));
    }
    if (student.factorize().method() != Factorize.Method.NONE) {
      stages.add(one.apply(student.factorize()));
    }
    if (student.activate().rule() != Activate.Rule.NONE) {
      stages.add(one.apply(student.activate()));
    }
    if (student.regularizes()) {
      stages.add(one.apply(student.regularize()));
    }
    return stages;
  }

  private List<StageSettings> path(
      StudentSpec whole, Map<Chain, SortedSet<Double>> others, UnaryOperator<StageSettings> one) {
    boolean same = whole.encode().origin() == Encode.Origin.ON || usesOrigin(whole);
    StudentSpec student = (same ? whole : whole.with(ORIGIN, "on")).shortened();
    List<StageSettings> stages = beforePruning(student, one);
    if (student.quantizesFirst()) {
      stages.add(one.apply(student.quantize()));
      stages.add(one.apply(student.prune().but().training(UNTRAINED).build()));
    } else {
      addPruning(student.prune(), others, stages, one);
      if (student.quantize().bits() != Quantize.FLOAT_BITS) {
        stages.add(one.apply(student.quantize()));
      }
    }
    stages.add(one.apply(student.encode()));
    return stages;
  }

  /** Whether an origin, if files may hold it, makes a difference to any. */
  private boolean usesOrigin(StudentSpec student) {
    boolean known =
        teacherHasOrigin
            || student.start().isOwn()
            || student.prune().initialization() == Prune.Initialization.RANDOM;
    return known
        && student.quantize().bits() != Quantize.FLOAT_BITS
        && Quantizers.of(student.quantize().quantizer()).usesOrigin();
  }

  /**
   * With an iterative schedule one stage for each lower sparsity of the space and of the chain's
   * points comes first, so that a sparser student starts from the next less sparse one.
   */
  private void addPruning(
      Prune prune,
      Map<Chain, SortedSet<Double>> others,
      List<StageSettings> stages,
      UnaryOperator<StageSettings> one) {
    if (!stages.isEmpty()
        && prune.removesNothing()
        && prune.schedule() != Prune.Schedule.REWIND
        && prune.training().epochs() == 0) {
      // A penalty has done what there is to do.
      return;
    }
    if (prune.schedule() == Prune.Schedule.ITERATIVE) {
      SortedSet<Double> lower = new TreeSet<>(sparsities);
      if (!others.isEmpty()) {
        lower.addAll(others.getOrDefault(chain(stages, prune), Collections.emptySortedSet()));
      }
      for (double sparsity : lower.headSet(prune.sparsity())) {
        addUnlessLast(stages, one.apply(prune.but().sparsity(sparsity).build()));
      }
    }
    addUnlessLast(stages, one.apply(prune));
  }

  /** Where something else than the sparsity says what goes, all stages of a chain are one. */
  private static void addUnlessLast(List<StageSettings> stages, StageSettings stage) {
    if (stages.isEmpty() || !stages.get(stages.size() - 1).equals(stage)) {
      stages.add(stage);
    }
  }

  /** The one object for all stages that do the same as this one. */
  private StageSettings shared(StageSettings settings) {
    return bySettings.computeIfAbsent(
        settings,
        all -> shared.computeIfAbsent(StudentSettings.effective(all), effective -> effective));
  }

  /**
   * The same, if there is one already; nothing is kept, since searches ask about far more points
   * than they try.
   */
  private StageSettings known(StageSettings settings) {
    StageSettings known = bySettings.get(settings);
    if (known != null) {
      return known;
    }
    StageSettings effective = StudentSettings.effective(settings);
    return shared.getOrDefault(effective, effective);
  }
}
