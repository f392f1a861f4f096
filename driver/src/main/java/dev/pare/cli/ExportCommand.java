package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Sha256;
import dev.pare.csource.CExport;
import dev.pare.csource.CForm;
import dev.pare.csource.CSource;
import dev.pare.data.DataException;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Metrics;
import dev.pare.export.ActivationRanges;
import dev.pare.export.DeltaExport;
import dev.pare.export.Dl4jExport;
import dev.pare.export.ExportException;
import dev.pare.export.ExportedModel;
import dev.pare.export.OnnxExport;
import dev.pare.export.RuntimeCheck;
import dev.pare.export.WeightForm;
import dev.pare.pipeline.WholeFiles;
import dev.pare.report.FrontierRow;
import dev.pare.report.ModelFile;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
          + " the metric must be the file's within 0.05 points. With --activations int8, which"
          + " calibrates on training data, it may lose 0.5 points.",
      "Or as a DL4J zip, which reads prepared features, divided by the network's divisor, if it is"
          + " a chain of DL4J's layers and DL4J's outputs on random inputs are Pare's.",
      "Or as C99 that reads raw values, for microcontrollers: a header and a source file, which need"
          + " stdint.h alone and allocate nothing.",
      "Or as a delta: what is new against an older file of the same architecture, which devices have"
          + " already; pare patch makes the file of both again, and Java's Predictor opens both."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare export model.pare --onnx model.onnx",
      "  pare export model.pare --onnx model.onnx --weights codebook --conf conf/quickstart.conf",
      "  pare export model.pare --onnx model.onnx --activations int8 --conf conf/quickstart.conf",
      "  pare export model.pare --dl4j model.zip",
      "  pare export model.pare --c firmware --prefix digits --form light",
      "  pare export model.pare --against deployed.pare --delta model.delta"
    })
final class ExportCommand implements Callable<Integer> {
  private static final String INT8 = WeightForm.INT8.toString();

  @Parameters(paramLabel = "FILE", description = "A .pare file, any Hadoop path.")
  private String file = "";

  @Option(
      names = "--onnx",
      paramLabel = "OUT",
      description = "The ONNX model to write, any Hadoop path.")
  private @Nullable String onnx;

  @Option(
      names = "--dl4j",
      paramLabel = "OUT",
      description = "The DL4J zip to write, any Hadoop path.")
  private @Nullable String dl4j;

  @Option(
      names = "--c",
      paramLabel = "DIR",
      description = "The folder for the C files, any Hadoop path.")
  private @Nullable String c;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      converter = CFormConverter.class,
      description =
          "How --c holds weights: packed, in few bits that are read fast; light, in fewer, an"
              + " arithmetic code that is decoded as it is multiplied; coded, in fewest, the code of"
              + " .pare files, slowest and with 10 KB of tables. Default: packed.")
  private @Nullable CForm form;

  @Option(
      names = "--prefix",
      paramLabel = "NAME",
      description =
          "What names in C begin with, and the files' name. Default: the name of FILE, all but"
              + " letters and digits being underscores.")
  private @Nullable String prefix;

  @Option(
      names = "--delta",
      paramLabel = "OUT",
      description = "The delta to write, any Hadoop path; needs --against.")
  private @Nullable String delta;

  @Option(
      names = "--against",
      paramLabel = "OLD",
      description =
          "The .pare file that the delta is against, any Hadoop path: of the same architecture, but"
              + " for numbers of units. Much is the same only where training started from it:"
              + " teacher.model = OLD.")
  private @Nullable String against;

  @Option(
      names = "--weights",
      paramLabel = "FORM",
      converter = FormConverter.class,
      description =
          "How the ONNX model holds weights, where that is smaller: float; float16; int8, with a"
              + " step for each output; codebook, a table of the few values or words of values,"
              + " which rounds nothing. Default: float.")
  private @Nullable WeightForm weights;

  @Option(
      names = "--activations",
      paramLabel = "FORM",
      description =
          "int8 quantizes the ONNX model's activations to 8 bits, so that runtimes compute with"
              + " integers; needs --conf and implies --weights int8.")
  private @Nullable String activations;

  @Option(
      names = "--conf",
      paramLabel = "CONF",
      description = "The configuration that names the data to compare the ONNX model's metric on.")
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
  private record Source(CompressedNetwork network, int bytes, String sha256, byte[] file) {
    static Source read(InputStream in) throws IOException {
      byte[] bytes = in.readAllBytes();
      return new Source(new ArtifactReader().read(bytes), bytes.length, Sha256.hex(bytes), bytes);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (onnx == null && dl4j == null && c == null && delta == null) {
      throw usage("nothing to write: give --onnx OUT, --dl4j OUT, --c DIR or --delta OUT");
    }
    if ((delta == null) != (against == null)) {
      throw usage("--delta OUT and --against OLD go together");
    }
    if (c == null && (prefix != null || form != null)) {
      throw usage("--prefix and --form are for --c");
    }
    if (prefix != null && !CExport.isPrefix(prefix)) {
      throw usage(
          "--prefix = %s: must be letters, digits and underscores, a letter first"
              .formatted(prefix));
    }
    if (onnx == null && (weights != null || conf != null)) {
      throw usage("--weights and --conf are for --onnx");
    }
    if (activations != null && (!activations.equals(INT8) || onnx == null || conf == null)) {
      throw usage(
          "--activations must be int8, is for --onnx and needs --conf: it calibrates on training examples");
    }
    if (activations != null && weights != null && weights != WeightForm.INT8) {
      throw usage("--activations int8 implies --weights int8, not " + weights);
    }
    if (conf == null && !overrides.isEmpty()) {
      throw usage("--set needs --conf");
    }
    SweepSpec sweep = conf == null ? null : SweepSpec.load(conf, overrides);
    Configuration hadoop = HadoopSettings.load();
    for (String target : Arrays.asList(onnx, dl4j, delta)) {
      checkFree(target, hadoop);
    }
    String names = prefix == null ? CExport.prefix(new Path(file).getName()) : prefix;
    if (c != null) {
      checkFree(c + "/" + names + ".h", hadoop);
      checkFree(c + "/" + names + ".c", hadoop);
    }
    Source source = ModelFile.read(file, hadoop, Source::read);
    byte[] change = against == null ? null : delta(against, source, hadoop);
    if (onnx != null) {
      writeOnnx(onnx, source, sweep, hadoop);
    }
    if (dl4j != null) {
      byte[] zip = Dl4jExport.of(source.network());
      write(dl4j, zip, hadoop);
      out().println("%s: %d bytes; %s: %d bytes".formatted(dl4j, zip.length, file, source.bytes()));
    }
    if (c != null) {
      writeC(c, names, source, hadoop);
    }
    if (delta != null && change != null) {
      write(delta, change, hadoop);
      out()
          .println(
              "%s: %d bytes against %s; %s: %d bytes"
                  .formatted(delta, change.length, against, file, source.bytes()));
    }
    return ExitCodes.DONE;
  }

  private void writeC(String folder, String names, Source source, Configuration hadoop)
      throws IOException {
    CForm held = form == null ? CForm.PACKED : form;
    CSource code = CExport.of(source.network(), held, names, metadata(source, held, hadoop));
    write(folder + "/" + names + ".h", code.header().getBytes(StandardCharsets.UTF_8), hadoop);
    write(folder + "/" + names + ".c", code.source().getBytes(StandardCharsets.UTF_8), hadoop);
    out()
        .println(
            "%s/%s.c: %d bytes of constants, %d of variables, %d multiply-adds; %s: %d bytes"
                .formatted(
                    folder,
                    names,
                    code.tableBytes(),
                    code.ramBytes(),
                    code.multiplyAdds(),
                    file,
                    source.bytes()));
  }

  private byte[] delta(String old, Source source, Configuration hadoop) throws IOException {
    byte[] before = ModelFile.read(old, hadoop, Source::read).file();
    byte[] change;
    try {
      change = DeltaExport.of(before, source.file());
    } catch (ExportException e) {
      throw new DataException("%s against %s: %s".formatted(file, old, e.getMessage()));
    }
    int more = change.length - source.bytes();
    if (more >= 0) {
      throw new DataException(
          "%s against %s: nothing is gained: the delta would take %d bytes, %d more than the file"
              .formatted(file, old, change.length, more));
    }
    return change;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private void checkFree(@Nullable String target, Configuration hadoop) throws IOException {
    if (target != null && !overwrite) {
      Path path = new Path(target);
      if (path.getFileSystem(hadoop).exists(path)) {
        throw usage(target + " exists: --overwrite replaces it");
      }
    }
  }

  private void write(String target, byte[] content, Configuration hadoop) throws IOException {
    Path path = new Path(target);
    WholeFiles files = new WholeFiles(path, hadoop);
    if (overwrite) {
      files.replace(path, to -> to.write(content));
    } else {
      files.create(path, to -> to.write(content));
    }
  }

  private void writeOnnx(
      String target, Source source, @Nullable SweepSpec sweep, Configuration hadoop)
      throws IOException {
    WeightForm form =
        activations != null ? WeightForm.INT8 : weights == null ? WeightForm.FLOAT : weights;
    Map<String, String> metadata = metadata(source, form, hadoop);
    ExportedModel model = OnnxExport.of(source.network(), form, metadata);
    String finding;
    if (sweep == null) {
      finding = onRandomInputs(model);
    } else {
      TrainingData data =
          FileData.load(file, source.network().preparation(), String.valueOf(conf), sweep, hadoop);
      Metrics.check(sweep.metric(), data.validation(), "validation");
      if (activations == null) {
        finding = onData(RuntimeCheck.compare(model, data.validation(), sweep.metric()));
      } else {
        // What is wrong with other things than rounding shows without it.
        RuntimeCheck.compare(model);
        ActivationRanges ranges = ActivationRanges.of(model, data.train());
        metadata.put("pare.activations", activations);
        model = OnnxExport.of(source.network(), form, ranges, metadata);
        finding =
            "activations as int8, calibrated on %d training examples\n%s"
                .formatted(
                    ranges.examples(),
                    onData(
                        RuntimeCheck.compareQuantized(model, data.validation(), sweep.metric())));
      }
    }
    write(target, model.bytes(), hadoop);
    String held = model.isInteger() ? "in integers" : "weights as " + form;
    int bytes = model.bytes().length;
    out()
        .println(
            "%s: %d bytes, %s; %s: %d bytes".formatted(target, bytes, held, file, source.bytes()));
    double rounding = 100 * model.rounding();
    if (rounding > 0) {
      out().printf(Locale.ROOT, "weights rounded by %.2g %% of their norm%n", rounding);
    }
    finding.lines().forEach(out()::println);
  }

  private Map<String, String> metadata(Source source, Object form, Configuration hadoop)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("pare.sha256", source.sha256());
    metadata.put("pare.bytes", Integer.toString(source.bytes()));
    metadata.put("pare.weights", form.toString());
    Optional<FrontierRow> row = ModelFile.row(file, hadoop);
    if (row.isPresent()) {
      metadata.put("pare.candidate", row.get().key().hex());
      row.get().point().forEach((key, value) -> metadata.put("pare.setting." + key, value));
    }
    return metadata;
  }

  private static String onRandomInputs(ExportedModel model) {
    return String.format(
        Locale.ROOT,
        "ONNX Runtime's outputs on random inputs differ by at most %.1e of the largest one;"
            + " --conf compares the metric on data",
        RuntimeCheck.compare(model));
  }

  private static String onData(RuntimeCheck.Scores scores) {
    Metric metric = scores.file().metric();
    return "validation %s in ONNX Runtime: %s%s; the file's: %s%s"
        .formatted(
            metric,
            metric.text(scores.model().value()),
            metric.unit(),
            metric.text(scores.file().value()),
            metric.unit());
  }

  private static final class CFormConverter implements ITypeConverter<CForm> {
    @Override
    public CForm convert(String text) {
      return CForm.of(text)
          .orElseThrow(
              () ->
                  new TypeConversionException("\"" + text + "\": must be packed, light or coded"));
    }
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
