package dev.pare.cli;

import dev.pare.ModelFile;
import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Sha256;
import dev.pare.data.Examples;
import dev.pare.evaluate.Metrics;
import dev.pare.export.ExportedModel;
import dev.pare.export.OnnxExport;
import dev.pare.export.RuntimeCheck;
import dev.pare.export.WeightForm;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.FrontierRow;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** A .pare file for another runtime. */
@Command(
    name = "export",
    description = {
      "Writes the network of a .pare file as an ONNX model that reads raw values, if ONNX Runtime"
          + " computes what Pare does: on random inputs, or with --conf on validation data, where"
          + " the metric must be the file's within 0.05 points."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare export model.pare --onnx model.onnx",
      "  pare export model.pare --onnx model.onnx --weights codebook --conf conf/quickstart.conf"
    })
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A .pare file, any Hadoop path.")
  private String file = "";

  @Option(
      names = "--onnx",
      required = true,
      paramLabel = "OUT",
      description = "The ONNX model to write, any Hadoop path.")
  private String onnx = "";

  @Option(
      names = "--weights",
      paramLabel = "FORM",
      converter = FormConverter.class,
      defaultValue = "float",
      description =
          "How the model holds weights, where that is smaller: float; float16; int8, with a step"
              + " for each output; codebook, a table of the few values or words of values, which"
              + " rounds nothing. Default: ${DEFAULT-VALUE}.")
  private WeightForm weights = WeightForm.FLOAT;

  @Option(
      names = "--conf",
      paramLabel = "CONF",
      description = "The configuration that names the data to compare the metric on.")
  private @Nullable String conf;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the configuration.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--overwrite", description = "Replace what is at OUT.")
  private boolean overwrite;

  @Spec private CommandSpec command;

  /**
   * The file, decoded.
   *
   * @param bytes of the file
   */
  private record Source(CompressedNetwork network, int bytes, String sha256) {
    static Source read(InputStream in) throws IOException {
      byte[] bytes = in.readAllBytes();
      return new Source(new ArtifactReader().read(bytes), bytes.length, Sha256.hex(bytes));
    }
  }

  @Override
  public Integer call() throws IOException {
    SweepSpec sweep = conf == null ? null : SweepSpec.load(conf, overrides);
    if (sweep == null && !overrides.isEmpty()) {
      throw new ParameterException(command.commandLine(), "--set needs --conf");
    }
    Configuration hadoop = HadoopSettings.load();
    Path target = new Path(onnx);
    WholeFiles files = new WholeFiles(target, hadoop);
    if (!overwrite && files.fileSystem().exists(target)) {
      throw new ParameterException(
          command.commandLine(), "--onnx " + onnx + " exists: --overwrite replaces it");
    }
    Source source = ModelFile.read(file, hadoop, Source::read);
    ExportedModel model = OnnxExport.of(source.network(), weights, metadata(source, hadoop));
    List<String> findings =
        sweep == null ? onRandomInputs(model) : onData(model, source, sweep, hadoop);
    if (overwrite) {
      files.replace(target, out -> out.write(model.bytes()));
    } else {
      files.create(target, out -> out.write(model.bytes()));
    }
    PrintWriter out = command.commandLine().getOut();
    out.println(
        "%s: %d bytes, weights as %s; %s: %d bytes"
            .formatted(onnx, model.bytes().length, weights, file, source.bytes()));
    if (model.rounding() > 0) {
      out.println(
          String.format(
              Locale.ROOT, "weights rounded by %.2g %% of their norm", 100 * model.rounding()));
    }
    findings.forEach(out::println);
    return ExitCodes.DONE;
  }

  private Map<String, String> metadata(Source source, Configuration hadoop) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("pare.sha256", source.sha256());
    metadata.put("pare.bytes", Integer.toString(source.bytes()));
    metadata.put("pare.weights", weights.toString());
    Optional<FrontierRow> row = ModelFile.row(file, hadoop);
    if (row.isPresent()) {
      metadata.put("pare.candidate", row.get().key().hex());
      row.get().point().forEach((key, value) -> metadata.put("pare.setting." + key, value));
    }
    return metadata;
  }

  private static List<String> onRandomInputs(ExportedModel model) {
    return List.of(
        String.format(
            Locale.ROOT,
            "ONNX Runtime's outputs on random inputs differ by at most %.1e of the largest one;"
                + " --conf compares the metric on data",
            RuntimeCheck.compare(model)));
  }

  private List<String> onData(
      ExportedModel model, Source source, SweepSpec sweep, Configuration hadoop) {
    Metric metric = sweep.metric();
    Examples validation =
        FileData.load(file, source.network().preparation(), String.valueOf(conf), sweep, hadoop)
            .validation();
    Metrics.check(metric, validation, "validation");
    RuntimeCheck.Scores scores = RuntimeCheck.compare(model, validation, metric);
    return List.of(
        "validation %s in ONNX Runtime: %s%s; the file's: %s%s"
            .formatted(
                metric,
                metric.text(scores.model().value()),
                metric.unit(),
                metric.text(scores.file().value()),
                metric.unit()));
  }

  private static final class FormConverter implements ITypeConverter<WeightForm> {
    @Override
    public WeightForm convert(String text) {
      return WeightForm.of(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "\"" + text + "\": must be float, float16, int8 or codebook"));
    }
  }
}
