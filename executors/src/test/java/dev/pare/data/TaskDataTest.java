package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.idx;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Task;
import dev.pare.prepare.Column;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What labels are for regression and reconstruction. */
class TaskDataTest {
  @TempDir private Path folder;

  @Test
  void aColumnIsTheTargetOfARegression() {
    for (int column : new int[] {1, -2}) {
      TrainingData data = load(Task.REGRESSION, "1,0.5,2\n3,-7.25,4\n5,1e3,6\n", column);
      assertThat(data.shape()).isEqualTo(new ExampleShape(2, 1, 1));
      assertThat(data.outputs()).isEqualTo(1);
      Examples train = data.train();
      assertThat(train.task()).isEqualTo(Task.REGRESSION);
      for (int i = 0; i < train.size(); i++) {
        float first = features(train, i)[0];
        assertThat(features(train, i)[1]).isEqualTo(first + 1);
        float[] target = new float[2];
        train.copyTarget(i, target, 1);
        assertThat(target[1]).isEqualTo(first == 1 ? 0.5f : first == 3 ? -7.25f : 1000);
      }
    }
  }

  @Test
  void targetsTellExamplesApart() {
    String digest = ExamplesDigest.of(load(Task.REGRESSION, "1,2\n3,4\n5,6\n", 1).train());
    String other = ExamplesDigest.of(load(Task.REGRESSION, "1,2.5\n3,4.5\n5,6.5\n", 1).train());
    assertThat(other).isNotEqualTo(digest);
  }

  @Test
  void aFileOfFloatsHasOneTargetOrSeveralForEachExample() {
    String features =
        write(folder, "features", idx(new int[] {3, 2}, new byte[] {1, 2, 3, 4, 5, 6}));
    ByteBuffer floats = ByteBuffer.allocate(24);
    for (float value : new float[] {0.5f, 10, 1.5f, 20, 2.5f, 30}) {
      floats.putFloat(value);
    }
    String targets = write(folder, "targets", idx(0x0D, new int[] {3, 2}, floats.array()));
    TrainingData data =
        DataLoader.loadTraining(settings(features, targets, Task.REGRESSION), HADOOP);
    assertThat(data.outputs()).isEqualTo(2);
    float[] target = new float[2];
    data.validation().copyTarget(0, target, 0);
    assertThat(target[1]).isEqualTo(10 * target[0] + 5);
    assertThat(
            DataLoader.loadTest(settings(features, targets, Task.REGRESSION), data.form(), HADOOP)
                .examples()
                .outputs())
        .isEqualTo(2);

    String fewer = write(folder, "fewer", idx(0x0D, new int[] {1, 6}, floats.array()));
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () -> DataLoader.loadTraining(settings(features, fewer, Task.REGRESSION), HADOOP))
        .withMessageContaining("3 examples, but file:" + fewer + " has 1 labels");
    String cube = write(folder, "cube", idx(0x0D, new int[] {3, 2, 1}, floats.array()));
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () -> DataLoader.loadTraining(settings(features, cube, Task.REGRESSION), HADOOP))
        .withMessageContaining("rank 3: targets have rank 1 or 2");
  }

  @Test
  void anAutoencoderGivesBackWhatItReads() {
    String features =
        write(folder, "features", idx(new int[] {3, 2}, new byte[] {0, 51, 102, -1, 5, 6}));
    TrainingData data =
        DataLoader.loadTraining(settings(features, null, Task.RECONSTRUCTION), HADOOP);
    assertThat(data.outputs()).isEqualTo(2);
    assertThat(data.classes()).isOne();
    for (Examples part : new Examples[] {data.train(), data.validation()}) {
      float[] target = new float[2];
      part.copyTarget(0, target, 0);
      assertThat(target)
          .containsExactly(
              new float[] {features(part, 0)[0] / 255, features(part, 0)[1] / 255}, within(1e-6f));
    }
    TrainingData csv = load(Task.RECONSTRUCTION, "1,2\n3,4\n5,6\n", null);
    assertThat(csv.shape()).isEqualTo(new ExampleShape(2, 1, 1));
  }

  @Test
  void whatIsNotNormalIsValidatedWithButNotTrainedOn() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(i).append(",").append(i % 4 == 0 ? 1 : 0).append('\n');
    }
    DataSettings settings = csv(Task.RECONSTRUCTION, lines.toString(), 1, 20);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.classes()).isEqualTo(2);
    assertThat(data.validation().size()).isEqualTo(20);
    assertThat(data.train().size()).isBetween(10, 20);
    for (int i = 0; i < data.train().size(); i++) {
      assertThat(data.train().label(i)).isZero();
      assertThat(features(data.train(), i)[0] % 4).isNotZero();
    }
    for (int i = 0; i < 20; i++) {
      assertThat(data.validation().label(i))
          .isEqualTo(features(data.validation(), i)[0] % 4 == 0 ? 1 : 0);
    }
  }

  @Test
  void preparedColumnsHaveTargetsToo() {
    String text = "city,rent,size\nA,900.5,40\nB,1200,60\nA,1000,\nB,1500,80\n";
    TrainingData data = prepared(text, "rent", Task.REGRESSION, 1, Shares.NONE);
    assertThat(data.shape()).isEqualTo(new ExampleShape(3, 1, 1));
    assertThat(data.outputs()).isOne();
    float[] target = new float[1];
    for (int i = 0; i < data.train().size(); i++) {
      data.train().copyTarget(i, target, 0);
      boolean cheap = target[0] < 1100;
      assertThat(features(data.train(), i)).startsWith(cheap ? 1 : 0, cheap ? 0 : 1);
    }
  }

  @Test
  void onlyWhatIsNormalIsTrainedOnAndDecidesHowColumnsArePrepared() {
    StringBuilder text = new StringBuilder("city,size,odd\n");
    for (int i = 0; i < 60; i++) {
      text.append("A,").append(i % 3 == 0 ? 1000 : i % 2).append(',').append(i % 3 == 0 ? 1 : 0);
      text.append('\n');
    }
    TrainingData data = prepared(text.toString(), "odd", Task.RECONSTRUCTION, 10, Shares.NONE);
    Column.Numeric size = (Column.Numeric) data.preparation().columns().get(1);
    assertThat(size.mean()).isBetween(0f, 1f);
    assertThat(data.outputs()).isEqualTo(2);
    float[] target = new float[2];
    for (int i = 0; i < data.train().size(); i++) {
      assertThat(data.train().label(i)).isZero();
      data.train().copyTarget(i, target, 0);
      assertThat(target).isEqualTo(features(data.train(), i));
    }
  }

  @Test
  void sharesAreDrawnFromAllWhereThereAreNoClasses() {
    StringBuilder text = new StringBuilder("city,size,rent\n");
    for (int i = 0; i < 100; i++) {
      text.append("A,").append(i).append(',').append(10 * i + 0.5).append('\n');
    }
    TrainingData data = prepared(text.toString(), "rent", Task.REGRESSION, 1, new Shares(0.2, 0.3));
    assertThat(data.validation().size()).isEqualTo(20);
    assertThat(data.train().size()).isEqualTo(50);
  }

  @Test
  void severalColumnsAreTheNumbersOfOneTarget() {
    StringBuilder text = new StringBuilder("low,x,high\n");
    for (int i = 0; i < 30; i++) {
      text.append(-i).append(',').append(i).append(',').append(2.5 * i).append('\n');
    }
    TableSettings table = targets("high", "low");
    TrainingData data = DataLoader.loadTraining(targeted(text.toString(), table), HADOOP);
    assertThat(data.outputs()).isEqualTo(2);
    assertThat(data.preparation().columns()).extracting(Column::name).containsExactly("x");
    float[] target = new float[2];
    for (int i = 0; i < data.train().size(); i++) {
      float x = TestFiles.features(data.train(), i)[0];
      data.train().copyTarget(i, target, 0);
      assertThat(target).containsExactly(2.5f * x, 0 - x);
    }
    for (String bad : List.of("", "NA", "1e99", "far")) {
      String changed = text.toString().replace("-3,3,", bad + ",3,");
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> DataLoader.loadTraining(targeted(changed, table), HADOOP))
          .withMessageContaining("line 5, column 1 (low): ");
    }
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () -> DataLoader.loadTraining(targeted(text.toString(), targets("high", "y")), HADOOP))
        .withMessageContaining(
            "data.columns.label = y: there is no such column among low, x, high");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> targets("high", "high"))
        .withMessage("data.columns.label: has a name twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> targeted("", table, Task.CLASSIFICATION))
        .withMessage(
            "data.columns.label = [high, low]: must be one column, as data.task = classification");
    assertThat(targets("high", "low")).hasToString(table.toString()).isNotEqualTo(targets("low"));
    assertThat(targets("low")).asString().startsWith("TableSettings[label=low, features=[], ");
    assertThat(TableSettings.NONE).asString().startsWith("TableSettings[label=null, features=[], ");
  }

  private static TableSettings targets(String... labels) {
    return new TableSettings(
        List.of(labels),
        List.of(),
        List.of(),
        List.of(),
        TableSettings.Classes.COUNTED,
        TableSettings.Missing.REFUSED,
        TableSettings.Scaling.NONE);
  }

  private DataSettings targeted(String text, TableSettings table) {
    return targeted(text, table, Task.REGRESSION);
  }

  private DataSettings targeted(String text, TableSettings table, Task task) {
    DataSettings.Files files = new DataSettings.Files(write(folder, "targets.csv", text), null);
    return new DataSettings(
        "csv",
        files,
        null,
        files,
        new CsvLayout(CsvLayout.Header.PRESENT, 0, ','),
        null,
        5,
        7,
        null,
        table,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        task);
  }

  private TrainingData prepared(
      String text, String label, Task task, int validation, Shares shares) {
    DataSettings.Files files = new DataSettings.Files(write(folder, "named.csv", text), null);
    TableSettings table =
        new TableSettings(
            label,
            List.of(),
            List.of(),
            List.of("city"),
            TableSettings.Classes.COUNTED,
            new TableSettings.Missing(TableSettings.Missing.Kind.MEAN, 0),
            TableSettings.Scaling.STANDARD);
    return DataLoader.loadTraining(
        new DataSettings(
            "csv",
            files,
            null,
            shares.test() > 0 ? null : files,
            new CsvLayout(CsvLayout.Header.PRESENT, 0, ','),
            null,
            validation,
            7,
            null,
            table,
            shares,
            DataSettings.ClassWeights.NONE,
            task),
        HADOOP);
  }

  @Test
  void whatHasNoClassesHasNoUseForThem() {
    for (Task task : List.of(Task.REGRESSION, Task.RECONSTRUCTION)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  settings(
                      "csv", TableSettings.Classes.NAMED, DataSettings.ClassWeights.NONE, task))
          .withMessage(
              "data.classes = named: must be counted, as data.task = %s has no classes", task);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  settings(
                      "csv",
                      TableSettings.Classes.COUNTED,
                      DataSettings.ClassWeights.BALANCED,
                      task))
          .withMessage(
              "data.class-weights = balanced: must be none, as data.task = %s has no classes",
              task);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                settings(
                    "images",
                    TableSettings.Classes.COUNTED,
                    DataSettings.ClassWeights.NONE,
                    Task.REGRESSION))
        .withMessage("data.format = images: has classes, not numbers as data.task = regression");
  }

  private static DataSettings settings(
      String format, TableSettings.Classes classes, DataSettings.ClassWeights weights, Task task) {
    DataSettings.Files files = new DataSettings.Files("x", null);
    return new DataSettings(
        format,
        files,
        null,
        files,
        TestFiles.PLAIN_CSV,
        null,
        1,
        7,
        null,
        new TableSettings(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            classes,
            TableSettings.Missing.REFUSED,
            TableSettings.Scaling.NONE),
        Shares.NONE,
        weights,
        task);
  }

  @Test
  void labelsThatAreNoneAreRefused() {
    refused(
        Task.RECONSTRUCTION, "1,2\n3,0\n", 1, "label 2: must be below 2: 0 is normal, 1 is not");
    refused(Task.RECONSTRUCTION, "1,1\n3,1\n", 1, "no example that is left for training is normal");
    refused(Task.REGRESSION, "1,2\n3,2\n", 1, "label-column = 1: the targets are all the same");
    refused(Task.REGRESSION, "1,2\n3,4\n", 2, "has 2 columns, but data.csv.label-column = 2");
    refused(Task.REGRESSION, "1\n3\n", 0, "has one column, must have a label and features");
    refused(Task.REGRESSION, "1,a\n3,4\n", 1, "line 1, column 2: \"a\" is not a finite number");
    for (Task task : new Task[] {Task.CLASSIFICATION, Task.REGRESSION}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> csv(task, "1,2\n", null, 1))
          .withMessage(
              "data.csv.label-column = none: must be a column, as data.task = %s has labels", task);
    }
  }

  @Test
  void whatIsMovedIsToBeGivenBackWhereItIs() {
    float[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Examples moved =
        new ShiftedExamples(
            MemoryExamples.reconstructed(image, 9, new int[1], 2f), 1, 3, 3, 1, 6, 5);
    float[] target = new float[9];
    for (int i = 0; i < moved.size(); i++) {
      moved.copyTarget(i, target, 0);
      float[] read = features(moved, i);
      for (int f = 0; f < 9; f++) {
        assertThat(target[f]).isEqualTo(read[f] / 2);
      }
    }
    assertThat(moved.task()).isEqualTo(Task.RECONSTRUCTION);
    assertThat(moved.outputs()).isEqualTo(9);
  }

  @Test
  void aNetworkThatReadsFewerFeaturesStillGivesBackAll() {
    Examples examples =
        new SelectedFeatures(
            MemoryExamples.reconstructed(new float[] {1, 2, 3}, 3, new int[1], 1f), new int[] {1});
    float[] target = new float[3];
    examples.copyTarget(0, target, 0);
    assertThat(examples.features()).isOne();
    assertThat(examples.outputs()).isEqualTo(3);
    assertThat(target).containsExactly(1, 2, 3);
  }

  private void refused(Task task, String text, Integer column, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> load(task, text, column))
        .withMessageContaining(message);
  }

  private TrainingData load(Task task, String text, Integer column) {
    return DataLoader.loadTraining(csv(task, text, column, 1), HADOOP);
  }

  private DataSettings csv(Task task, String text, Integer column, int validation) {
    DataSettings.Files files = new DataSettings.Files(write(folder, "x.csv", text), null);
    CsvLayout layout = new CsvLayout(CsvLayout.Header.ABSENT, column, ',');
    return new DataSettings(
        "csv",
        files,
        null,
        files,
        layout,
        null,
        validation,
        7,
        null,
        TableSettings.NONE,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        task);
  }

  private static DataSettings settings(String features, String labels, Task task) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    return new DataSettings(
        "idx",
        files,
        null,
        files,
        TestFiles.PLAIN_CSV,
        null,
        1,
        7,
        null,
        TableSettings.NONE,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        task);
  }
}
