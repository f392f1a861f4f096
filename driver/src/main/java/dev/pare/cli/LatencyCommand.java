package dev.pare.cli;

import dev.pare.SweepReport;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.evaluate.Latency;
import dev.pare.export.FileLatency;
import dev.pare.folder.SweepFolder;
import dev.pare.report.LatencyTable;
import dev.pare.report.ModelFile;
import dev.pare.report.SweepLatency;
import dev.pare.report.TextTable;
import dev.pare.report.TextTable.Column;
import dev.pare.report.page.ReportFiles;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How long a sweep's files take, or one file by itself. */
@Command(
    name = "latency",
    description = {
      "Times the teacher and the frontier's files on this machine, in turns, and adds the times to"
          + " the sweep's report.",
      "Networks run as Pare runs them, on one thread: zeros among weights that stay are multiplied,"
          + " too; units, heads and layers that were taken out are not, nor what low rank saves.",
      "A .pare file by itself is timed in plain Java, where zeros are left out, and beside it in ONNX"
          + " Runtime with all its weights as floats."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare latency /tmp/pare/quickstart",
      "  pare latency hdfs:///sweeps/lenet --batch 32",
      "  pare latency digits.pare"
    })
final class LatencyCommand implements Callable<Integer> {
  private static final List<Integer> BATCHES_OF_FILES = List.of(1, 64);

  @Parameters(
      paramLabel = "OUT|FILE",
      description = "The sweep's results: its sweep.out; or a .pare file.")
  private String out = "";

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples at once; at least 1. Default: 1; of a file 1 and 64.")
  private @Nullable Integer batch;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "How long each file is timed; above 0. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (batch != null && batch < 1) {
      throw new ParameterException(command.commandLine(), "--batch " + batch + ": at least 1");
    }
    if (!(seconds > 0)) {
      throw new ParameterException(command.commandLine(), "--seconds " + seconds + ": above 0");
    }
    Configuration hadoop = HadoopSettings.load();
    PrintWriter terminal = command.commandLine().getOut();
    if (out.endsWith(".pare")) {
      CompressedNetwork network = ModelFile.read(out, hadoop, new ArtifactReader()::read);
      print(network, batch == null ? BATCHES_OF_FILES : List.of(batch), terminal);
      return ExitCodes.DONE;
    }
    LatencyTable table = SweepLatency.measure(out, hadoop, batch == null ? 1 : batch, seconds);
    print(out, table, terminal);
    try (SparkSession spark = LocalSession.open("pare latency")) {
      ReportFiles.writeAll(
          new SweepFolder(out, spark.sparkContext().hadoopConfiguration()),
          SweepReport.read(spark, out));
    }
    terminal.println(new Path(out, SweepFolder.PAGE));
    return ExitCodes.DONE;
  }

  private static void print(String out, LatencyTable latencies, PrintWriter terminal) {
    TextTable table =
        new TextTable(
            List.of(
                Column.right("milliseconds"),
                Column.right("half of them within"),
                Column.right("of the teacher's"),
                Column.left("file")));
    double teacher = latencies.teacher().latency().median();
    for (LatencyTable.Row row : latencies.rows()) {
      table.add(cells(row.file(), row.latency(), teacher));
    }
    table.add(cells("teacher", latencies.teacher().latency(), teacher));
    terminal.println(
        out
            + ": "
            + latencies.batch()
            + (latencies.batch() == 1 ? " example" : " examples")
            + " at once");
    terminal.println();
    table.print(terminal);
    terminal.println();
  }

  private void print(CompressedNetwork network, List<Integer> batches, PrintWriter terminal) {
    TextTable table =
        new TextTable(
            List.of(
                Column.right("examples"),
                Column.right("milliseconds"),
                Column.right("half of them within"),
                Column.left("in")));
    for (int each : batches) {
      FileLatency latency = FileLatency.measure(network, each, seconds);
      table.add(cells(each, latency.predictor(), "Predictor"));
      table.add(cells(each, latency.runtime(), "ONNX Runtime"));
    }
    table.print(terminal);
  }

  private static List<String> cells(int examples, Latency latency, String place) {
    return List.of(
        Integer.toString(examples),
        number("%.4f", latency.median()),
        number("%.4f", latency.low()) + " to " + number("%.4f", latency.high()),
        place);
  }

  private static List<String> cells(String file, Latency latency, double teacher) {
    return List.of(
        number("%.4f", latency.median()),
        number("%.4f", latency.low()) + " to " + number("%.4f", latency.high()),
        number("%.1f%%", 100 * latency.median() / teacher),
        file);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
