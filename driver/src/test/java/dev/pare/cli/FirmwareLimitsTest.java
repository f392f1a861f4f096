package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.codec.LevelCoding;
import dev.pare.folder.SweepFolder;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that fit into a microcontroller. */
class FirmwareLimitsTest {
  private static final Layer OUTPUT = new Dense(3, Activation.SOFTMAX);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  /**
   * A network that reads texts, one of 60 weights, and one of 1,150 floats, all different, and 50
   * activations.
   */
  @BeforeEach
  void frontier() throws IOException {
    Preparation texts =
        new Preparation(
            List.of(
                new Column.Categorical(
                    "\u001b[2Jtown", List.of("Bonn", "Rome"), Column.Others.REFUSED)),
            List.of("a", "b", "c"));
    FrontierReport report =
        new FrontierReport(
            "sample",
            new FrontierReport.Teacher(9999, new Score(98, 100), new Score(98, 100)),
            List.of(
                row("b", 85, network(2, List.of(OUTPUT)).withPreparation(texts)),
                row("a", 90, network(20, List.of(OUTPUT))),
                row("c", 97, network(20, List.of(new Dense(50, Activation.RELU), OUTPUT)))));
    FrontierFiles.write(new SweepFolder(folder.toUri().toString(), new Configuration()), report);
  }

  private static CompressedNetwork network(int inputs, List<Layer> layers) {
    Architecture architecture = new Architecture(new InputShape(inputs, 1, 1, 1), layers);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      float[] values = new float[tensor.rows() * tensor.columns()];
      for (int i = 0; tensor.isWeight() && i < values.length; i++) {
        values[i] = 1 + i / 1024f;
      }
      tensors.add(new FloatTensor(tensor.rows(), tensor.columns(), values));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  private FrontierRow row(String name, int correct, CompressedNetwork network) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(network, bytes);
    Files.createDirectories(folder.resolve("best"));
    Files.write(folder.resolve("best/" + name + ".pare"), bytes.toByteArray());
    return new FrontierRow(
        Map.of("bits", name),
        new StageKey(name.repeat(64)),
        "best/" + name + ".pare",
        new FileSummary(
            new SizeBreakdown(bytes.size(), 0, 0, 0, 0),
            OriginBytes.UNKNOWN,
            Sha256.hex(bytes.toByteArray()),
            1000,
            100,
            Operations.UNKNOWN),
        new Score(correct, 100),
        new Score(correct, 100),
        null);
  }

  private int run(String... limits) {
    List<String> line = new ArrayList<>(List.of("frontier", folder.toString()));
    line.addAll(List.of(limits));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
  }

  /** Of each number that goes in, comes out, or lies between layers 4 bytes. */
  @Test
  void ramIsOfFeaturesActivationsAndOutputs() {
    int small = 4 * (20 + 3);
    int large = 4 * (20 + 50 + 3);
    assertThat(run("--max-ram", Integer.toString(small - 1))).isEqualTo(1);
    assertThat(err.toString())
        .contains("best/b.pare: ", "?[2Jtown", "none of 3 files is within the limits")
        .doesNotContain("\u001b");
    assertThat(run("--max-ram", Integer.toString(small), "--one", "best")).isZero();
    assertThat(out.toString()).endsWith("best/a.pare" + System.lineSeparator());
    assertThat(run("--max-ram", Integer.toString(large - 1), "--one", "best")).isZero();
    assertThat(out.toString()).endsWith("best/a.pare" + System.lineSeparator());
    assertThat(run("--max-ram", Integer.toString(large), "--one", "best")).isZero();
    assertThat(out.toString()).endsWith("best/c.pare" + System.lineSeparator());
  }

  /** Weights that are all different are there as floats; code and what gcc brings is below 5 KB. */
  @Test
  void flashIsOfConstantsAndCode() {
    assertThat(run("--max-flash", "240")).isEqualTo(1);
    assertThat(run("--max-flash", "4600", "--one", "best")).isZero();
    assertThat(out.toString()).endsWith("best/a.pare" + System.lineSeparator());
    assertThat(run("--max-flash", "9600", "--one", "best")).isZero();
    assertThat(out.toString()).endsWith("best/c.pare" + System.lineSeparator());
  }

  @Test
  void allLimitsHoldAtOnce() {
    assertThat(run("--max-flash", "9600", "--max-ram", "9k", "--max-loss", "2")).isZero();
    assertThat(out.toString())
        .containsPattern("flash +RAM +form +file")
        .containsPattern(" 292 +packed +best/c.pare")
        .contains("1 of 3 files are within the limits")
        .doesNotContain("best/a.pare");
    assertThat(run("--max-flash", "4600", "--max-loss", "2")).isEqualTo(1);
    assertThat(run("--max-ram", "91", "--max-flash", "9600")).isEqualTo(1);
  }

  @Test
  void noSizeIsBadUsage() {
    assertThat(run("--max-ram", "much")).isEqualTo(2);
    assertThat(err.toString()).contains("--max-ram");
  }
}
