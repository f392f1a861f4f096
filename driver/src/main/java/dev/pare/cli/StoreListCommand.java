package dev.pare.cli;

import dev.pare.pipeline.StoredFile;
import dev.pare.pipeline.StoredFiles;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How much is in a store. */
@Command(
    name = "list",
    description = "Shows how many files of each kind a store has, and their bytes.",
    footerHeading = "%nExample:%n",
    footer = "  pare store list hdfs:///pare/store")
final class StoreListCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", description = "The store: a sweep's sweep.store.")
  private String store = "";

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    Map<StoredFile.Kind, FileCount> counts = new EnumMap<>(StoredFile.Kind.class);
    FileCount all = new FileCount();
    StoredFiles.forEach(
        store,
        HadoopSettings.load(),
        file -> {
          counts.computeIfAbsent(file.kind(), kind -> new FileCount()).add(file);
          all.add(file);
        });
    counts.forEach((kind, count) -> out.println(count.line(kind.title())));
    out.println(all.line("all"));
    return ExitCodes.DONE;
  }
}
