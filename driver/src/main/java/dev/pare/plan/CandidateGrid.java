package dev.pare.plan;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.quantize.Quantizers;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every combination of a sweep's values, and the points that it spells out.
 *
 * <p>Settings that cannot make a difference are put to one value, such as the scope where nothing
 * is pruned, and a stage that does nothing is left out. Of candidates whose stages are then equal
 * the first one stays; of points a warning names the others.
 */
public final class CandidateGrid {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateGrid.class);
  private static final Dimension SPARSITY = new Dimension("sparsity");
  private static final Dimension ORIGIN = new Dimension("origin");
  private static final Training UNTRAINED = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final List<Map.Entry<Dimension, List<String>>> dimensions;
  private final List<Double> sparsities;

  /** Of points with an iterative schedule, the sparsities of those that differ in these alone. */
  private final Map<Chain, SortedSet<Double>> chains = new HashMap<>();

  private final Map<String, String> point = new TreeMap<>();
  private final Map<StageSettings, StageSettings> shared = new HashMap<>();
  private final Map<StageSettings, StageSettings> bySettings = new HashMap<>();
  private final Map<StageSettings, Integer> numbers = new IdentityHashMap<>();
  private final Map<List<Integer>, Candidate> byStages = new HashMap<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final boolean teacherHasOrigin;

  /**
   * What stages of a chain have in common.
   *
   * @param before the stages before pruning
   * @param prune at any one sparsity
   */
  private record Chain(List<StageSettings> before, Prune prune) {}

  private CandidateGrid(SweepSpec spec) {
    teacherHasOrigin = spec.teacher().kind() == TeacherSpec.Kind.TRAIN;
    dimensions = List.copyOf(spec.space().entrySet());
    sparsities =
        spec.space().getOrDefault(SPARSITY, List.of()).stream().map(Double::valueOf).toList();
  }

  /**
   * The candidates of a sweep, in the order of its dimensions and of their values, the last
   * dimension changing fastest. Equal stages are one object.
   */
  public static List<Candidate> of(SweepSpec spec) {
    CandidateGrid grid = new CandidateGrid(spec);
    if (!spec.space().isEmpty() || spec.points().isEmpty()) {
      grid.expand(0, spec.student());
    }
    grid.addPoints(spec.points(), spec.student());
    return List.copyOf(grid.candidates);
  }

  private void expand(int depth, StudentSpec student) {
    if (depth == dimensions.size()) {
      addUnlessThere(student);
      return;
    }
    Dimension dimension = dimensions.get(depth).getKey();
    for (String value : dimensions.get(depth).getValue()) {
      point.put(dimension.key(), value);
      expand(depth + 1, student.with(dimension, value));
    }
  }

  private void addPoints(List<Map<Dimension, String>> points, StudentSpec student) {
    List<StudentSpec> all = new ArrayList<>(points.size());
    for (Map<Dimension, String> values : points) {
      StudentSpec own = student;
      for (Map.Entry<Dimension, String> entry : values.entrySet()) {
        own = own.with(entry.getKey(), entry.getValue());
      }
      all.add(own);
      if (own.prune().schedule() == Prune.Schedule.ITERATIVE) {
        chains
            .computeIfAbsent(chain(beforePruning(own), own.prune()), chain -> new TreeSet<>())
            .add(own.prune().sparsity());
      }
    }
    for (int i = 0; i < all.size(); i++) {
      point.clear();
      points.get(i).forEach((dimension, value) -> point.put(dimension.key(), value));
      int index = i;
      addUnlessThere(all.get(i))
          .ifPresent(
              twin ->
                  LOG.warn(
                      "points[{}] = {} is left out: it does the same as {}",
                      index,
                      point,
                      twin.point()));
    }
  }

  private static Chain chain(List<StageSettings> before, Prune prune) {
    return new Chain(
        List.copyOf(before), StudentSettings.effective(prune.but().sparsity(0.5).build()));
  }

  private List<StageSettings> beforePruning(StudentSpec student) {
    List<StageSettings> stages = new ArrayList<>(4);
    if (student.factorize().method() != Factorize.Method.NONE) {
      stages.add(shared(student.factorize()));
    }
    if (student.activate().rule() != Activate.Rule.NONE) {
      stages.add(shared(student.activate()));
    }
    if (student.regularizes()) {
      stages.add(shared(student.regularize()));
    }
    return stages;
  }

  /** The candidate that does the same, if there is one already. */
  private Optional<Candidate> addUnlessThere(StudentSpec whole) {
    boolean same = whole.encode().origin() == Encode.Origin.ON || usesOrigin(whole);
    StudentSpec student = same ? whole : whole.with(ORIGIN, "on");
    List<StageSettings> stages = beforePruning(student);
    if (student.quantizesFirst()) {
      stages.add(shared(student.quantize()));
      stages.add(shared(student.prune().but().training(UNTRAINED).build()));
    } else {
      addPruning(student.prune(), stages);
      if (student.quantize().bits() != Quantize.FLOAT_BITS) {
        stages.add(shared(student.quantize()));
      }
    }
    stages.add(shared(student.encode()));
    List<StageSettings> path = List.copyOf(stages);
    // Equal stages are one object: numbers are faster to compare than what they do.
    List<Integer> own = new ArrayList<>(path.size());
    for (StageSettings stage : path) {
      own.add(numbers.computeIfAbsent(stage, s -> numbers.size()));
    }
    Candidate twin = byStages.get(own);
    if (twin == null) {
      Candidate candidate = new Candidate(point, path);
      byStages.put(own, candidate);
      candidates.add(candidate);
    }
    return Optional.ofNullable(twin);
  }

  /** Whether an origin, if files may hold it, makes a difference to any. */
  private boolean usesOrigin(StudentSpec student) {
    boolean known = teacherHasOrigin || student.prune().start() == Prune.Start.RANDOM;
    return known
        && student.quantize().bits() != Quantize.FLOAT_BITS
        && Quantizers.of(student.quantize().quantizer()).usesOrigin();
  }

  /**
   * With an iterative schedule one stage for each lower sparsity of the space and of the chain's
   * points comes first, so that a sparser student starts from the next less sparse one.
   */
  private void addPruning(Prune prune, List<StageSettings> stages) {
    if (!stages.isEmpty()
        && prune.removesNothing()
        && prune.schedule() != Prune.Schedule.REWIND
        && prune.training().epochs() == 0) {
      // A penalty has done what there is to do.
      return;
    }
    if (prune.schedule() == Prune.Schedule.ITERATIVE) {
      SortedSet<Double> lower = new TreeSet<>(sparsities);
      if (!chains.isEmpty()) {
        lower.addAll(chains.getOrDefault(chain(stages, prune), Collections.emptySortedSet()));
      }
      for (double sparsity : lower.headSet(prune.sparsity())) {
        addUnlessLast(stages, shared(prune.but().sparsity(sparsity).build()));
      }
    }
    addUnlessLast(stages, shared(prune));
  }

  /** Where something else than the sparsity says what goes, all stages of a chain are one. */
  private static void addUnlessLast(List<StageSettings> stages, StageSettings stage) {
    if (stages.isEmpty() || stages.get(stages.size() - 1) != stage) {
      stages.add(stage);
    }
  }

  /** The one object for all stages that do the same as this one. */
  private StageSettings shared(StageSettings settings) {
    return bySettings.computeIfAbsent(
        settings,
        all -> shared.computeIfAbsent(StudentSettings.effective(all), effective -> effective));
  }
}
