package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SampleNetworks;
import dev.pare.export.ExportException;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.predict.Predictor;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw values that go into exported C. */
class InputTest {
  private static final Column AGE = new Column.Numeric("age", 40, 35, 12.5f);
  private static final Column HEIGHT = new Column.Numeric("height", Float.NaN, 1.7f, 0.25f);

  @TempDir private Path folder;

  @BeforeEach
  void hasCompiler() {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
  }

  private static CompressedNetwork network(InputShape input, Layer... layers) {
    List<Layer> all = new ArrayList<>(List.of(layers));
    all.add(new Dense(3, Activation.SOFTMAX));
    Architecture architecture = new Architecture(input, all);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      float[] values = new float[tensor.rows() * tensor.columns()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (i * 7 % 11 - 5) / 8f;
      }
      tensors.add(new FloatTensor(tensor.rows(), tensor.columns(), values));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  private float[] run(CompressedNetwork network, float... features) throws IOException {
    CSource source = CExport.of(network, CForm.PACKED, "network", Map.of());
    Path program =
        Compiler.build(
            source,
            folder,
            "gcc",
            List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    return Compiler.outputs(program, features);
  }

  private void checkAsPredicted(CompressedNetwork network, float... features) throws IOException {
    Predictor predictor = Predictor.open(SampleNetworks.bytes(network));
    float[] expected = predictor.predict(features).outputs();
    float[] found = run(network, features);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[1 + i]).isCloseTo(expected[i], within(1e-6f));
    }
  }

  @Test
  void columnsAreStandardizedAndFilledIn() throws IOException {
    CompressedNetwork network =
        network(new InputShape(2, 1, 1, 1))
            .withPreparation(new Preparation(List.of(AGE, HEIGHT), List.of()));
    checkAsPredicted(network, 52, 1.8f);
    checkAsPredicted(network, Float.NaN, 1.5f);
    assertThat(run(network, 52, Float.NaN)[0]).isEqualTo(-1);
    assertThat(run(network, Float.POSITIVE_INFINITY, 1.8f)[0]).isEqualTo(-1);
  }

  @Test
  void columnsOfTextsAreRefusedByName() {
    Column color = new Column.Categorical("color", List.of("green", "red"), Column.Others.ZEROS);
    CompressedNetwork network =
        network(new InputShape(2, 1, 1, 1))
            .withPreparation(new Preparation(List.of(color), List.of()));
    assertThatThrownBy(() -> CExport.of(network, CForm.PACKED, "network", Map.of()))
        .isInstanceOf(ExportException.class)
        .hasMessage("column color has texts, which cannot be exported to C");
  }

  @Test
  void featuresAreDividedByTheDivisor() throws IOException {
    // By the weights that they are multiplied by, or where there are none themselves.
    checkAsPredicted(network(new InputShape(4, 1, 1, 255)), 0, 255, 128, 7);
    checkAsPredicted(
        network(new InputShape(1, 2, 2, 255), new Pooling(Pooling.Pool.MAX, 2, 2)), 9, 255, 128, 7);
  }

  @Test
  void featuresThatAreNotFiniteAreRefused() throws IOException {
    CompressedNetwork network = network(new InputShape(2, 1, 1, 1));
    assertThat(run(network, 1, Float.NaN)[0]).isEqualTo(-1);
    assertThat(run(network, Float.NEGATIVE_INFINITY, 1)[0]).isEqualTo(-1);
  }

  @Test
  void tokensThatTheNetworkDoesNotKnowAreRefused() throws IOException {
    CompressedNetwork network = network(new InputShape(1, 3, 1, 1), new Embedding(5, 2));
    checkAsPredicted(network, 0, 4, 2);
    assertThat(run(network, 0, 5, 2)[0]).isEqualTo(-1);
    assertThat(run(network, 0, -1, 2)[0]).isEqualTo(-1);
    assertThat(run(network, 0, 1.5f, 2)[0]).isEqualTo(-1);
  }

  @Test
  void classesHaveTheirNames() throws IOException {
    CompressedNetwork network =
        network(new InputShape(2, 1, 1, 1))
            .withPreparation(new Preparation(List.of(), List.of("a \"b\"??/", "Käse\\n", "*/")));
    CSource source = CExport.of(network, CForm.PACKED, "network", Map.of("from", "*/ x"));
    assertThat(source.header())
        .contains("extern const char *const network_classes[3];", "from: _/ x");
    assertThat(source.source()).contains("\"a \\042b\\042\\077\\077/\"", "\"K\\303\\244se\\134n\"");
    Compiler.build(source, folder, "gcc", List.of());
  }

  @Test
  void prefixesComeFromNamesOfFiles() {
    assertThat(CExport.prefix("bits=2_sparsity=0.8-1ddb.pare"))
        .isEqualTo("bits_2_sparsity_0_8_1ddb");
    assertThat(CExport.prefix("2.pare")).isEqualTo("network_2");
    assertThat(CExport.prefix("stdint.pare")).isEqualTo("network_stdint");
    assertThatThrownBy(
            () -> CExport.of(network(new InputShape(2, 1, 1, 1)), CForm.PACKED, "2x", Map.of()))
        .hasMessage(
            "prefix \"2x\": must be letters, digits and underscores, a letter first, and not stdint");
  }
}
