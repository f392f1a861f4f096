package dev.pare.cli;

import static java.util.Objects.requireNonNull;

import dev.pare.Sweep;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Metric;
import dev.pare.compress.AutomaticSweep;
import dev.pare.compress.FoundData;
import dev.pare.csource.CExport;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.FrontierTable;
import dev.pare.report.ModelFile;
import dev.pare.report.PrintableText;
import dev.pare.report.SweepLatency;
import dev.pare.schedule.RetryPolicy;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SpecBuilder;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a network and its data to one file. */
@Command(
    name = "compress",
    description = {
      "Compresses a trained network without a configuration: searches for the smallest file that"
          + " loses at most half a point, or is within other limits, for as long as it may.",
      "It is a sweep like any other: the same command again goes on where an earlier run ended, and"
          + " OUT/sweep.conf is its configuration."
    },
    exitCodeList = {
      "0:done",
      "1:the run failed, or no file that was found is within the limits",
      "2:the command line, the data or the network cannot be used",
      "130:stopped by Ctrl-C; the same command goes on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare compress network.onnx --data rows.csv --label species --out /tmp/pare/mine",
      "  pare compress network.onnx --data mnist --out /tmp/pare/mine --max-bytes 30k --budget 1h",
      "  pare compress network.onnx --data mine.conf --out /tmp/pare/mine --max-loss 1 --max-ram 64k",
      "  pare compress network.onnx --data mnist --out /tmp/pare/mine --integers"
    })
final class CompressCommand implements Callable<Integer> {
  /** Of a share, in points, where no limit is given. */
  private static final double USUAL_LOSS = 0.5;

  private static final List<String> INTEGERS =
      List.of("student.quantize.activation-bits=8", "student.quantize.quantizer=gptq");

  /** How long files are timed, each. */
  private static final double TIMED_SECONDS = 1;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "The trained network, any Hadoop path: an ONNX model, a DL4J zip, Keras 2's .h5, or a .pare"
              + " file.")
  private String model = "";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "The examples, any Hadoop path: a .csv or .parquet file; Keras's .npz; a folder with"
              + " MNIST's files, with x_train.npy and y_train.npy, with train.csv, or with a folder"
              + " of images for each class; or a configuration, .conf, of which the section data and"
              + " sweep.metric are taken.")
  private String data = "";

  @Option(
      names = "--test",
      paramLabel = "DATA",
      description =
          "The same kind of file or folder with test examples. Default: those that are beside the"
              + " training files, or a share of these.")
  private @Nullable String test;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "The column of a table that is to be predicted, by its name, or if columns have none by its"
              + " number from 1.")
  private @Nullable String label;

  @Option(
      names = "--out",
      paramLabel = "OUT",
      required = true,
      description = "The folder for the results, any Hadoop path.")
  private String out = "";

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description =
          "How long it may take, like 90s, 10m or 2h; starting Spark, testing and exporting need some"
              + " 20 seconds of it, or go beyond it where it is shorter. Default: ${DEFAULT-VALUE}.")
  private Duration budget = Duration.ZERO;

  @Mixin private FrontierLimits limits = new FrontierLimits();

  @Option(
      names = "--integers",
      description =
          "Activations of 8 bits, too, so that the file runs in integers, in Java, C and ONNX Runtime"
              + " to the same bits.")
  private boolean integers;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration, for instance student.epochs=5.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master where spark-submit gave none (default: local[*]).")
  private @Nullable String master;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Tasks that run at once, where executors come later than the driver (default: as many as"
              + " Spark has).")
  private @Nullable Integer slots;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    CommandLine line = command.commandLine();
    limits.check(line);
    if (slots != null && slots < 1) {
      throw new ParameterException(line, "--slots = " + slots + ": must be at least 1");
    }
    if (budget.isZero()) {
      throw new ParameterException(line, "--budget: must be above 0");
    }
    Configuration hadoop = HadoopSettings.load();
    CompressedFiles files = new CompressedFiles(absolute(out), hadoop);
    if (files.hold(new Path(absolute(model)))) {
      throw new ParameterException(
          line,
          "MODEL = "
              + Credentials.inMessage(model)
              + ": lies in the folder of --out that is written; name another --out");
    }
    files.checkFree(name());
    List<String> settings = new ArrayList<>();
    if (integers) {
      settings.addAll(INTEGERS);
    }
    settings.addAll(overrides);
    AutomaticSweep sweep =
        AutomaticSweep.of(data(hadoop, line), absolute(model), absolute(out), settings);
    Metric metric = sweep.metric();
    if (!limits.areSet()) {
      if (!metric.unit().strip().equals("%")) {
        throw new ParameterException(
            line,
            "--max-loss, --max-bytes or another limit must say what the file may cost: the metric "
                + metric
                + " has no usual loss");
      }
      limits.setMaxLoss(USUAL_LOSS);
    }
    TerminalProgress progress = TerminalProgress.here(line.getErr());
    return Interruption.watched(progress, () -> run(sweep, progress, hadoop));
  }

  private Supplier<SpecBuilder> data(Configuration hadoop, CommandLine line) {
    if (data.endsWith(".conf")) {
      if (test != null || label != null) {
        throw new ParameterException(
            line, "--test and --label must be left out: " + data + " says where the data are");
      }
      return () -> SweepSpec.withDataOf(data);
    }
    FoundData found =
        FoundData.of(absolute(data), test == null ? null : absolute(test), label, hadoop);
    line.getErr().println("data: " + PrintableText.of(Credentials.inMessage(found.told())));
    line.getErr().flush();
    return found::builder;
  }

  /** Within the working directory, if it names no file system. */
  private static String absolute(String location) {
    return new Path(location).isAbsolute() || location.contains(":")
        ? location
        : "file://" + java.nio.file.Path.of(location).toAbsolutePath().normalize();
  }

  private int run(AutomaticSweep automatic, TerminalProgress progress, Configuration hadoop) {
    SparkSession spark = SweepCommand.session("compress", master);
    try {
      int atOnce = slots == null ? spark.sparkContext().defaultParallelism() : slots;
      SweepSpec sweep = automatic.spec(budget.toSeconds(), atOnce, limits.maxLoss());
      Sweep.Result result = Sweep.run(spark, sweep, progress, RetryPolicy.KEEP_FAILURES);
      // Chosen by other limits, or of another network.
      CompressedFiles files = new CompressedFiles(sweep.out(), hadoop);
      files.forget();
      int code = SweepCommand.exitCode(result.outcomes().values(), command.commandLine().getErr());
      return code == ExitCodes.DONE ? finish(sweep, files, hadoop) : code;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      SweepCommand.close(spark);
    }
  }

  private String name() {
    return CExport.prefix(new Path(model).getName().replaceFirst("\\.[^.]*$", ""));
  }

  /** Chooses the file, and writes what it becomes elsewhere. */
  private int finish(SweepSpec sweep, CompressedFiles files, Configuration hadoop)
      throws IOException {
    CommandLine line = command.commandLine();
    PrintWriter terminal = line.getOut();
    SweepFolder folder = new SweepFolder(sweep.out(), hadoop);
    if (limits.areOfLatency()) {
      SweepLatency.measure(sweep.out(), hadoop, 1, TIMED_SECONDS);
    }
    FrontierReport report = FrontierFiles.read(folder);
    FrontierTable.of(report).print(terminal);
    terminal.println(FrontierTable.NOTE);
    terminal.println();
    List<FrontierRow> within = limits.within(sweep.out(), folder, report, hadoop, line).rows();
    if (within.isEmpty()) {
      terminal.flush();
      line.getErr()
          .println(
              "pare: none of "
                  + report.rows().size()
                  + " files is within the limits; a larger --budget, or another limit, may help: pare"
                  + " frontier "
                  + Credentials.inMessage(sweep.out()));
      return ExitCodes.FAILED;
    }
    FrontierRow chosen = limits.areOfLoss() ? within.get(0) : FrontierRow.best(within);
    String name = name();
    String stem = files.path(name).toString();
    byte[] bytes =
        ModelFile.read(folder.path(chosen.file()).toString(), hadoop, InputStream::readAllBytes);
    Path target = new Path(stem + ".pare");
    files.begin(name);
    new WholeFiles(target, hadoop).replace(target, to -> to.write(bytes));
    terminal.println(
        String.format(
            Locale.ROOT,
            "%s: %s, %.1f× smaller than the network's floats",
            Credentials.inMessage(target.toString()),
            ByteSize.format(chosen.bytes()),
            chosen.summary().ratio()));
    terminal.println(
        "validation %s, of the network %s; test %s, of the network %s"
            .formatted(
                chosen.validation().named(),
                report.teacher().validation().named(),
                requireNonNull(chosen.test(), "not tested").named(),
                requireNonNull(report.teacher().test(), "not tested").named()));
    terminal.println(
        "the page: " + Credentials.inMessage(folder.path(SweepFolder.PAGE).toString()));
    terminal.println(
        "what was run, to be changed and run by pare sweep: "
            + Credentials.inMessage(folder.path(SweepFolder.CONFIGURATION).toString()));
    terminal.flush();
    export(folder, chosen, stem, name);
    files.note(name);
    return ExitCodes.DONE;
  }

  /** As {@code pare export} does, which says what it wrote, or why it cannot. */
  private void export(SweepFolder folder, FrontierRow chosen, String stem, String name) {
    CommandLine pare = command.commandLine().getParent();
    String file = folder.path(chosen.file()).toString();
    String conf = folder.path(SweepFolder.CONFIGURATION).toString();
    pare.execute(
        "export",
        file,
        "--onnx",
        stem + ".onnx",
        "--weights",
        "codebook",
        "--conf",
        conf,
        "--overwrite");
    pare.execute(
        "export",
        file,
        "--c",
        folder.path(CompressedFiles.FOLDER).toString(),
        "--prefix",
        name,
        "--overwrite");
  }
}
