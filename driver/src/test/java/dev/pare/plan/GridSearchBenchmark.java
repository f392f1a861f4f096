package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.run.PlannedWorkload;
import dev.pare.schedule.OutcomeBook;
import dev.pare.schedule.StoredReports;
import dev.pare.search.TwoCosts;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * How soon strategies have the hypervolume of a whole grid, in seconds of tasks: a grid that was
 * run is searched again, with the outcomes and the seconds that its store has. {@code -Dgrid=CONF}
 * is its configuration, {@code -Dgrid.only=TEXT} takes the searches with that. With {@code
 * -Dgrid.points=FILE} writes what other programs need to search it.
 */
class GridSearchBenchmark {
  private static final int SEEDS = 5;
  private static final double[] SHARES = {0.01, 0.02, 0.05, 0.1};

  /** Settings of a search each, but for the budget. */
  private static final List<String> SEARCHES =
      List.of(
          "strategy = random",
          "strategy = halton",
          "strategy = nsga-ii, population = 20",
          "strategy = motpe, population = 8",
          "strategy = motpe, population = 8, max-loss = 3",
          "strategy = gaussian-process, population = 8",
          "strategy = gaussian-process, population = 4",
          "strategy = gaussian-process, population = 8, max-loss = 3",
          "strategy = gaussian-process, population = 4, max-loss = 3");

  private SweepSpec spec;
  private StageCosts guess;
  private StageTree tree;
  private OutcomeBook book;
  private double[] worst;

  @Test
  void shareOfTheGridsHypervolumeOverSeconds() throws IOException {
    spec = SweepSpec.load(System.getProperty("grid"), List.of());
    PlannedWorkload planned = PlannedWorkload.of(spec);
    guess = new CostModel(planned.workload());
    tree = new StageTree(planned.teacher(), spec.metric());
    List<Candidate> all = CandidateSearch.all(spec);
    List<StageTree.Stage> stages = tree.add(all);
    book = new OutcomeBook(tree);
    Map<StageKey, StageReport> reports =
        new StoredReports(new HadoopStageStore(spec.store(), HadoopSettings.load()))
            .read(stages, tree.root(), Map.of());
    reports.values().forEach(report -> book.add(report, (candidate, outcome) -> {}));
    List<double[]> grid = all.stream().flatMap(c -> costs(c).stream()).toList();
    double seconds = seconds(all, new HashSet<>());
    System.out.printf(
        Locale.ROOT, "%d of %d candidates, %.0f s%n", grid.size(), all.size(), seconds);
    write(all);
    double best = grid.stream().mapToDouble(c -> c[1]).min().orElseThrow();
    for (double error : new double[] {0.9, best + 0.03}) {
      worst = new double[] {Math.log(4.0 * planned.network().parameters()) / Math.log(2), error};
      double whole = TwoCosts.hypervolume(grid, worst);
      System.out.printf(Locale.ROOT, "errors below %.4f: hypervolume %.4f%n", error, whole);
      for (String search : SEARCHES) {
        if (!search.contains(System.getProperty("grid.only", ""))) {
          continue;
        }
        System.out.println(row(search, whole, seconds));
      }
    }
  }

  private String row(String search, double whole, double seconds) {
    double[][] had = new double[SHARES.length][SEEDS];
    double[] until = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      run(search, seed, whole, seconds, had, until);
    }
    StringBuilder line = new StringBuilder("| " + search + " ");
    for (double[] share : had) {
      Arrays.sort(share);
      line.append(String.format(Locale.ROOT, "| %.3f ", share[SEEDS / 2]));
    }
    Arrays.sort(until);
    return line.append(String.format(Locale.ROOT, "| %.3f |", until[SEEDS / 2])).toString();
  }

  private void run(
      String search, int seed, double whole, double seconds, double[][] had, double[] until) {
    SweepSpec own =
        SweepSpec.load(
            System.getProperty("grid"),
            List.of(
                "sweep.seed=" + (100 + seed),
                "search={ " + search + " }",
                "search.budget=" + SHARES[SHARES.length - 1] * seconds));
    CandidateSearch candidates = new CandidateSearch(own, StudentArchitectures.UNKNOWN, guess);
    Set<StageKey> counted = new HashSet<>();
    double spent = 0;
    List<double[]> found = new ArrayList<>();
    until[seed] = Double.POSITIVE_INFINITY;
    List<Candidate> next = candidates.next(book::outcome);
    while (!next.isEmpty()) {
      for (Candidate candidate : next) {
        spent += seconds(List.of(candidate), counted);
        found.addAll(costs(candidate));
        double share = TwoCosts.hypervolume(found, worst) / whole;
        for (int i = 0; i < SHARES.length; i++) {
          if (spent <= SHARES[i] * seconds) {
            had[i][seed] = share;
          }
        }
        if (share >= 0.95) {
          until[seed] = Math.min(until[seed], spent / seconds);
        }
      }
      next = candidates.next(book::outcome);
    }
  }

  /** Of stages that were not counted before. */
  private double seconds(List<Candidate> candidates, Set<StageKey> counted) {
    double seconds = 0;
    for (Candidate candidate : candidates) {
      Optional<StageTree.Stage> stage = tree.stage(tree.keys().get(candidate));
      while (stage.isPresent() && counted.add(stage.get().key())) {
        StageReport report = book.reports().get(stage.get().key());
        if (report != null) {
          seconds += report.seconds().values().stream().mapToDouble(s -> s).sum();
        }
        stage = stage.get().parent();
      }
    }
    return seconds;
  }

  private List<double[]> costs(Candidate candidate) {
    Optional<Outcome> outcome = book.outcome(candidate);
    if (outcome.isEmpty() || !(outcome.get() instanceof Outcome.Measured)) {
      return List.of();
    }
    Measurement measurement = ((Outcome.Measured) outcome.get()).measurement();
    return List.of(new double[] {measurement.log2Bytes(), measurement.score().value()});
  }

  /** A line for each candidate: its point, log2 bytes, error, seconds of each kind of stage. */
  private void write(List<Candidate> all) throws IOException {
    String file = System.getProperty("grid.points");
    if (file == null) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (Candidate candidate : all) {
      for (double[] costs : costs(candidate)) {
        Outcome.Measured outcome = (Outcome.Measured) book.outcome(candidate).orElseThrow();
        lines.append(
            String.format(
                Locale.ROOT,
                "%s\t%s\t%s\t%s%n",
                candidate.point(),
                costs[0],
                costs[1],
                outcome.seconds()));
      }
    }
    Files.writeString(Path.of(file), lines, StandardCharsets.UTF_8);
  }
}
