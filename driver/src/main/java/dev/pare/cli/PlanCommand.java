package dev.pare.cli;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.data.DataException;
import dev.pare.graph.Architecture;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.plan.StudentArchitectures;
import dev.pare.report.PrintableText;
import dev.pare.run.PlannedWorkload;
import dev.pare.schedule.OutcomeBook;
import dev.pare.schedule.StoredReports;
import dev.pare.spec.Dimension;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.NetworkFit;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a sweep would do. */
@Command(
    name = "plan",
    description =
        "Checks a configuration and lists its candidates, the work they share, and what time and"
            + " memory they will take, without starting Spark.",
    exitCodeList = {
      "0:done",
      "2:the command line, the configuration, the data or the teacher cannot be used, or settings"
          + " do not fit the network"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare plan conf/quickstart.conf",
      "  pare plan conf/mnist-lenet-300-100.conf --set 'space.bits=[2,3]' --slots 64 --all"
    })
final class PlanCommand implements Callable<Integer> {
  /** Which stages are shared does not depend on the teacher. */
  private static final StageKey ANY_TEACHER = new StageKey("0".repeat(64));

  /** Some seconds' work. */
  private static final int MANY = 10_000;

  @Mixin private ConfigurationArguments configuration = new ConfigurationArguments();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "List at most so many candidates, and lines of the tree (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--all", description = "List all candidates and the whole tree.")
  private boolean all;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Predict the time on so many tasks at once (default: this machine's processors).")
  private @Nullable Integer slots;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (slots != null && slots < 1) {
      throw new ParameterException(
          command.commandLine(), "--slots = " + slots + ": must be at least 1");
    }
    PrintWriter out = command.commandLine().getOut();
    SweepSpec sweep = configuration.load();
    PlannedWorkload planned = null;
    String unknown = "";
    int code = ExitCodes.DONE;
    try {
      planned = PlannedWorkload.of(sweep);
    } catch (DataException e) {
      unknown =
          Credentials.inMessage(String.valueOf(e.getMessage())).lines().findFirst().orElse("");
      code = ExitCodes.USAGE;
    } catch (IOException | RuntimeException e) {
      // A plan may be asked for where the storage is out of reach.
      unknown =
          Credentials.inMessage(String.valueOf(e.getMessage())).lines().findFirst().orElse("");
    }
    CandidateSearch search =
        planned == null
            ? new CandidateSearch(sweep, StudentArchitectures.UNKNOWN, (stage, start) -> 1)
            : new CandidateSearch(sweep, planned.students(), new CostModel(planned.workload()));
    List<Candidate> candidates = search.next(candidate -> Optional.empty());
    printHead(out, sweep, search);
    if (planned != null) {
      out.printf("  %-15s %s%n", "data", planned.data());
      out.printf("  %-15s %s%n", "network", ArchitectureText.size(planned.network()));
    }
    announce(candidates, "putting together what they share");
    StageTree tree =
        new StageTree(planned == null ? ANY_TEACHER : planned.teacher(), sweep.metric());
    Map<StageKey, StageReport> finished = new HashMap<>();
    if (planned == null) {
      tree.add(candidates);
    } else {
      finished.putAll(addKnown(candidates, search, tree, sweep));
    }
    PlanText text = new PlanText(tree, out);
    text.printSharing();
    if (planned == null) {
      boolean reported = code != ExitCodes.DONE;
      out.printf("  %-15s %s%n", "time, memory", "not known" + (reported ? "" : ": " + unknown));
    } else {
      text.printForecast(planned.workload(), finished, slots(), search.most(), sweep.search());
      if (text.prunesUnits() || narrows(sweep)) {
        text.printStaying(planned.network());
      }
    }
    out.println();
    text.printLevels();
    out.println();
    int most = all ? Integer.MAX_VALUE : Math.max(limit, 0);
    text.printTree(most);
    out.println();
    printCandidates(List.copyOf(tree.keys().keySet()), most, out);
    if (planned != null && reportMisfits(tree, planned.network())) {
      return ExitCodes.USAGE;
    }
    if (code != ExitCodes.DONE) {
      command.commandLine().getErr().println("pare: " + PrintableText.of(unknown));
    }
    return code;
  }

  /**
   * Adds the candidates to the tree, and those that the search asks for as far as the store has the
   * outcomes that it goes by.
   *
   * @return the reports of their stages that are in the store
   */
  private Map<StageKey, StageReport> addKnown(
      List<Candidate> first, CandidateSearch search, StageTree tree, SweepSpec sweep) {
    StoredReports stored =
        new StoredReports(new HadoopStageStore(sweep.store(), HadoopSettings.load()));
    OutcomeBook book = new OutcomeBook(tree);
    List<Candidate> next = first;
    while (!next.isEmpty()) {
      List<StageTree.Stage> stages = tree.add(next);
      announce(next, "looking for " + stages.size() + " stages in the store");
      Map<StageKey, StageReport> finished = stored.read(stages, tree.root(), book.reports());
      finished.values().forEach(report -> book.add(report, (candidate, outcome) -> {}));
      next = search.next(book::outcome);
    }
    return book.reports();
  }

  private static void printHead(PrintWriter out, SweepSpec sweep, CandidateSearch search) {
    out.println(
        sweep.name()
            + ": "
            + (search.isComplete()
                ? ""
                : sweep.search().budgets().isLimited() || sweep.search().repeats() > 1
                    ? "at first "
                    : sweep.search().rungs().isEmpty() ? "at most " : "about ")
            + search.most()
            + " candidates");
    sweep
        .space()
        .forEach(
            (dimension, values) ->
                out.printf("  %-15s %s%n", dimension.key(), String.join(" ", values)));
    out.printf("  %-15s %s%n", "search", sweep.search().strategy().name());
    if (sweep.search().repeats() > 1) {
      out.printf(
          "  %-15s what the frontier cannot tell apart runs up to %d times%n",
          "repeats", sweep.search().repeats());
    }
    out.printf("  %-15s %s%n", "judged by", sweep.metric());
    out.printf("  %-15s %s%n", "results in", Credentials.inMessage(sweep.out()));
  }

  /** Says what is going on where it takes its time. */
  private void announce(List<Candidate> candidates, String what) {
    if (candidates.size() >= MANY) {
      command.commandLine().getErr().println("pare: " + candidates.size() + " candidates: " + what);
      command.commandLine().getErr().flush();
    }
  }

  /** Prints which settings do not fit the network, whose candidates would fail; says if any. */
  private boolean reportMisfits(StageTree tree, Architecture network) {
    List<String> misfits =
        tree.settingsByStart().entrySet().stream()
            .flatMap(
                one -> {
                  Architecture begun =
                      one.getKey().map(ArchitectureForm::architecture).orElse(network);
                  return one.getValue().stream().flatMap(settings -> misfit(settings, begun));
                })
            .distinct()
            .toList();
    PrintWriter err = command.commandLine().getErr();
    misfits.forEach(
        misfit -> err.println("pare: does not fit the network: " + PrintableText.of(misfit)));
    return !misfits.isEmpty();
  }

  /** Whether some students have fewer units than what they begin with. */
  private static boolean narrows(SweepSpec sweep) {
    return sweep.valuesOf(new Dimension("width")).stream().anyMatch(width -> !width.equals("1"));
  }

  private static Stream<String> misfit(StageSettings settings, Architecture network) {
    return NetworkFit.problem(settings, network)
        .or(() -> NetworkFit.problemOfOutputs(settings, network.outputs()))
        .stream();
  }

  private int slots() {
    return slots == null ? Runtime.getRuntime().availableProcessors() : slots;
  }

  private static void printCandidates(List<Candidate> candidates, int most, PrintWriter out) {
    int listed = Math.min(most, candidates.size());
    int width = String.valueOf(listed).length();
    for (int i = 0; i < listed; i++) {
      out.printf("%" + width + "d  %s%n", i + 1, candidates.get(i).label());
    }
    if (listed < candidates.size()) {
      out.println("… and " + (candidates.size() - listed) + " more (--limit, --all)");
    }
  }
}
