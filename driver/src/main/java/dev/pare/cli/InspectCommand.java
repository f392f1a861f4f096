package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.candidate.SizeBreakdown;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is in a .pare file. */
@Command(
    name = "inspect",
    description = "Shows what is in a .pare file and where its bytes went.",
    footerHeading = "%nExamples:%n",
    footer = {"  pare inspect /tmp/pare/quickstart/best/*.pare"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "A .pare file, any Hadoop path.")
  private String[] files = {};

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    for (String file : files) {
      print(file, ModelFile.read(file, new Configuration(), new ArtifactReader()::inspect), out);
    }
    return ExitCodes.DONE;
  }

  private static void print(String file, ArtifactSummary summary, PrintWriter out) {
    SizeBreakdown size = summary.size();
    out.printf(
        "%s: %d bytes, format %d.%d%n",
        file, size.totalBytes(), summary.majorVersion(), summary.minorVersion());
    out.printf("  %s%n", summary.architecture());
    String row = "  %-6s %-16s %11s %9s %8s %8s %8s %8s %8s %8s %7s%n";
    out.printf(
        row,
        "name",
        "kind",
        "shape",
        "nonzero",
        "distinct",
        "header",
        "index",
        "values",
        "codebook",
        "bytes",
        "bits/w");
    for (ArtifactSummary.Tensor tensor : summary.tensors()) {
      int weights = tensor.place().size();
      out.printf(
          row,
          tensor.place().name(),
          tensor.representation().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          tensor.place().rows() + "×" + tensor.place().columns(),
          tensor.nonzeros(),
          tensor.distinctValues(),
          tensor.headerBytes(),
          tensor.indexBytes(),
          tensor.valueBytes(),
          tensor.codebookBytes(),
          tensor.totalBytes(),
          String.format(Locale.ROOT, "%.3f", 8.0 * tensor.totalBytes() / weights));
    }
    out.printf(
        "  total: header %d, index %d, values %d, codebooks %d, biases %d%n",
        size.headerBytes(),
        size.indexBytes(),
        size.valueBytes(),
        size.codebookBytes(),
        size.biasBytes());
  }
}
