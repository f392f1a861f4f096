package dev.pare.plan;

import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SmallSweep;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.spec.SweepSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateSearchTest {
  private static final String SPACE =
      "space={ sparsity = [0.5, 0.6, 0.7, 0.8, 0.9], temperature = [1, 2, 3, 4], bits = [2, 3, 4, 5] }";

  @TempDir private Path folder;

  private SweepSpec spec(String... overrides) {
    return SmallSweep.spec(folder.resolve("out"), overrides);
  }

  private static Outcome outcome(Candidate candidate) {
    StageKey key = StageKey.of(new Named(candidate.label()));
    long bytes = 100 + Integer.parseInt(key.hex().substring(0, 4), 16) % 900;
    return new Outcome.Measured(key, measurement(bytes), Map.of(), provenance("0@here"));
  }

  private record Named(String label) {}

  private static final class Run {
    private final CandidateSearch search;
    private final Map<Candidate, Outcome> outcomes = new HashMap<>();
    private final List<Candidate> asked = new ArrayList<>();
    private final List<Candidate> running = new ArrayList<>();
    private int mostAtOnce;

    private final Function<Candidate, Outcome> trial;

    Run(SweepSpec spec) {
      this(spec, CandidateSearchTest::outcome);
    }

    Run(SweepSpec spec, Function<Candidate, Outcome> trial) {
      this(new CandidateSearch(spec, StudentArchitectures.UNKNOWN, (stage, start) -> 1), trial);
    }

    Run(CandidateSearch search, Function<Candidate, Outcome> trial) {
      this.search = search;
      this.trial = trial;
    }

    /** Lets candidates end in some order, and asks after each of them. */
    List<Candidate> inOrderOf(Random random) {
      grow();
      while (!running.isEmpty()) {
        Collections.shuffle(running, random);
        Candidate ended = running.remove(0);
        outcomes.put(ended, trial.apply(ended));
        grow();
      }
      assertThat(search.isComplete()).isTrue();
      assertThat(search.most()).isEqualTo(asked.size());
      return asked;
    }

    private void grow() {
      List<Candidate> more = search.next(c -> Optional.ofNullable(outcomes.get(c)));
      asked.addAll(more);
      running.addAll(more);
      mostAtOnce = Math.max(mostAtOnce, running.size());
      assertThat(search.most()).isGreaterThanOrEqualTo(asked.size());
    }
  }

  @Test
  void theGridIsKnownBeforehandAndInItsOrder() {
    CandidateSearch search =
        new CandidateSearch(spec(), StudentArchitectures.UNKNOWN, (stage, start) -> 1);

    assertThat(search.next(candidate -> Optional.empty()))
        .extracting(Candidate::label)
        .containsExactly(
            "bits=2 sparsity=0.5",
            "bits=4 sparsity=0.5",
            "bits=2 sparsity=0.9",
            "bits=4 sparsity=0.9");
    assertThat(search.isComplete()).isTrue();
    assertThat(search.most()).isEqualTo(4);
  }

  @Test
  void aBudgetIsOfCandidatesAndAllOfItIsKnownBeforehandWhereNothingIsLearned() {
    CandidateSearch search =
        new CandidateSearch(
            spec(SPACE, "search={ strategy = random, candidates = 12 }"),
            StudentArchitectures.UNKNOWN,
            (stage, start) -> 1);

    assertThat(search.next(candidate -> Optional.empty())).hasSize(12).doesNotHaveDuplicates();
    assertThat(search.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nsga-ii", "motpe"})
  void whatFollowsGoesByOutcomesAndNotByWhatEndsFirst(String strategy) {
    SweepSpec spec =
        spec(SPACE, "search={ strategy = " + strategy + ", candidates = 37, population = 8 }");
    List<Candidate> asked = new Run(spec).inOrderOf(new Random(1));

    assertThat(asked).hasSize(37).doesNotHaveDuplicates();
    for (int seed = 2; seed < 10; seed++) {
      assertThat(new Run(spec).inOrderOf(new Random(seed))).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "halton", "nsga-ii", "motpe"})
  void withRungsAThirdGoesOnWhateverEndsFirst(String strategy) {
    SweepSpec spec =
        spec(
            SPACE,
            "student { epochs = 20, quantize.epochs = 10 }",
            "search={ strategy = %s, candidates = 60, population = 8, rungs = [0.1, 0.3] }"
                .formatted(strategy));
    List<Candidate> asked = new Run(spec).inOrderOf(new Random(1));

    assertThat(asked).hasSize(60).doesNotHaveDuplicates();
    for (int seed = 2; seed < 5; seed++) {
      assertThat(new Run(spec).inOrderOf(new Random(seed))).isEqualTo(asked);
    }
    Map<String, Set<Map<String, String>>> byShare = new HashMap<>();
    for (Candidate candidate : asked) {
      Map<String, String> point = new HashMap<>(candidate.point());
      String share = point.remove("epochs-share");
      byShare.computeIfAbsent(share, all -> new HashSet<>()).add(point);
    }
    assertThat(byShare.get("0.1")).containsAll(byShare.get("0.3"));
    assertThat(byShare.get("0.3")).containsAll(byShare.get("1"));
    // Of 40 a third is 13, of these four.
    assertThat(byShare.get("0.1")).hasSizeBetween(35, 45);
    assertThat(byShare.get("0.3")).hasSizeBetween(10, 18);
    assertThat(byShare.get("1")).hasSizeBetween(2, 8);
  }

  @Test
  void withRungsSomeAreTrainedToTheEndWhateverThePopulation() {
    for (int candidates : new int[] {13, 20, 21}) {
      SweepSpec spec =
          spec(
              SPACE,
              "student { epochs = 20, quantize.epochs = 10 }",
              "search={ strategy = random, candidates = %d, population = 20, rungs = [0.1, 0.3] }"
                  .formatted(candidates));

      assertThat(new Run(spec).inOrderOf(new Random(1)))
          .hasSize(candidates)
          .anyMatch(candidate -> "1".equals(candidate.point().get("epochs-share")));
    }
  }

  @Test
  void withRungsAGridHasAsManyCandidatesAsGoOn() {
    CandidateSearch search =
        new CandidateSearch(
            spec(SPACE, "search.rungs=[0.1, 0.3]"),
            StudentArchitectures.UNKNOWN,
            (stage, start) -> 1);
    search.next(candidate -> Optional.empty());

    // 80, 27 and 9.
    assertThat(search.most()).isEqualTo(116);
  }

  @Test
  void motpePrefersWhatOthersHaveTrained() {
    // Pruning, which sparsity and temperature have a part in, is dear, and bits are cheap.
    SweepSpec spec =
        spec(
            "space={ sparsity = { from = 0.5, to = 0.95, levels = 60 },"
                + " bits = [2, 3, 4, 5, 6], precision = [float32, float16, uniform8] }",
            "search={ strategy = motpe, candidates = 60, population = 4 }");
    Function<ToDoubleFunction<StageSettings>, Long> trained =
        seconds ->
            new Run(
                    new CandidateSearch(
                        spec,
                        StudentArchitectures.UNKNOWN,
                        (stage, start) -> seconds.applyAsDouble(stage)),
                    CandidateSearchTest::outcome)
                .inOrderOf(new Random(1)).stream()
                    .map(candidate -> candidate.point().get("sparsity"))
                    .distinct()
                    .count();

    long alike = trained.apply(stage -> 1);
    assertThat(trained.apply(stage -> stage instanceof Prune ? 1000 : 1)).isLessThan(alike);
  }

  @Test
  void combinationsThatDoTheSameCountOnce() {
    // Without a penalty its strength makes no difference.
    String space =
        "space={ bits = [2, 4], sparsity = [0.5, 0.9], strength = [0.1, 0.2, 0.3, 0.4, 0.5] }";
    for (String strategy : List.of("random", "halton", "nsga-ii", "motpe")) {
      Run run = new Run(spec(space, "search={ strategy = " + strategy + ", candidates = 9 }"));

      assertThat(run.inOrderOf(new Random(1))).as(strategy).hasSize(4);
    }
  }

  @Test
  void pointsAreTriedBesideWhatTheSearchAsksFor() {
    Run run =
        new Run(
            spec(
                SPACE,
                "points=[{ sparsity = 0.25 }, { bits = 8 }]",
                "search={ strategy = nsga-ii, candidates = 12, population = 6 }"));
    List<Candidate> asked = run.inOrderOf(new Random(1));

    assertThat(asked).hasSize(14);
    assertThat(asked.subList(6, 8))
        .extracting(Candidate::label)
        .containsExactly("sparsity=0.25", "bits=8");
  }

  /** A candidate's stages take 10 s, of which 8 are those that all of its sparsity share. */
  private static Outcome slow(Candidate candidate) {
    return new Outcome.Measured(
        outcome(candidate).key(),
        measurement(100),
        Map.of("prune", 8.0, "encode", 2.0),
        provenance("0@here"));
  }

  /** As many as it is enough for, the same whoever ends first. */
  @Test
  void aBudgetIsOfTheTimeOfStages() {
    for (String strategy : List.of("random", "halton", "nsga-ii")) {
      SweepSpec spec =
          spec(
              "space={ sparsity = [0.5, 0.6, 0.7, 0.8], alpha = [0.1, 0.2, 0.3, 0.4, 0.5], bits = [4] }",
              "search={ strategy = " + strategy + ", budget = 95, population = 5 }");
      List<Candidate> asked = new Run(spec, CandidateSearchTest::slow).inOrderOf(new Random(1));

      // Nothing is shared between candidates that are trained otherwise: 10 s each.
      assertThat(asked).as(strategy).hasSize(9).doesNotHaveDuplicates();
      for (int seed = 2; seed < 6; seed++) {
        assertThat(new Run(spec, CandidateSearchTest::slow).inOrderOf(new Random(seed)))
            .isEqualTo(asked);
      }
    }
  }

  /** Prunings train 6 epochs and quantizations 2, of which those that are shared count once. */
  @Test
  void aBudgetMayBeOfEpochs() {
    for (String strategy : List.of("random", "nsga-ii")) {
      SweepSpec spec =
          spec(
              "space={ sparsity = [0.5, 0.6, 0.7, 0.8], alpha = [0.1, 0.2, 0.3, 0.4, 0.5], bits = [4] }",
              "student.epochs=6",
              "student.quantize.epochs=2",
              "search={ strategy = " + strategy + ", epochs = 77 }");
      List<Candidate> asked = new Run(spec, CandidateSearchTest::slow).inOrderOf(new Random(1));

      assertThat(epochs(asked)).as(strategy).isEqualTo(72);
      for (int seed = 2; seed < 6; seed++) {
        assertThat(new Run(spec, CandidateSearchTest::slow).inOrderOf(new Random(seed)))
            .isEqualTo(asked);
      }
    }
    List<Candidate> sharing =
        new Run(
                spec(
                    "space={ sparsity = [0.5, 0.6], bits = [2, 3, 4, 5, 6, 7, 8] }",
                    "student.epochs=6",
                    "student.quantize.epochs=2",
                    "search={ strategy = random, epochs = 36 }"),
                CandidateSearchTest::slow)
            .inOrderOf(new Random(1));
    assertThat(epochs(sharing)).isBetween(29, 36);
  }

  private static int epochs(List<Candidate> candidates) {
    Set<List<StageSettings>> paths = new HashSet<>();
    int epochs = 0;
    for (Candidate candidate : candidates) {
      for (int i = 1; i <= candidate.stages().size(); i++) {
        if (paths.add(candidate.stages().subList(0, i))) {
          epochs += candidate.stages().get(i - 1).epochs();
        }
      }
    }
    return epochs;
  }

  /** Four at a time, of 10 seconds each. */
  @Test
  void aBudgetMayBeOfTheClock() {
    long[] now = {5};
    WallTimeBudget budget = new WallTimeBudget(100, 0, 4, () -> now[0]);
    Candidate candidate =
        new CandidateSearch(
                spec("space={ sparsity = [0.5], bits = [4] }"),
                StudentArchitectures.UNKNOWN,
                (stage, start) -> 1)
            .next(each -> Optional.empty())
            .get(0);
    int begun = 0;
    int waiting = 0;
    double end = 0;
    for (int round = 0; round < 30; round++) {
      for (int room = budget.room(waiting); room > 0; room--) {
        budget.begin(candidate);
        begun++;
        waiting++;
      }
      for (; waiting > 0; waiting--) {
        budget.take(candidate, slow(candidate));
        end = (now[0] - 5) / 1e9 + 10;
      }
      now[0] += 10_000_000_000L;
    }
    // What has ended at the end of each round counts in the next one.
    assertThat(begun).isBetween(36, 40);
    assertThat(end).isBetween(90.0, 100.0);
  }

  @Test
  void sharedStagesCountOnce() {
    SweepSpec spec =
        spec(
            "space={ sparsity = [0.5], bits = [2, 3, 4, 5, 6, 7, 8] }",
            "search={ strategy = random, budget = 25, population = 4 }");
    List<Candidate> asked = new Run(spec, CandidateSearchTest::slow).inOrderOf(new Random(1));

    // 8 s once, and 2 s for each of 7; otherwise the first 4 would be too many.
    assertThat(asked).hasSize(7);
  }

  /** Of candidates that begin with each other's stages each counts what it has on top. */
  @Test
  void chainsCountOnce() {
    SweepSpec spec =
        spec(
            "space={ sparsity = [0.5, 0.6, 0.7, 0.8, 0.9], bits = [4] }",
            "student.prune.schedule=iterative",
            "search={ strategy = random, budget = 60, population = 4 }");
    Run run =
        new Run(
            spec,
            candidate -> {
              long prunings =
                  candidate.stages().stream()
                      .filter(stage -> stage.kind() == StageSettings.Kind.PRUNE)
                      .count();
              return new Outcome.Measured(
                  outcome(candidate).key(),
                  measurement(100),
                  Map.of("prune", 8.0 * prunings, "encode", 2.0),
                  provenance("0@here"));
            });

    // 8 s for each sparsity and 2 s for each file: 50 s. The chains one by one are 130 s.
    assertThat(run.inOrderOf(new Random(1))).hasSize(5);
  }

  /** Files whose qualities cannot be told apart, of other sizes. */
  private static Outcome alike(Candidate candidate) {
    StageKey key = StageKey.of(new Named(candidate.label()));
    int any90 = Math.floorMod(candidate.label().replaceAll("repeat=\\d+ ", "").hashCode(), 90);
    BitSet right = new BitSet();
    // Rising with the bytes, so that all are on the frontier, and each by one example alone.
    right.set(0, 900 + any90);
    return new Outcome.Measured(
        key,
        measurement(100 + any90, right, 1000),
        Map.of("prune", 8.0, "encode", 2.0),
        provenance("0@here"));
  }

  /** Whatever strategy, in whatever order candidates end, spelled-out points included. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "strategy = grid",
        "strategy = random, candidates = 12",
        "strategy = motpe, candidates = 12, population = 4",
        "strategy = grid, rungs = [0.5], population = 4"
      })
  void whatCannotBeToldApartIsTrainedAgainAfterAllElse(String strategy) {
    SweepSpec spec =
        spec(
            "space={ sparsity = [0.5, 0.6, 0.7], temperature = [1, 2], bits = [2, 3, 4] }",
            "points=[{ sparsity = 0.25 }]",
            "student { epochs = 20, quantize.epochs = 10 }",
            "search={ " + strategy + ", repeats = 3 }");
    List<Candidate> asked = new Run(spec, CandidateSearchTest::alike).inOrderOf(new Random(1));

    for (int seed = 2; seed < 5; seed++) {
      assertThat(new Run(spec, CandidateSearchTest::alike).inOrderOf(new Random(seed)))
          .isEqualTo(asked);
    }
    List<String> repeats =
        asked.stream().map(candidate -> candidate.point().getOrDefault("repeat", "0")).toList();
    int first = repeats.indexOf("1");
    assertThat(first).isPositive();
    assertThat(repeats.subList(0, first)).containsOnly("0");
    assertThat(repeats.subList(first, repeats.size())).containsOnly("1", "2");
    for (Candidate candidate : asked.subList(first, asked.size())) {
      Map<String, String> settings = new HashMap<>(candidate.point());
      settings.remove("repeat");
      assertThat(asked.subList(0, first)).extracting(Candidate::point).contains(settings);
    }
  }

  @Test
  void aQuarterOfABudgetIsForRepetitions() {
    SweepSpec spec =
        spec(
            "space={ sparsity = [0.5, 0.6, 0.7, 0.8], alpha = [0.1, 0.2, 0.3, 0.4, 0.5], bits = [4] }",
            "search={ strategy = random, budget = 160, population = 5, repeats = 9 }");
    List<Candidate> asked = new Run(spec, CandidateSearchTest::alike).inOrderOf(new Random(1));

    // 10 s each, 120 s and 160 s.
    assertThat(asked).hasSize(16);
    assertThat(asked.subList(0, 12))
        .allSatisfy(c -> assertThat(c.point()).doesNotContainKey("repeat"));
    assertThat(asked.subList(12, 16)).allSatisfy(c -> assertThat(c.point()).containsKey("repeat"));
  }

  /** Points are not counted, their repetitions are: 10 s each. */
  @Test
  void repetitionsOfPointsAreWithinTheBudget() {
    SweepSpec spec =
        spec(
            "space={ sparsity = [0.5], bits = [4] }",
            "points=[{ alpha = 0.1 }, { alpha = 0.2 }, { alpha = 0.3 }, { alpha = 0.4 }, { alpha = 0.6 }]",
            "search={ strategy = random, budget = 40, population = 5, repeats = 9 }");
    List<Candidate> asked = new Run(spec, CandidateSearchTest::alike).inOrderOf(new Random(1));

    assertThat(asked.subList(0, 6))
        .allSatisfy(c -> assertThat(c.point()).doesNotContainKey("repeat"));
    assertThat(asked).hasSize(6 + 3);
  }

  /** Chains of points go by those points, of repetitions, too. */
  @Test
  void repetitionsOfPointsThatArePrunedStepByStepHaveAllSteps() {
    SweepSpec spec =
        spec(
            "space={}",
            "points=[{ sparsity = 0.5 }, { sparsity = 0.8 }, { sparsity = 0.9 }]",
            "student.prune.schedule=iterative",
            "search.repeats=2");
    List<Candidate> asked = new Run(spec, CandidateSearchTest::alike).inOrderOf(new Random(1));

    assertThat(asked)
        .filteredOn(candidate -> candidate.point().containsKey("repeat"))
        .isNotEmpty()
        .allSatisfy(
            candidate ->
                assertThat(candidate.stages())
                    .hasSize(
                        asked.stream()
                            .filter(c -> c.point().size() == 1)
                            .filter(
                                c ->
                                    c.point()
                                        .get("sparsity")
                                        .equals(candidate.point().get("sparsity")))
                            .findFirst()
                            .orElseThrow()
                            .stages()
                            .size()));
  }

  @Test
  void aSearchAllOfWhichFailsEnds() {
    SweepSpec spec = spec(SPACE, "search={ strategy = random, budget = 17, population = 6 }");

    assertThat(
            new Run(
                    spec,
                    candidate ->
                        new Outcome.Failed(
                            outcome(candidate).key(),
                            new Failure(
                                FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "NaN"),
                            provenance("0@here")))
                .inOrderOf(new Random(1)))
        .hasSize(6);
  }

  @Test
  void aStrategyOfOnesOwnMayGoOneByOne() {
    Run run = new Run(spec("search.strategy=toy"));

    assertThat(run.inOrderOf(new Random(1)))
        .extracting(Candidate::label)
        .containsExactly(
            "bits=4 sparsity=0.9",
            "bits=2 sparsity=0.9",
            "bits=4 sparsity=0.5",
            "bits=2 sparsity=0.5");
    assertThat(run.mostAtOnce).isEqualTo(1);
  }

  @Test
  void allOfASpaceIsThereWhateverTheStrategy() {
    assertThat(CandidateSearch.all(spec(SPACE, "search={ strategy = random, candidates = 2 }")))
        .isEqualTo(CandidateSearch.all(spec(SPACE)))
        .hasSize(80);
  }
}
