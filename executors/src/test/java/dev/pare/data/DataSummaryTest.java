package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.csvSettings;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSummaryTest {
  @TempDir private Path folder;

  @Test
  void tellsCountsShapeRangeAndClasses() {
    assertThat(DataSummary.of(QuickstartData.load()))
        .hasToString(
            "10000 training and 2000 validation examples of 1×28×28, 0 to 1 at the first layer,"
                + " 10 classes");
  }

  @Test
  void namesClassesWithoutTrainingExamples() {
    assertThat(DataSummary.of(load("-3,1\n2.5,2\n", 10)))
        .hasToString(
            "19 training and 1 validation examples of 1×1×1, -3 to 2.5 at the first layer,"
                + " 3 classes; without training examples: 0");
  }

  @Test
  void refusesValuesThatTheFirstLayerCouldNotRead() {
    TrainingData data = load("1e30,0\n1e30,1\n", 10);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataSummary.of(
                    new TrainingData(
                        data.train(), data.validation(), data.shape(), 1e-20f, data.digest())))
        .withMessage("data.divisor = 1.0E-20: a feature of 1.0E30 becomes Infinity");
  }

  private TrainingData load(String lines, int times) {
    return DataLoader.loadTraining(
        csvSettings(write(folder, "data.csv", lines.repeat(times)), PLAIN_CSV), HADOOP);
  }
}
