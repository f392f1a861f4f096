package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.export.ExportedModel;
import dev.pare.export.OnnxExport;
import dev.pare.export.RuntimeCheck;
import dev.pare.export.WeightForm;
import dev.pare.graph.Embedding;
import dev.pare.predict.Predictor;
import dev.pare.prepare.Column;
import dev.pare.report.FrontierRow;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network of PyTorch that looks up two columns of a table and reads three as numbers, as {@code
 * src/test/python/export_onnx.py} has made it.
 */
class TokensAndNumbersTest {
  private static final Path MIXED =
      SmallSweep.ROOT.resolve("driver/src/test/resources/dev/pare/mixed");

  @TempDir private Path folder;

  private SweepSpec spec(String... overrides) {
    return SmallSweep.withData(
        """
        data {
          format = csv, csv.header = true, columns.label = class, classes = named, validation = 200
          train.features = "%s", test.features = "%s"
        }
        """
            .formatted(MIXED.resolve("train.csv"), MIXED.resolve("test.csv")),
        "teacher.model = \"file://" + MIXED.resolve("network.onnx") + "\"",
        folder.resolve("out"),
        overrides);
  }

  @Test
  void bothAreReadTrainedCompressedWrittenAndPredicted() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.Result result =
          Sweep.run(
              spark,
              spec(
                  "space=null",
                  "student.epochs=6",
                  "points=[{ sparsity = 0.3, bits = 6 }, { sparsity = 0.5, bits = 4 },"
                      + " { factorize = svd, rank = 0.5, sparsity = 0.2, bits = 6 },"
                      + " { granularity = unit, sparsity = 0.3, bits = 6 },"
                      + " { quantizer = uniform-channel, sparsity = 0.3, bits = 6 }]"));

      assertThat(result.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
      assertThat(result.frontier().teacher().test().accuracy()).isGreaterThan(0.9);
      assertThat(result.frontier().rows())
          .isNotEmpty()
          .anySatisfy(row -> assertThat(row.test().accuracy()).isGreaterThan(0.85));
      for (FrontierRow row : result.frontier().rows()) {
        check(row);
      }
      assertThatThrownBy(() -> Sweep.run(spark, spec("data.scaling=standard")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("must be a whole number from 0 to 5");
    }
  }

  @Test
  void tokensStayAsTheyAreWhereNumbersAreStandardized() {
    Configuration hadoop = new Configuration();
    SweepSpec spec =
        spec("data.scaling=standard", "data.missing=mean", "data.columns.tokens=[job,region]");
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    assertThat(data.preparation().columns())
        .extracting(column -> ((Column.Numeric) column).deviation() == 1)
        .containsExactly(true, true, false, false, false);
    assertThat(TeacherProvider.architecture(spec, data, hadoop).vocabularies())
        .containsExactly(6, 4, 0, 0, 0);
    assertThatThrownBy(
            () ->
                DataLoader.loadTraining(
                    spec("data.missing=mean", "data.columns.tokens=[job,a]").data(), hadoop))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column a: ")
        .hasMessageContaining("is no token, as data.columns.tokens has it");
    assertThat(spec.data().table().toString()).contains("tokens=");
    assertThat(spec().data().table().toString()).doesNotContain("tokens=");
  }

  private void check(FrontierRow row) throws IOException {
    byte[] file = Files.readAllBytes(folder.resolve("out").resolve(row.file()));
    CompressedNetwork network = new ArtifactReader().read(file);
    assertThat(network.toNetwork().architecture().layers())
        .filteredOn(layer -> layer.whole() instanceof Embedding)
        .hasSize(2);
    assertThat(network.toNetwork().architecture().vocabularies()).containsExactly(6, 4, 0, 0, 0);
    Predictor predictor = Predictor.open(file);
    List<String> lines = Files.readAllLines(MIXED.resolve("test.csv"));
    String[] names = lines.get(0).split(",");
    int right = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      Map<String, String> values =
          Map.of(
              names[4], fields[4], names[0], fields[0], names[1], fields[1], names[2], fields[2],
              names[3], fields[3]);
      assertThat(predictor.predict(values).className())
          .isEqualTo(predictor.predict(Arrays.asList(fields).subList(0, 5)).className());
      right += predictor.predict(values).className().equals(fields[5]) ? 1 : 0;
    }
    assertThat((double) right / (lines.size() - 1)).isCloseTo(row.test().accuracy(), within(0.005));
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
    assertThat(RuntimeCheck.compare(model)).isLessThan(1e-4);
  }
}
