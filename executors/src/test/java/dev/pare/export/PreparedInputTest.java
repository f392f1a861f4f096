package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.layers.Batch;
import dev.pare.onnx.OnnxException;
import dev.pare.onnx.RuntimeSession;
import dev.pare.onnx.RuntimeSession.Input;
import dev.pare.onnx.RuntimeSession.Numbers;
import dev.pare.onnx.RuntimeSession.Texts;
import dev.pare.prepare.Column;
import dev.pare.prepare.Column.Categorical;
import dev.pare.prepare.Column.Numeric;
import dev.pare.prepare.Column.Others;
import dev.pare.prepare.Preparation;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** Models read rows as they are, and make of them what Pare's preparation does. */
class PreparedInputTest {
  private static final Numeric AGE = new Numeric("age", 40, 38.5f, 12.25f);
  private static final Numeric INCOME = new Numeric("income", Float.NaN, 3e4f, 1e4f);
  private static final Numeric SHARE = new Numeric("share", 0.5f, 0, 1);
  private static final Categorical JOB =
      new Categorical("job", List.of("baker", "clerk", "smith"), Others.ZEROS);
  private static final Categorical REGION =
      new Categorical("region", List.of("north", "süd"), Others.REFUSED);

  private static CompressedNetwork network(List<String> classes, Column... columns) {
    Preparation preparation = new Preparation(List.of(columns), classes);
    Architecture architecture =
        new Architecture(
            new InputShape(preparation.features(), 1, 1, 2),
            List.of(new Dense(5, Activation.TANH), new Dense(3, Activation.SOFTMAX)));
    return OnnxExportTest.random(architecture).withPreparation(preparation);
  }

  private static double[] probabilities(CompressedNetwork network, List<String> row) {
    float[] logits = new float[3];
    try (Engine engine = Engines.of(network.architecture(), 1)) {
      engine.forward(
          network.toNetwork().parameters(),
          Batch.of(network.preparation().features(row), 1),
          logits);
    }
    double sum = 0;
    double[] probabilities = new double[3];
    for (int i = 0; i < 3; i++) {
      probabilities[i] = Math.exp(logits[i]);
      sum += probabilities[i];
    }
    for (int i = 0; i < 3; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  private static void check(
      CompressedNetwork network, List<String> row, Map<String, Input> inputs) {
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
    try (RuntimeSession session =
        new RuntimeSession(model.bytes(), RuntimeSession.Nodes.OPTIMIZED)) {
      Map<String, float[]> outputs = session.run(inputs);
      assertThat(outputs).containsOnlyKeys("probabilities");
      float[] made = Objects.requireNonNull(outputs.get("probabilities"));
      double[] expected = probabilities(network, row);
      for (int i = 0; i < 3; i++) {
        assertThat((double) made[i]).isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  @Test
  void numbersAreStandardizedAndFilledIn() {
    CompressedNetwork network = network(List.of(), AGE, INCOME, SHARE);
    check(network, List.of("27", "41000", "0.25"), numbers(27, 41000, 0.25f));
    check(network, List.of("", "41000", "NA"), numbers(Float.NaN, 41000, Float.NaN));
  }

  private static Map<String, Input> numbers(float... row) {
    return Map.of("input", new Numbers(row, 1, row.length));
  }

  @Test
  void categoriesAreTextsOfTheirOwnInputs() {
    CompressedNetwork network = network(List.of(), AGE, JOB, INCOME, REGION);
    check(
        network,
        List.of("27", "clerk", "41000", "süd"),
        Map.of(
            "age",
            number(27),
            "job",
            text("clerk"),
            "income",
            number(41000),
            "region",
            text("süd")));
    check(
        network,
        List.of("", "nobody", "12000", "north"),
        Map.of(
            "age",
            number(Float.NaN),
            "job",
            text("nobody"),
            "income",
            number(12000),
            "region",
            text("north")));
  }

  /** As the preparation refuses them. */
  @Test
  void categoriesThatAreNotKnownAreRefusedWhereTheyMustNotBe() {
    CompressedNetwork network = network(List.of(), JOB, REGION);
    assertThatThrownBy(
            () ->
                check(
                    network,
                    List.of("clerk", "north"),
                    Map.of("job", text("clerk"), "region", text("west"))))
        .isInstanceOf(OnnxException.class)
        .hasStackTraceContaining("Unknown Category");
  }

  /** A model's own names give way. */
  @Test
  void columnsMayHaveAnyNames() {
    ExportedModel model =
        OnnxExport.of(
            network(
                List.of(),
                new Numeric("probabilities", 0, 1, 2),
                new Numeric("layer_0/Gemm", 0, 1, 2),
                new Numeric("preparation/IsNaN", 0, 1, 2),
                new Numeric("logits", 0, 1, 2),
                JOB),
            WeightForm.FLOAT,
            Map.of());
    assertThat(RuntimeCheck.compare(model)).isLessThan(1e-5);
    CompressedNetwork nameless = network(List.of(), JOB, new Numeric("", 0, 1, 2));
    assertThatThrownBy(() -> OnnxExport.of(nameless, WeightForm.FLOAT, Map.of()))
        .isInstanceOf(ExportException.class)
        .hasMessage("column 1 has no name, which an input must have");
  }

  private static Input number(float value) {
    return new Numbers(new float[] {value}, 1, 1);
  }

  private static Input text(String value) {
    return new Texts(new String[] {value}, 1, 1);
  }

  /** Rows are made of features, which come out as they were. */
  @Test
  void modelsOfTablesAreChecked() {
    for (Column[] columns :
        List.of(
            new Column[] {AGE, INCOME, SHARE},
            new Column[] {JOB, AGE, REGION},
            new Column[] {JOB})) {
      ExportedModel model = OnnxExport.of(network(List.of(), columns), WeightForm.FLOAT, Map.of());
      assertThat(RuntimeCheck.compare(model)).isLessThan(1e-5);
    }
  }

  @Test
  void classesAndWhatIsKnownOfTheFileAreMetadata() throws InvalidProtocolBufferException {
    ExportedModel model =
        OnnxExport.of(
            network(List.of("yes", "no", "\"perhaps\""), AGE),
            WeightForm.FLOAT,
            Map.of("pare.sha256", "abc"));
    assertThat(ModelProto.parseFrom(model.bytes()).getMetadataPropsList())
        .containsExactly(
            entry("classes", "[\"yes\",\"no\",\"\\\"perhaps\\\"\"]"), entry("pare.sha256", "abc"));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
