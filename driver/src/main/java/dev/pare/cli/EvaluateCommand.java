package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.data.DataForm;
import dev.pare.data.DataLoader;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.Metrics;
import dev.pare.evaluate.NetworkInputs;
import dev.pare.graph.InputShape;
import dev.pare.report.ModelFile;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How good a .pare file is. */
@Command(
    name = "evaluate",
    description = "Decodes a .pare file and runs it on a configuration's validation and test data.",
    footerHeading = "%nExamples:%n",
    footer = {"  pare evaluate model.pare --conf conf/quickstart.conf"})
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A .pare file, any Hadoop path.")
  private String file = "";

  @Option(
      names = "--conf",
      required = true,
      paramLabel = "CONF",
      description = "The configuration that names the data.")
  private String conf = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration.")
  private List<String> overrides = new ArrayList<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    SweepSpec sweep = SweepSpec.load(conf, overrides);
    Configuration hadoop = HadoopSettings.load();
    CompressedNetwork network = ModelFile.read(file, hadoop, new ArtifactReader()::read);
    InputShape input = network.architecture().input();
    TrainingData training = FileData.load(file, network.preparation(), conf, sweep, hadoop);
    ExampleShape shape = new ExampleShape(input.channels(), input.height(), input.width());
    DataForm form =
        new DataForm(
            shape, network.architecture().outputs(), input.divisor(), network.preparation());
    TestData tested = DataLoader.loadTest(sweep.data(), form, hadoop);
    NetworkInputs.check(network.architecture(), training, sweep.data());
    NetworkInputs.check(network.architecture(), tested, sweep.data());
    Examples test = tested.examples();
    Metric metric = sweep.metric();
    Metrics.check(metric, training.validation(), "validation");
    Metrics.check(metric, test, "test");
    PrintWriter out = command.commandLine().getOut();
    print("validation", Evaluator.evaluation(network, training.validation(), metric), out);
    print("test", Evaluator.evaluation(network, test, metric), out);
    return ExitCodes.DONE;
  }

  private static void print(String data, Evaluation evaluation, PrintWriter out) {
    Estimate score = evaluation.score();
    Metric metric = score.metric();
    Correctness correctness = evaluation.correctness();
    out.println(
        "%s %s: %s%s (95%% interval %s to %s), %s"
            .formatted(
                data,
                metric,
                metric.text(score.value()),
                metric.unit().strip(),
                metric.text(score.low()),
                metric.text(score.high()),
                correctness == null
                    ? score.examples() + " examples"
                    : "%d of %d wrong"
                        .formatted(
                            correctness.examples() - correctness.correct(),
                            correctness.examples())));
  }
}
