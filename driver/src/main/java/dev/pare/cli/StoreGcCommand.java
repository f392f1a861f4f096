package dev.pare.cli;

import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.pipeline.StoredFile;
import dev.pare.pipeline.StoredFiles;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes from a store what no sweep refers to. */
@Command(
    name = "gc",
    description = {
      "Removes the products that none of the given sweeps refers to, and what killed writers left.",
      "Name every sweep that uses the store: another one would have to compute its products again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare store gc hdfs:///pare/store --ledger hdfs:///sweeps --dry-run",
      "  pare store gc /tmp/pare/store --ledger /tmp/pare/lenet /tmp/pare/mlp --older-than 30d"
    })
final class StoreGcCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", description = "The store: a sweep's sweep.store.")
  private String store = "";

  @Option(
      names = "--ledger",
      paramLabel = "OUT",
      required = true,
      arity = "1..*",
      description =
          "Results of a sweep to keep the products of (its sweep.out), or a folder that holds"
              + " several.")
  private List<String> ledgers = new ArrayList<>();

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = DurationConverter.class,
      description =
          "Only files that were written before that long, as in 30m, 12h or 7d (default: 7d).")
  private Duration age = Duration.ofDays(7);

  @Option(names = "--dry-run", description = "Remove nothing, only tell what would go.")
  private boolean dryRun;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    Configuration hadoop = HadoopSettings.load();
    Set<StageKey> kept = new HashSet<>();
    for (String ledger : ledgers) {
      kept.addAll(References.keys(new Path(ledger), hadoop));
    }
    long before = System.currentTimeMillis() - age.toMillis();
    Map<StoredFile.Kind, FileCount> counts = new EnumMap<>(StoredFile.Kind.class);
    FileCount all = new FileCount();
    StoredFiles.forEach(
        store,
        hadoop,
        file -> {
          if (file.modifiedMillis() < before && !file.belongsToAnyOf(kept)) {
            if (!dryRun) {
              StoredFiles.delete(file, hadoop);
            }
            counts.computeIfAbsent(file.kind(), kind -> new FileCount()).add(file);
            all.add(file);
          }
        });
    counts.forEach((kind, count) -> out.println(count.line(kind.title())));
    out.println(all.line(dryRun ? "would free" : "freed"));
    return ExitCodes.DONE;
  }
}
