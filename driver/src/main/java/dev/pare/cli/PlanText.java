package dev.pare.cli;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.CostModel;
import dev.pare.plan.Forecast;
import dev.pare.plan.StagePoint;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.plan.TaskMemory;
import dev.pare.plan.TaskTree;
import dev.pare.plan.Workload;
import dev.pare.report.ByteSize;
import dev.pare.search.SearchSettings;
import dev.pare.structure.StayingUnits;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A stage tree and what it costs, in words. */
final class PlanText {
  private static final String LINE = "  %-15s %s%n";

  private final StageTree tree;
  private final PrintWriter out;

  PlanText(StageTree tree, PrintWriter out) {
    this.tree = requireNonNull(tree, "tree is null");
    this.out = requireNonNull(out, "out is null");
  }

  /** Distinct stages against those that there were without sharing. */
  void printSharing() {
    long trainings = 0;
    long epochs = 0;
    for (Stage stage : tree.all()) {
      trainings += stage.settings().epochs() > 0 ? 1 : 0;
      epochs += stage.settings().epochs();
    }
    long unsharedTrainings = 0;
    long unsharedEpochs = 0;
    for (Candidate candidate : tree.keys().keySet()) {
      for (StageSettings settings : candidate.stages()) {
        unsharedTrainings += settings.epochs() > 0 ? 1 : 0;
        unsharedEpochs += settings.epochs();
      }
    }
    sharing("stages", tree.stages(), tree.stagesOfCandidates());
    sharing("trainings", trainings, unsharedTrainings);
    sharing("epochs", epochs, unsharedEpochs);
  }

  private void sharing(String what, long run, long unshared) {
    out.printf(LINE, what, run + " to run; sharing saves " + (unshared - run));
  }

  /**
   * What is known only with the data at hand.
   *
   * @param finished reports of stages that need not run; predictions learn from them
   * @param most candidates that there can come to be; more than the tree has where a search goes by
   *     what these come to
   * @param search how candidates are searched for, and with what budget
   */
  void printForecast(
      Workload workload,
      Map<StageKey, StageReport> finished,
      int slots,
      int most,
      SearchSettings search) {
    CostModel costs = new CostModel(workload);
    finished.forEach(
        (key, report) -> tree.stage(key).ifPresent(stage -> costs.learn(stage, report)));
    TaskTree tasks = TaskTree.of(tree, costs, finished::containsKey);
    double unshared = 0;
    for (Candidate candidate : tree.keys().keySet()) {
      ArchitectureForm start =
          candidate.stages().get(0) instanceof Start first ? first.layers() : null;
      for (StageSettings settings : candidate.stages()) {
        unshared += costs.seconds(settings, start);
      }
    }
    double longest = tasks.tasks().stream().mapToDouble(TaskTree.Task::pathSeconds).max().orElse(0);
    long done = tree.keys().values().stream().filter(finished::containsKey).count();
    out.printf(
        LINE,
        "tasks",
        tasks.tasks().size()
            + " to run"
            + (done == 0
                ? ""
                : "; " + done + " of " + tree.keys().size() + " candidates are in the store"));
    out.printf(
        LINE,
        "time",
        "about %s on %d %s; one after the other %s, without sharing %s; the longest path %s"
            .formatted(
                duration(Forecast.seconds(tasks, slots)),
                slots,
                slots == 1 ? "slot" : "slots",
                duration(Forecast.work(tasks)),
                duration(unshared),
                duration(longest)));
    int known = tree.keys().size();
    double each = search.meanTry() * Forecast.work(TaskTree.of(tree, costs)) / known;
    if (search.budgets().isLimited()) {
      printBudgets(search, slots, known, each);
    } else if (most > known) {
      out.printf(
          LINE,
          "",
          "for the first %d; about %s more for the %d others at most, if they take as long on average"
              .formatted(known, duration((most - known) * each / slots), most - known));
    }
    TaskMemory memory = TaskMemory.of(workload, tree.settingsByStart());
    out.printf(
        LINE,
        "memory",
        "about %s of heap and %s off the heap a task, and %s of heap once a JVM"
            .formatted(
                ByteSize.format(memory.heapBytes()),
                ByteSize.format(memory.offHeapBytes()),
                ByteSize.format(memory.sharedBytes())));
    long heap = Runtime.getRuntime().maxMemory();
    if (memory.heapBytes(slots) > heap) {
      out.printf(
          LINE,
          "",
          "too much for %d %s in a JVM of %s: set PARE_MEMORY higher, or take fewer slots"
              .formatted(slots, slots == 1 ? "slot" : "slots", ByteSize.format(heap)));
    }
  }

  /**
   * How far what the search may take goes.
   *
   * @param known candidates that there are at first
   * @param each seconds of one
   */
  private void printBudgets(SearchSettings search, int slots, int known, double each) {
    String onSlots = "on %d %s".formatted(slots, slots == 1 ? "slot" : "slots");
    Double seconds = search.budgets().seconds();
    if (seconds != null) {
      printBudget(
          "%s of tasks' time, %s %s,"
              .formatted(duration(seconds), duration(seconds / slots), onSlots),
          Math.max(known, seconds / each));
    }
    Integer epochs = search.budgets().epochs();
    if (epochs != null) {
      int own = tree.all().stream().mapToInt(stage -> stage.settings().epochs()).sum();
      double eachEpochs = Math.max(1, search.meanTry() * own / known);
      printBudget(epochs + " epochs", Math.max(1, epochs / eachEpochs));
    }
    Double wallTime = search.budgets().wallTime();
    if (wallTime != null) {
      printBudget(
          "%s %s".formatted(duration(wallTime), onSlots), Math.max(known, wallTime * slots / each));
    }
  }

  private void printBudget(String what, double candidates) {
    out.printf(
        LINE,
        "",
        "the budget of %s is enough for about %d".formatted(what, Math.round(candidates)));
  }

  /** Whether units of some student's layers go. */
  boolean prunesUnits() {
    return tree.settings().stream()
        .anyMatch(
            settings ->
                settings instanceof Prune prune
                    && prune.granularity().kind() == Granularity.Kind.UNIT);
  }

  /** Which units of the network stay where others go, and why. */
  void printStaying(Architecture network) {
    Map<Integer, List<Integer>> bound = new TreeMap<>();
    StayingUnits.of(network)
        .forEach((layer, by) -> bound.computeIfAbsent(by, key -> new ArrayList<>()).add(layer));
    String what = "units stay";
    for (Map.Entry<Integer, List<Integer>> entry : bound.entrySet()) {
      List<Integer> layers = entry.getValue();
      int by = entry.getKey();
      String reason =
          by == Node.NETWORK_INPUT
              ? "the network's input is added to them"
              : "layer %d, %s, mixes its channels".formatted(by, network.layers().get(by).title());
      out.printf(
          LINE,
          what,
          (layers.size() == 1 ? "of layer " : "of layers ")
              + layers.stream().map(String::valueOf).collect(Collectors.joining(", "))
              + ": "
              + reason);
      what = "";
    }
  }

  /** How wide the tree is at each distance from the teacher. */
  void printLevels() {
    List<Stage> level = tree.all().stream().filter(stage -> stage.parent().isEmpty()).toList();
    out.println("  level  stages  epochs  kinds");
    for (int depth = 1; !level.isEmpty(); depth++) {
      Set<String> kinds = new LinkedHashSet<>();
      long epochs = 0;
      List<Stage> next = new ArrayList<>();
      for (Stage stage : level) {
        kinds.add(name(stage));
        epochs += stage.settings().epochs();
        next.addAll(stage.children());
      }
      out.printf("  %5d %7d %7d  %s%n", depth, level.size(), epochs, String.join(", ", kinds));
      level = next;
    }
  }

  /** The tree, cut off after some lines. */
  void printTree(int limit) {
    out.println("teacher");
    int left = limit;
    for (Stage stage : tree.all()) {
      if (stage.parent().isEmpty() && left > 0) {
        left = printBranch(stage, Map.of(), "  ", left);
      }
    }
    int lines = branches();
    if (lines > limit) {
      out.println("… and " + (lines - limit) + " more (--limit, --all)");
    }
  }

  /** Lines that the whole tree takes: stages without a fork between them stand in one. */
  private int branches() {
    int lines = 0;
    for (Stage stage : tree.all()) {
      lines += stage.parent().map(parent -> parent.children().size() != 1).orElse(true) ? 1 : 0;
    }
    return lines;
  }

  private int printBranch(Stage first, Map<String, String> known, String indent, int limit) {
    StagePoint point = StagePoint.of(first);
    StringBuilder kinds = new StringBuilder(point.name(first));
    Stage last = first;
    while (last.children().size() == 1) {
      last = last.children().get(0);
      kinds.append(" → ").append(point.name(last));
    }
    String label = point.label(known);
    out.println(
        indent
            + kinds
            + (label.isEmpty() ? "" : "  " + label)
            + (point.candidates() == 1 ? "" : "  (" + point.candidates() + " candidates)"));
    int left = limit - 1;
    for (Stage child : last.children()) {
      if (left > 0) {
        left = printBranch(child, point.values(), indent + "  ", left);
      }
    }
    return left;
  }

  private static String name(Stage stage) {
    return Spelling.of(stage.settings().kind());
  }

  static String duration(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    if (whole < 7200) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
