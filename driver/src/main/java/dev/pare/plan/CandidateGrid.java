package dev.pare.plan;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Prune.Saliency;
import dev.pare.candidate.Prune.Scope;
import dev.pare.candidate.PruneBuilder;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.spec.Dimension;
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
  private static final Training UNTRAINED = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private final List<Map.Entry<Dimension, List<String>>> dimensions;
  private final List<Double> sparsities;

  /** Of points with an iterative schedule, the sparsities of those that differ in these alone. */
  private final Map<Chain, SortedSet<Double>> chains = new HashMap<>();

  private final Map<String, String> point = new TreeMap<>();
  private final Map<StageSettings, StageSettings> shared = new HashMap<>();
  private final Map<Prune, StageSettings> sharedByObject = new IdentityHashMap<>();
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
        spec.space().getOrDefault(Dimension.SPARSITY, List.of()).stream()
            .map(Double::valueOf)
            .toList();
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
    return new Chain(List.copyOf(before), effective(prune, 0.5));
  }

  private List<StageSettings> beforePruning(StudentSpec student) {
    List<StageSettings> stages = new ArrayList<>(4);
    if (student.factorize().method() != Factorize.Method.NONE) {
      stages.add(shared.computeIfAbsent(effective(student.factorize()), stage -> stage));
    }
    if (student.activate().rule() != Activate.Rule.NONE) {
      stages.add(shared.computeIfAbsent(effective(student.activate()), stage -> stage));
    }
    if (student.regularizes()) {
      stages.add(shared.computeIfAbsent(effective(student.regularize()), stage -> stage));
    }
    return stages;
  }

  /** The candidate that does the same, if there is one already. */
  private Optional<Candidate> addUnlessThere(StudentSpec whole) {
    boolean same = whole.encode().origin() == Encode.Origin.ON || usesOrigin(whole);
    StudentSpec student = same ? whole : whole.with(Dimension.ORIGIN, "on");
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
    stages.add(shared.computeIfAbsent(student.encode(), stage -> stage));
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
        && student.quantize().quantizer().usesOrigin();
  }

  /**
   * With an iterative schedule one stage for each lower sparsity of the space and of the chain's
   * points comes first, so that a sparser student starts from the next less sparse one.
   */
  private void addPruning(Prune prune, List<StageSettings> stages) {
    if (!stages.isEmpty()
        && removesNothing(prune, prune.sparsity())
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
        addUnlessLast(stages, shared.computeIfAbsent(effective(prune, sparsity), s -> s));
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
  private StageSettings shared(Prune prune) {
    // Candidates that differ in quantization alone bring the same object, whose hash takes time.
    return sharedByObject.computeIfAbsent(
        prune, key -> shared.computeIfAbsent(effective(key, key.sparsity()), stage -> stage));
  }

  private StageSettings shared(Quantize quantize) {
    return shared.computeIfAbsent(effective(quantize), stage -> stage);
  }

  private static Factorize effective(Factorize factorize) {
    Factorize.Method method = factorize.method();
    boolean given = !factorize.layerRank().isEmpty();
    boolean budgeted = factorize.rankBudget() != null;
    boolean byRank = method.usesRank() && factorize.energy() == null && !given && !budgeted;
    return factorize
        .but()
        .rank(byRank ? factorize.rank() : 1)
        .energy(method.usesRank() && !given && !budgeted ? factorize.energy() : null)
        .rankBudget(given ? null : factorize.rankBudget())
        .outputLayer(given ? Factorize.OutputLayer.KEEP : factorize.outputLayer())
        .singularThreshold(method == Factorize.Method.THRESHOLD ? factorize.singularThreshold() : 0)
        .calibration(method == Factorize.Method.ALS ? factorize.calibration() : 1)
        .training(effective(factorize.training()))
        .build();
  }

  /** What pruning does with another sparsity and all else as it is. */
  private static Prune effective(Prune prune, double sparsity) {
    Training training = effective(prune.training());
    if (removesNothing(prune, sparsity)) {
      return new Prune(
              0,
              null,
              Saliency.MAGNITUDE,
              Scope.LAYER,
              // Rewinding changes weights also where none goes.
              prune.schedule() == Prune.Schedule.REWIND
                  ? Prune.Schedule.REWIND
                  : Prune.Schedule.ONE_SHOT,
              0,
              training)
          .but()
          .start(prune.start())
          .regrowth(Regrowth.NONE)
          .calibration(Calibration.NONE)
          .build();
    }
    PruneBuilder but = prune.but().sparsity(sparsity).training(training);
    boolean patterned = prune.granularity().kind() == Granularity.Kind.N_OF_M;
    boolean given = !prune.layerSparsity().isEmpty();
    if (patterned) {
      // The pattern says how many.
      Granularity pattern = prune.granularity();
      but.sparsity(1 - (double) pattern.rows() / pattern.columns()).scope(Scope.LAYER);
    }
    if (given) {
      but.sparsity(0).outputSparsity(null).scope(Scope.LAYER);
    }
    boolean regrows = prune.schedule().regrows();
    if (!regrows) {
      but.regrowth(Regrowth.NONE);
    }
    boolean gradual = prune.schedule() == Prune.Schedule.GRADUAL && training.epochs() > 0;
    if (!gradual && !regrows) {
      but.ramp(0);
      if (prune.schedule() != Prune.Schedule.REWIND) {
        but.schedule(Prune.Schedule.ONE_SHOT);
      }
    }
    Calibration calibration = prune.calibration();
    boolean layers = prune.granularity().kind() == Granularity.Kind.LAYER;
    boolean asks =
        prune.saliency().asksData()
            || layers && prune.saliency() != Saliency.RANDOM
            || prune.scope() == Scope.SENSITIVITY && !patterned && !given;
    if (!asks) {
      but.calibration(Calibration.NONE);
    } else if (!prune.saliency().updates()) {
      but.calibration(new Calibration(calibration.examples(), 1, 1));
    }
    return but.build();
  }

  private static Activate effective(Activate activate) {
    return new Activate(
        activate.rule(),
        activate.rule() == Activate.Rule.THRESHOLD ? activate.threshold() : 0,
        activate.rule() == Activate.Rule.WINNERS ? activate.winners() : 1,
        effective(activate.training()));
  }

  private static boolean removesNothing(Prune prune, double sparsity) {
    if (prune.granularity().kind() == Granularity.Kind.N_OF_M) {
      return false;
    }
    Double output = prune.outputSparsity();
    return prune.layerSparsity().isEmpty()
        ? sparsity == 0 && (output == null || output == 0)
        : prune.layerSparsity().stream().allMatch(share -> share == 0);
  }

  private static Regularize effective(Regularize regularize) {
    return new Regularize(
        regularize.penalty(),
        regularize.lambda(),
        regularize.ramp(),
        effective(regularize.training()));
  }

  private static Quantize effective(Quantize quantize) {
    Quantize.Quantizer quantizer = quantize.quantizer();
    boolean grouped = quantizer == Quantize.Quantizer.UNIFORM_GROUP;
    boolean product = quantizer == Quantize.Quantizer.PRODUCT;
    return new Quantize(
        quantizer.usesBits() ? quantize.bits() : 1,
        quantizer,
        grouped ? quantize.group() : Quantize.USUAL_GROUP,
        product ? quantize.dimension() : Quantize.USUAL_DIMENSION,
        quantize.rateDistortion(),
        quantize.rateDistortion() == 0 ? Quantize.Weight.NONE : quantize.rateDistortionWeight(),
        quantize.batchNormalization(),
        // It is asked for prices alone.
        quantize.rateDistortion() == 0 ? Encode.Origin.ON : quantize.origin(),
        effective(quantize.training()));
  }

  /** Without training nothing matters; without a teacher's part its temperature does not. */
  private static Training effective(Training training) {
    if (training.epochs() == 0) {
      return UNTRAINED;
    }
    return training.alpha() != 0 || training.temperature() == 1
        ? training
        : new Training(
            training.epochs(),
            training.batch(),
            training.learningRate(),
            training.decay(),
            training.l2(),
            1,
            0);
  }
}
