package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.codec.CodeCost;
import dev.pare.report.ModelFile;
import dev.pare.report.PrintableText;
import dev.pare.rewrite.EquivalentNetworks;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      DecodedArtifact contents =
          ModelFile.read(file, HadoopSettings.load(), new ArtifactReader()::decode);
      print(file, contents, out);
    }
    return ExitCodes.DONE;
  }

  private static void print(String file, DecodedArtifact contents, PrintWriter out)
      throws IOException {
    ArtifactSummary summary = contents.summary();
    SizeBreakdown size = summary.size();
    out.printf(
        "%s: %d bytes, format %d.%d%n",
        file, size.totalBytes(), summary.majorVersion(), summary.minorVersion());
    out.printf("  %s%n", ArchitectureText.of(summary.architecture()));
    out.printf("  %s%n", ArchitectureText.size(summary.architecture()));
    PreparationText.lines(contents.network().preparation())
        .forEach(line -> out.println("  " + PrintableText.of(line)));
    String row = "  %-6s %-16s %11s %9s %8s %8s %8s %8s %8s %8s %8s %7s %7s%n";
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
        "ideal",
        "bits/w",
        "bits/nz");
    List<Optional<CodeCost>> costs = contents.network().codeCosts();
    for (int i = 0; i < summary.tensors().size(); i++) {
      ArtifactSummary.Tensor tensor = summary.tensors().get(i);
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
          ideal(tensor, costs.get(i)),
          bitsEach(tensor, tensor.place().size()),
          bitsEach(tensor, tensor.nonzeros()));
    }
    out.printf(
        "  total: header %d, index %d, values %d, codebooks %d, biases %d%n",
        size.headerBytes(),
        size.indexBytes(),
        size.valueBytes(),
        size.codebookBytes(),
        size.biasBytes());
    out.printf("  %s%n", origin(contents.network(), size.totalBytes()));
    PayloadSizes.of(contents.network())
        .ifPresent(
            payload ->
                out.printf(
                    "  without the origin, weights' levels, all else float32: pare %d (ideal %d),"
                        + " huffman %d, xz -9 %d, zstd -19 %d%n",
                    payload.pare(),
                    payload.ideal(),
                    payload.huffman(),
                    payload.xz(),
                    payload.zstd()));
  }

  /** What the file takes with and without the start of its weights, if it holds that. */
  private static String origin(CompressedNetwork network, long bytes) {
    return network.origin().isEmpty()
        ? "origin: none in the file"
        : "origin: %d bytes with it, the same weights without it %d"
            .formatted(bytes, EquivalentNetworks.withoutOrigin(network).file().length);
  }

  /** The whole section, were its levels coded in as many bits as the model's probabilities say. */
  private static String ideal(ArtifactSummary.Tensor section, Optional<CodeCost> code) {
    return code.map(cost -> section.totalBytes() - cost.tableBits() / (double) Byte.SIZE)
        .map(bytes -> String.format(Locale.ROOT, "%.1f", bytes))
        .orElse("");
  }

  private static String bitsEach(ArtifactSummary.Tensor tensor, int count) {
    return count == 0
        ? ""
        : String.format(Locale.ROOT, "%.3f", (double) Byte.SIZE * tensor.totalBytes() / count);
  }
}
