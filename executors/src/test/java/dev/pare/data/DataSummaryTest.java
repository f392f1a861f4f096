package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.csvSettings;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.prepare.Preparation;
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
  void tellsOfTestDataWhatItTellsOfTrainingData() {
    TrainingData training = load("-3,1\n2.5,2\n1,0\n", 10);
    DataSettings settings = csvSettings(write(folder, "test.csv", "255,1\n0,2\n7,2\n"), PLAIN_CSV);
    TestData test =
        DataLoader.loadTest(
            settings,
            new DataForm(training.shape(), training.classes(), 1, Preparation.NONE),
            HADOOP);
    assertThat(DataSummary.of(training, test))
        .hasToString(
            "29 training and 1 validation examples of 1×1×1, -3 to 2.5 at the first layer, 3"
                + " classes; 3 test examples, 0 to 255; without test examples: 0");
    TestData huge = new TestData(MemoryExamples.of(new float[] {3e38f}, 1, new int[] {0}, 3), "");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataSummary.of(
                    new TrainingData(
                        training.train(),
                        training.validation(),
                        training.shape(),
                        0.1f,
                        Preparation.NONE,
                        training.digest()),
                    huge))
        .withMessageContaining("becomes Infinity");
  }

  @Test
  void testDataOfOneClassAreRefused() {
    TrainingData training = load("-3,1\n2.5,2\n1,0\n", 10);
    DataSettings settings = csvSettings(write(folder, "test.csv", "5,1\n0,1\n"), PLAIN_CSV);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings,
                    new DataForm(training.shape(), training.classes(), 1, Preparation.NONE),
                    HADOOP))
        .withMessage(
            "data.csv.label-column = -1: every label of the test data is 1; there must be at least"
                + " 2 classes");
  }

  @Test
  void refusesValuesThatTheFirstLayerCouldNotRead() {
    TrainingData data = load("1e30,0\n1e30,1\n", 10);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataSummary.of(
                    new TrainingData(
                        data.train(),
                        data.validation(),
                        data.shape(),
                        1e-20f,
                        Preparation.NONE,
                        data.digest())))
        .withMessage("data.divisor = 1.0E-20: a feature of 1.0E30 becomes Infinity");
  }

  private TrainingData load(String lines, int times) {
    return DataLoader.loadTraining(
        csvSettings(write(folder, "data.csv", lines.repeat(times)), PLAIN_CSV), HADOOP);
  }
}
