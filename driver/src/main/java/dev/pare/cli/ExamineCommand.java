package dev.pare.cli;

import dev.pare.SweepReport;
import dev.pare.examine.Finding;
import dev.pare.folder.CardFile;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.card.FindingTable;
import dev.pare.report.card.ModelCard;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportFiles;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What compression did to a network's behaviour. */
@Command(
    name = "examine",
    description = {
      "Compares a .pare file with its teacher beyond the average error, on test data: agreement,"
          + " errors by class with paired tests, examples lost and won, confidence, errors on"
          + " corrupted inputs, after bit flips and under attack, agreement of"
          + " explanations, and membership inference.",
      "Of a sweep's results it examines every file of the frontier and leaves its card beside it,"
          + " as Markdown and JSON, which the page links."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare examine /tmp/pare/quickstart",
      "  pare examine model.pare --conf conf/quickstart.conf",
      "  pare examine model.pare --conf conf/loans.conf --groups job --out model.md"
    })
final class ExamineCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "OUT|FILE",
      description = "The sweep's results: its sweep.out; or a .pare file.")
  private String target = "";

  @Option(
      names = "--conf",
      paramLabel = "CONF",
      description =
          "The configuration that names the data and the teacher. Default: of results their own.")
  private @Nullable String conf;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "CARD",
      description =
          "Of a file: write its card as this Markdown file (.md), and the same as JSON beside it.")
  private @Nullable String out;

  @Option(names = "--json", description = "Print the card as JSON; of results an array of cards.")
  private boolean json;

  @Mixin private ExaminationOptions options = new ExaminationOptions();

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    options.settings();
    Configuration hadoop = HadoopSettings.load();
    if (target.endsWith(".pare")) {
      examineFile(hadoop);
    } else {
      examineFolder(hadoop);
    }
    return ExitCodes.DONE;
  }

  private void examineFile(Configuration hadoop) throws IOException {
    if (conf == null) {
      throw usage("a file needs --conf CONF, which names its data and its teacher");
    }
    @Nullable String markdown = out;
    if (markdown != null) {
      if (!markdown.endsWith(".md")) {
        throw usage("--out = " + markdown + ": must end with .md");
      }
      checkPlace(data(markdown), hadoop);
    }
    ModelCard card = new FileExaminer(conf, overrides, options, hadoop).card(target);
    if (markdown != null) {
      write(data(markdown), card.json(), hadoop);
      write(new Path(markdown), card.markdown(), hadoop);
    }
    print(card);
  }

  private static Path data(String markdown) {
    return new Path(markdown.substring(0, markdown.length() - ".md".length()) + ".json");
  }

  /** A file that nobody named is only replaced if it is an earlier card. */
  private void checkPlace(Path data, Configuration hadoop) throws IOException {
    Path qualified = data.getFileSystem(hadoop).makeQualified(data);
    SweepFolder folder = new SweepFolder(qualified.getParent(), hadoop);
    if (folder.has(data.getName()) && folder.find(data.getName()).flatMap(CardFile::of).isEmpty()) {
      throw usage("--out = " + out + ": would replace " + data + ", which is no card");
    }
  }

  private static void write(Path path, String text, Configuration hadoop) throws IOException {
    new WholeFiles(path, hadoop)
        .replace(path, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void examineFolder(Configuration hadoop) throws IOException {
    if (out != null) {
      throw usage("--out is for a file: of results, cards lie beside the files");
    }
    SweepFolder folder = new SweepFolder(target, hadoop);
    String configuration = conf == null ? folder.path(SweepFolder.CONFIGURATION).toString() : conf;
    FileExaminer examiner = new FileExaminer(configuration, overrides, options, hadoop);
    ReportData report;
    try (SparkSession spark = LocalSession.open("pare examine")) {
      // Before what takes long: results without a report cannot have a page.
      report = SweepReport.read(spark, target);
    }
    List<ModelCard> cards = examiner.cards(folder);
    ReportFiles.writeAll(folder, report);
    if (json) {
      out().print(ModelCard.json(cards));
      out().flush();
    } else {
      FrontierExamination.print(cards, out());
      out().println(folder.path(SweepFolder.PAGE));
    }
  }

  private void print(ModelCard card) {
    if (json) {
      out().print(card.json());
      out().flush();
      return;
    }
    out().println(card.title());
    for (Finding finding : card.findings()) {
      out().println();
      out().println(finding.title() + ". " + finding.note());
      out().println();
      FindingTable.of(finding).print(out());
    }
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
