package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.csvSettings;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.gzip;
import static dev.pare.data.TestFiles.idx;
import static dev.pare.data.TestFiles.idxSettings;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DataLoaderTest {
  private static final ExampleShape SHAPE = new ExampleShape(1, 1, 2);

  @TempDir private Path folder;

  @Test
  void dividesTheTrainingDataIntoTwoPartsInFileOrder() {
    TrainingData data = DataLoader.loadTraining(numbered(200, 50, 1), HADOOP);
    List<Integer> train = numbers(data.train());
    List<Integer> validation = numbers(data.validation());
    assertThat(data.train().size()).isEqualTo(150);
    assertThat(data.validation().size()).isEqualTo(50);
    assertThat(train).isSorted();
    assertThat(validation).isSorted();
    List<Integer> all = new ArrayList<>(train);
    all.addAll(validation);
    assertThat(all).doesNotHaveDuplicates().hasSize(200);
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.shape()).isEqualTo(SHAPE);
    for (int i = 0; i < 50; i++) {
      assertThat(data.validation().label(i)).isEqualTo(validation.get(i) % 10);
    }
  }

  @Test
  void readsValidationExamplesOfFilesOfTheirOwn() {
    DataSettings drawn = numbered(200, 50, 1);
    String features = write(folder, "own", idx(new int[] {3, 1, 2}, new byte[] {1, 0, 1, 1, 1, 2}));
    String labels = write(folder, "own-labels", idx(new int[] {3}, new byte[] {4, 0, 9}));
    TrainingData data = DataLoader.loadTraining(own(drawn, features, labels), HADOOP);
    assertThat(numbers(data.validation())).containsExactly(256, 257, 258);
    assertThat(data.train().size()).isEqualTo(200);
    assertThat(data.classes()).isEqualTo(10);
    // What both sets of files are follows from the digest.
    String training = DataLoader.loadTraining(drawn, HADOOP).digest();
    assertThat(data.digest()).isNotEqualTo(training);
    String other = write(folder, "other-labels", idx(new int[] {3}, new byte[] {4, 0, 8}));
    assertThat(DataLoader.loadTraining(own(drawn, features, other), HADOOP).digest())
        .isNotEqualTo(data.digest());
    TestData test = DataLoader.loadTest(drawn, data.form(), HADOOP);
    assertThat(DataSummary.of(data, test).doubts())
        .contains("the test data are the training data, byte for byte: test errors say nothing");
    TrainingData same =
        DataLoader.loadTraining(
            own(drawn, drawn.train().features(), drawn.train().labels()), HADOOP);
    assertThat(DataSummary.of(same, test).doubts())
        .contains(
            "the validation data are the training data, byte for byte: validation errors say"
                + " nothing",
            "the test data are the validation data, byte for byte: files are chosen by them");
  }

  @Test
  void refusesValidationDataThatDoNotFitTheTrainingData() {
    DataSettings drawn = numbered(30, 5, 1);
    String wide = write(folder, "wide", idx(new int[] {2, 1, 3}, new byte[6]));
    String labels = write(folder, "own-labels", idx(new int[] {2}, new byte[] {1, 2}));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(own(drawn, wide, labels), HADOOP))
        .withMessage(
            "data.validation.features = %s: has examples of 1×1×3, those of the training data are"
                + " 1×1×2",
            wide);
    String right = write(folder, "right", idx(new int[] {2, 1, 2}, new byte[4]));
    String large = write(folder, "large", idx(new int[] {2}, new byte[] {1, 10}));
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(own(drawn, right, large), HADOOP))
        .withMessageEndingWith("byte 9: label 10: must be below 10 as in the training data");
    String one = write(folder, "one", idx(new int[] {2}, new byte[2]));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(own(drawn, right, one), HADOOP))
        .withMessageContaining(
            "data.validation.labels = " + one + ": every label of the validation data is 0");
  }

  private static DataSettings own(DataSettings drawn, String features, String labels) {
    return new DataSettings(
        drawn.format(),
        drawn.train(),
        new DataSettings.Files(features, labels),
        drawn.test(),
        drawn.csv(),
        null,
        0,
        drawn.seed(),
        null,
        TableSettings.NONE,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        Task.CLASSIFICATION);
  }

  @Test
  void drawsTheSameValidationForTheSameSeedOnly() {
    List<Integer> first = validation(200, 50, 1);
    assertThat(validation(200, 50, 1)).isEqualTo(first);
    assertThat(validation(200, 50, 2)).isNotEqualTo(first);
  }

  @Test
  void drawsEveryExampleAboutEquallyOften() {
    int[] drawn = new int[20];
    byte[] numbers = new byte[20];
    for (byte i = 0; i < 20; i++) {
      numbers[i] = i;
    }
    Examples numbered = new ByteExamples(numbers, 1, new int[20], 2);
    for (int seed = 0; seed < 4_000; seed++) {
      Examples part = SubsetExamples.draw(numbered, 5, seed).drawn();
      for (int i = 0; i < 5; i++) {
        drawn[(int) features(part, i)[0]]++;
      }
    }
    // 1,000 expected, with a standard deviation of 27.
    assertThat(Arrays.stream(drawn).boxed()).allMatch(count -> Math.abs(count - 1_000) < 140);
  }

  @Test
  void digestsTheFilesAsStored() throws Exception {
    DataSettings settings = numbered(20, 5, 1);
    String digest = DataLoader.loadTraining(settings, HADOOP).digest();
    MessageDigest both = MessageDigest.getInstance("SHA-256");
    for (String file : List.of("features", "labels")) {
      both.update(
          MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(file))));
    }
    assertThat(digest).isEqualTo(HexFormat.of().formatHex(both.digest()));
    assertThat(
            DataLoader.loadTest(settings, new DataForm(SHAPE, 10, 255, Preparation.NONE), HADOOP)
                .digest())
        .isEqualTo(digest);
    assertThat(DataLoader.loadTraining(numbered(20, 7, 3), HADOOP).digest()).isEqualTo(digest);

    write(folder, "labels", gzip(Files.readAllBytes(folder.resolve("labels"))));
    assertThat(DataLoader.loadTraining(settings, HADOOP).digest()).isNotEqualTo(digest);
  }

  @Test
  void loadsTestDataInFileOrder() {
    TestData data =
        DataLoader.loadTest(
            numbered(30, 5, 1), new DataForm(SHAPE, 12, 255, Preparation.NONE), HADOOP);
    assertThat(numbers(data.examples())).hasSize(30).isSorted();
    assertThat(data.examples().classes()).isEqualTo(12);
  }

  @Test
  void loadsCsv() {
    DataSettings settings =
        csvSettings(write(folder, "data.csv", "5,6,0\n7,8,1\n9,10,2\n5,6,0\n7,8,1\n"), PLAIN_CSV);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.shape()).isEqualTo(new ExampleShape(2, 1, 1));
    assertThat(data.train().size()).isEqualTo(4);
    assertThat(data.classes()).isEqualTo(3);
    TestData test =
        DataLoader.loadTest(settings, new DataForm(data.shape(), 3, 1, Preparation.NONE), HADOOP);
    assertThat(features(test.examples(), 2)).containsExactly(9, 10);
    assertThat(test.digest()).isEqualTo(data.digest());
  }

  @Test
  void refusesTestDataWithColumnsOfOtherNamesOrInAnotherOrder() {
    CsvLayout named = new CsvLayout(CsvLayout.Header.PRESENT, -1, ',');
    String train = write(folder, "train.csv", "a,\"b\",label\n5,6,0\n7,8,1\n");
    for (String[] other :
        new String[][] {
          {"b,a,label", "column 1 is named \"b\", in the training data \"a\""},
          {"a,c,label", "column 2 is named \"c\", in the training data \"b\""},
          {"a,b", "column 3 is not there, in the training data \"label\""},
          {"a,b,label,d", "column 4 is named \"d\", the training data have no such column"}
        }) {
      String test = write(folder, "test.csv", other[0] + "\n5,6,0\n7,8,1\n");
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> loadTest(train, test, named))
          .withMessage(
              "data.test.features = %s: %s; all must have the same columns in the same order",
              test, other[1]);
    }
    String same = write(folder, "test.csv", "\uFEFFa, b,label\r\n5,6,0\n7,8,1\n");
    assertThat(loadTest(train, same, named).examples().size()).isEqualTo(2);
    // Without names there is nothing to compare.
    String numbers = write(folder, "numbers.csv", "1,2,0\n5,6,0\n7,8,1\n");
    assertThat(loadTest(train, numbers, PLAIN_CSV).examples().size()).isEqualTo(3);
  }

  /** Of several files, the later ones would be read as if they had the first one's columns. */
  @Test
  void refusesPartsWithColumnsOfOtherNamesOrInAnotherOrder() throws IOException {
    CsvLayout named = new CsvLayout(CsvLayout.Header.PRESENT, -1, ',');
    Path parts = Files.createDirectory(folder.resolve("parts"));
    write(parts, "part-0.csv", "a,b,label\n5,6,0\n7,8,1\n");
    for (String[] other :
        new String[][] {
          {"b,a,label", "column 1 is named \"b\", in the training data \"a\""},
          {"1,2,0", "column 1 is named \"1\", in the training data \"a\""}
        }) {
      String second = write(parts, "part-1.csv", other[0] + "\n9,8,0\n1,2,1\n3,4,1\n");
      String expected = second.substring(second.indexOf("/parts")) + ": " + other[1];
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> DataLoader.loadTraining(csvSettings(parts.toString(), named), HADOOP))
          .withMessageStartingWith("data.train.features = ")
          .withMessageContaining(expected);
      String whole = write(folder, "whole.csv", "a,b,label\n5,6,0\n7,8,1\n");
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> loadTest(whole, parts.toString(), named))
          .withMessageStartingWith("data.test.features = ")
          .withMessageContaining(expected);
    }
    write(parts, "part-1.csv", "a,b,label\n9,8,0\n1,2,1\n3,4,1\n");
    assertThat(DataLoader.loadTraining(csvSettings(parts.toString(), named), HADOOP).train().size())
        .isEqualTo(4);
  }

  /** Whoever opens one waits for its writer. */
  @Test
  @Timeout(60)
  void refusesPipesAndDevices() throws IOException, InterruptedException {
    Path parts = Files.createDirectory(folder.resolve("pipes"));
    write(parts, "part-0.csv", "5,6,0\n7,8,1\n1,2,0\n3,4,1\n");
    Path pipe = parts.resolve("part-1.csv");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (String location : new String[] {parts.toString(), pipe.toString(), "/dev/zero"}) {
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> DataLoader.loadTraining(csvSettings(location, PLAIN_CSV), HADOOP))
          .withMessageContaining(location)
          .withMessageEndingWith(": is a pipe or a device, not a file");
    }
  }

  @Test
  void refusesFoldersAmongFiles() throws IOException {
    Path parts = Files.createDirectory(folder.resolve("years"));
    write(parts, "part-0.csv", "5,6,0\n7,8,1\n1,2,0\n3,4,1\n");
    Files.createDirectory(parts.resolve("_logs"));
    for (String location : new String[] {parts.toString(), parts + "/*"}) {
      DataSettings settings = csvSettings(location, PLAIN_CSV);
      assertThat(DataLoader.loadTraining(settings, HADOOP).train().size()).isEqualTo(3);
    }
    Files.createDirectory(parts.resolve("year=2024"));
    for (String location : new String[] {parts.toString(), parts + "/*"}) {
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> DataLoader.loadTraining(csvSettings(location, PLAIN_CSV), HADOOP))
          .withMessage(
              "data.train.features = %s: year=2024 is a folder, whose files would be left out; name"
                  + " files alone, as a pattern can",
              location);
    }
  }

  private static TestData loadTest(String train, String test, CsvLayout layout) {
    DataSettings settings =
        new DataSettings(
            "csv",
            new DataSettings.Files(train, null),
            new DataSettings.Files(test, null),
            layout,
            null,
            1,
            7,
            null);
    return DataLoader.loadTest(
        settings, new DataForm(new ExampleShape(2, 1, 1), 2, 1, Preparation.NONE), HADOOP);
  }

  @Test
  void refusesTestDataThatDoNotFitTheTrainingData() {
    DataSettings settings = numbered(30, 5, 1);
    String features = settings.test().features();
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings,
                    new DataForm(new ExampleShape(1, 2, 1), 10, 255, Preparation.NONE),
                    HADOOP))
        .withMessage(
            "data.test.features = %s: has examples of 1×1×2, those of the training data are 1×2×1",
            features);
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings, new DataForm(SHAPE, 9, 255, Preparation.NONE), HADOOP))
        .withMessageEndingWith("byte 17: label 9: must be below 9 as in the training data");
  }

  @Test
  void unsignedBytesAloneAreDividedUnlessSet() {
    byte[] labels = {0, 1, 0, 1};
    String labelFile = write(folder, "labels", idx(new int[] {4}, labels));
    int[] types = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
    int[] bytes = {1, 1, 2, 4, 4, 8};
    float[] divisors = {255, 1, 1, 1, 1, 1};
    for (int i = 0; i < types.length; i++) {
      byte[] file = idx(types[i], new int[] {4, 1}, new byte[4 * bytes[i]]);
      DataSettings settings = idxSettings(write(folder, "features" + i, file), labelFile, 1);
      assertThat(DataLoader.loadTraining(settings, HADOOP).divisor()).isEqualTo(divisors[i]);
    }
    DataSettings csv = csvSettings(write(folder, "x.csv", "5,0\n5,1\n5,0\n5,1\n"), PLAIN_CSV);
    assertThat(DataLoader.loadTraining(csv, HADOOP).divisor()).isEqualTo(1);
    assertThat(DataLoader.loadTraining(with(csv, null, 16f), HADOOP).divisor()).isEqualTo(16);
  }

  @Test
  void refusesTestDataThatAreDividedByAnother() {
    byte[] floats = ByteBuffer.allocate(16).putFloat(0, 1).array();
    DataSettings.Files bytes = numbered(30, 5, 1).train();
    String features = write(folder, "floats", idx(0x0D, new int[] {2, 1, 2}, floats));
    DataSettings.Files other =
        new DataSettings.Files(features, write(folder, "two", idx(new int[] {2}, new byte[2])));
    DataSettings settings = new DataSettings("idx", bytes, other, PLAIN_CSV, null, 5, 1, null);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings, new DataForm(SHAPE, 10, 255, Preparation.NONE), HADOOP))
        .withMessage(
            "data.test.features = %s: is divided by 1.0, the training data by 255.0; data.divisor"
                + " is for both",
            features);
  }

  @Test
  void flatFeaturesTakeTheShapeThatIsSet() {
    DataSettings csv =
        csvSettings(
            write(folder, "x.csv", "1,2,3,4,0\n5,6,7,8,1\n1,2,3,4,0\n5,6,7,8,1\n"), PLAIN_CSV);
    ExampleShape square = new ExampleShape(1, 2, 2);
    assertThat(DataLoader.loadTraining(with(csv, square, null), HADOOP).shape()).isEqualTo(square);
    TestData test =
        DataLoader.loadTest(
            with(csv, square, null), new DataForm(square, 2, 1, Preparation.NONE), HADOOP);
    assertThat(features(test.examples(), 1)).containsExactly(5, 6, 7, 8);

    refusesShape(csv, new ExampleShape(1, 28, 28), "data.shape = [1, 28, 28]: has 784 values, but");
    String labels = write(folder, "labels", idx(new int[] {4}, new byte[] {0, 1, 0, 1}));
    String rank2 = write(folder, "rank2", idx(new int[] {4, 4}, new byte[16]));
    String rank3 = write(folder, "rank3", idx(new int[] {4, 4, 1}, new byte[16]));
    assertThat(
            DataLoader.loadTraining(with(idxSettings(rank2, labels, 1), square, null), HADOOP)
                .shape())
        .isEqualTo(square);
    refusesShape(idxSettings(rank3, labels, 1), square, "rank3 has examples of 1×4×1");
  }

  /** An array of rank 3 may be of channels × steps, which are not one channel of rows. */
  @Test
  void arraysOfRank3AreSequencesOfChannelsWhereShapeSaysSo() {
    String labels = write(folder, "labels", idx(new int[] {4}, new byte[] {0, 1, 0, 1}));
    String arrays = write(folder, "arrays", idx(new int[] {4, 2, 3}, new byte[24]));
    DataSettings settings = idxSettings(arrays, labels, 1);
    for (ExampleShape shape : List.of(new ExampleShape(2, 3, 1), new ExampleShape(2, 1, 3))) {
      assertThat(DataLoader.loadTraining(with(settings, shape, null), HADOOP).shape())
          .isEqualTo(shape);
    }
    refusesShape(
        settings,
        new ExampleShape(3, 2, 1),
        "data.shape = [3, 2, 1]: must have their sides in their order: data.train.features = ");
    refusesShape(settings, new ExampleShape(6, 1, 1), "has examples of 1×2×3");
  }

  private static void refusesShape(DataSettings settings, ExampleShape shape, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(with(settings, shape, null), HADOOP))
        .withMessageContaining(message);
  }

  private static DataSettings with(
      DataSettings settings, @Nullable ExampleShape shape, @Nullable Float divisor) {
    return new DataSettings(
        settings.format(),
        settings.train(),
        settings.test(),
        settings.csv(),
        shape,
        settings.validation(),
        settings.seed(),
        divisor);
  }

  @Test
  void refusesLabelsOfOneClassWhateverItsNumber() {
    for (String label : List.of("0", "1", "7")) {
      String text = ("3," + label + "\n").repeat(20);
      refusesLabels(
          text,
          "data.csv.label-column = -1: every label is " + label + "; there must be at least 2");
    }
  }

  @Test
  void refusesLabelsMostOfWhichAreUnique() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append("1,").append(i * 37 % 251).append('\n');
    }
    refusesLabels(
        text.toString(),
        "data.csv.label-column = -1: 247 of the 247 classes, 0 to the largest label, have fewer"
            + " than 2 of the 60 training examples; are these labels?");
    refusesLabels("1,0\n2,1\n3,2\n4,2\n", "2 of the 3 classes");
    DataSettings half = csvSettings(write(folder, "x.csv", "1,0\n2,1\n3,1\n4,0\n5,3\n"), PLAIN_CSV);
    assertThat(DataLoader.loadTraining(half, HADOOP).classes()).isEqualTo(4);
  }

  private void refusesLabels(String text, String message) {
    DataSettings settings = csvSettings(write(folder, "x.csv", text), PLAIN_CSV);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(settings, HADOOP))
        .withMessageContaining(message);
  }

  @Test
  void refusesMoreValidationThanThereAreExamples() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(numbered(20, 20, 1), HADOOP))
        .withMessage("data.validation = 20: must be below 20, the number of training examples");
  }

  @Test
  void namesTheSettingOfAFileThatIsNotThere() {
    DataSettings good = numbered(20, 5, 1);
    String missing = folder.resolve("missing").toString();
    DataSettings settings = idxSettings(missing, good.train().labels(), 5);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(settings, HADOOP))
        .withMessage("data.train.features = " + missing + ": no such file");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings, new DataForm(SHAPE, 10, 255, Preparation.NONE), HADOOP))
        .withMessage("data.test.features = " + missing + ": no such file");
    refusesLocation(folder.toString(), "is a folder, not a file");
    refusesLocation("gopher://host/file", "No FileSystem for scheme \"gopher\"");
    refusesLocation("", "Can not create a Path from an empty string");
  }

  @Test
  void readsTheQuickstartData() {
    Path quickstart = Path.of(System.getProperty("pare.root"), "conf", "quickstart");
    TrainingData train =
        DataLoader.loadTraining(
            idxSettings(
                quickstart.resolve("train-images-idx3-ubyte.gz").toUri().toString(),
                quickstart.resolve("train-labels-idx1-ubyte.gz").toUri().toString(),
                2_000),
            HADOOP);
    assertThat(train.train().size()).isEqualTo(10_000);
    assertThat(train.validation().size()).isEqualTo(2_000);
    assertThat(train.shape()).isEqualTo(new ExampleShape(1, 28, 28));
    assertThat(train.classes()).isEqualTo(10);
    TestData test =
        DataLoader.loadTest(
            idxSettings(
                quickstart.resolve("t10k-images-idx3-ubyte.gz").toUri().toString(),
                quickstart.resolve("t10k-labels-idx1-ubyte.gz").toUri().toString(),
                1),
            train.form(),
            HADOOP);
    assertThat(test.examples().size()).isEqualTo(2_000);
    assertThat(test.examples().label(0)).isEqualTo(7);
  }

  private void refusesLocation(String location, String problem) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> SourceFile.open("data.train.features", location, HADOOP))
        .withMessageStartingWith("data.train.features = " + location + ": ")
        .withMessageContaining(problem);
  }

  private List<Integer> validation(int count, int validation, long seed) {
    return numbers(DataLoader.loadTraining(numbered(count, validation, seed), HADOOP).validation());
  }

  /** Examples whose two features are their number. */
  private DataSettings numbered(int count, int validation, long seed) {
    byte[] numbers = new byte[2 * count];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      numbers[2 * i] = (byte) (i >> 8);
      numbers[2 * i + 1] = (byte) i;
      labels[i] = (byte) (i % 10);
    }
    DataSettings.Files files =
        new DataSettings.Files(
            write(folder, "features", idx(new int[] {count, 1, 2}, numbers)),
            write(folder, "labels", idx(new int[] {count}, labels)));
    return new DataSettings("idx", files, files, PLAIN_CSV, null, validation, seed, null);
  }

  private static List<Integer> numbers(Examples examples) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      float[] pair = features(examples, i);
      numbers.add((int) (256 * pair[0] + pair[1]));
    }
    return numbers;
  }
}
