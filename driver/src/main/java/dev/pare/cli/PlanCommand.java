package dev.pare.cli;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.plan.CandidateGrid;
import dev.pare.plan.StageTree;
import dev.pare.spec.SweepSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a sweep would do. */
@Command(
    name = "plan",
    description =
        "Checks a configuration and lists its candidates and the work they share, without starting"
            + " Spark.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare plan conf/quickstart.conf",
      "  pare plan conf/mnist-lenet-300-100.conf --set 'space.bits=[2,3]' --limit 100"
    })
final class PlanCommand implements Callable<Integer> {
  /** Which stages are shared does not depend on the teacher. */
  private static final StageKey ANY_TEACHER = new StageKey("0".repeat(64));

  @Mixin private ConfigurationArguments configuration = new ConfigurationArguments();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "List at most so many candidates (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    SweepSpec sweep = configuration.load();
    List<Candidate> candidates = CandidateGrid.of(sweep);
    out.println(sweep.name() + ": " + candidates.size() + " candidates");
    sweep
        .space()
        .forEach(
            (dimension, values) ->
                out.printf("  %-15s %s%n", dimension.key(), String.join(" ", values)));
    out.printf("  %-15s %s%n", "results in", sweep.out());
    printSharing(candidates, out);
    out.println();
    int listed = Math.min(Math.max(limit, 0), candidates.size());
    int width = String.valueOf(listed).length();
    for (int i = 0; i < listed; i++) {
      out.printf("%" + width + "d  %s%n", i + 1, candidates.get(i).label());
    }
    if (listed < candidates.size()) {
      out.println("… and " + (candidates.size() - listed) + " more (--limit)");
    }
    return ExitCodes.DONE;
  }

  private static void printSharing(List<Candidate> candidates, PrintWriter out) {
    StageTree tree = StageTree.of(ANY_TEACHER, candidates);
    long run =
        tree.nodes().values().stream()
            .flatMap(node -> node.task().steps().stream())
            .filter(step -> trains(step.settings()))
            .count();
    long wanted =
        candidates.stream()
            .flatMap(candidate -> candidate.stages().stream())
            .filter(PlanCommand::trains)
            .count();
    String line = "  %-15s %d to run; sharing saves %d%n";
    out.printf(line, "stages", tree.stages(), tree.stagesOfCandidates() - tree.stages());
    out.printf(line, "trainings", run, wanted - run);
  }

  private static boolean trains(StageSettings settings) {
    return switch (settings.kind()) {
      case PRUNE -> ((Prune) settings).training().epochs() > 0;
      case QUANTIZE -> ((Quantize) settings).training().epochs() > 0;
      case ENCODE -> false;
    };
  }
}
