package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.csvSettings;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import dev.pare.prepare.Preparation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSummaryTest {
  @TempDir private Path folder;

  @Test
  void tellsCountsShapeRangeAndClasses() {
    assertThat(DataSummary.of(QuickstartData.load()))
        .hasToString(
            "10000 training and 2000 validation examples of 1×28×28, 0 to 1 at the first layer,"
                + " 10 classes of 884 (5) to 1108 (1) training examples; for information: 107 of 784 features never vary");
  }

  @Test
  void namesClassesWithoutTrainingExamples() {
    assertThat(DataSummary.of(load("-3,1\n2.5,2\n", 10)))
        .hasToString(
            "19 training and 1 validation examples of 1×1×1, -3 to 2.5 at the first layer,"
                + " 3 classes of 9 (1) to 10 (2) training examples; without training examples: 0; without validation examples: 0, 2; fewer"
                + " than 5 validation examples: 1");
  }

  /** As where half of a file of labels is zeros. */
  @Test
  void tellsHowManyExamplesTheSmallestAndTheLargestClassHave() {
    String even = "1,0\n2,1\n3,2\n";
    assertThat(DataSummary.of(load(even, 20)).toString())
        .matches(".*, 3 classes of (19|20) \\([012]\\) to 20 \\([012]\\) training examples; .*");
    assertThat(DataSummary.of(load("1,0\n2,0\n3,0\n4,0\n5,1\n6,2\n7,2\n", 20)).toString())
        .matches(".*, 3 classes of (19|20) \\(1\\) to (79|80) \\(0\\) training examples; .*");
    DataSummary.Range range = new DataSummary.Range(0, 1);
    DataSummary.Part part = new DataSummary.Part(9, range, null, List.of(3, 0, 6));
    DataSummary named =
        new DataSummary(
            part,
            part,
            new ExampleShape(1, 1, 1),
            Task.CLASSIFICATION,
            3,
            List.of("cat", "cow", "unlabelled"),
            null,
            0,
            0,
            null,
            List.of());
    assertThat(named)
        .asString()
        .contains(
            "3 classes (cat, cow, unlabelled) of 3 (cat) to 6 (unlabelled) training examples");
    DataSummary.Part alike = new DataSummary.Part(9, range, null, List.of(3, 3, 3));
    assertThat(
            new DataSummary(
                alike,
                alike,
                new ExampleShape(1, 1, 1),
                Task.CLASSIFICATION,
                3,
                List.of(),
                null,
                0,
                0,
                null,
                List.of()))
        .asString()
        .contains("3 classes of 3 training examples each; fewer");
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
                + " classes of 9 (2) to 10 (0) training examples; without validation examples: 0, 1; fewer than 5 validation examples: 2; 3"
                + " test examples, 0 to 255; without test examples: 0; fewer than 5 test examples: 1,"
                + " 2; feature 1 has a value of its own for each class: a copy of the label?; of most test examples, feature 1 is out of the training data's range; test data go far beyond the"
                + " training data's range");
    TestData huge =
        new TestData(
            MemoryExamples.of(new float[] {3e38f}, 1, new int[] {0}, 3),
            "",
            TestData.Files.OWN,
            List.of());
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
                        training.trainingDigest(),
                        null,
                        List.of(),
                        List.of(),
                        List.of()),
                    huge))
        .withMessageContaining("becomes Infinity");
  }

  @Test
  void saysWhichValuesMayStandForMissingOnes() {
    for (String missing : List.of("-999", "3e38", "-1e30", "99999")) {
      assertThat(DataSummary.of(load("0.5,7,0\n1.5,8,1\n" + missing + ",9,0\n", 10)).doubts())
          .singleElement()
          .asString()
          .contains("feature 1 holds ", "far from its other values, 0.5 to 1.5");
    }
    // Signs, counts and what varies as much as it wants.
    assertThat(DataSummary.of(load("-1,0,0\n1,1,1\n-1,200,0\n1,-3,0\n", 10)).doubts()).isEmpty();
  }

  @Test
  void featuresThatNeverVaryAreNoDoubtUnlessAllDo() {
    DataSummary one = DataSummary.of(load("5,1,0\n5,2,1\n5,7,1\n", 10));
    assertThat(one.constant()).isEqualTo(1);
    assertThat(one.doubts()).isEmpty();
    assertThat(DataSummary.of(load("5,1,0\n5,1,1\n", 10)).doubts())
        .containsExactly("no feature varies: there is nothing to learn from");
  }

  @Test
  void saysWhereTestDataAreTheTrainingDataOrOfAnotherScale() {
    String text = "1,10,0\n2,20,1\n3,30,0\n4,40,1\n";
    TrainingData training = load(text, 1);
    DataSettings settings = csvSettings(write(folder, "same.csv", text), PLAIN_CSV);
    TestData same = DataLoader.loadTest(settings, training.form(), HADOOP);
    assertThat(DataSummary.of(training, same).doubts())
        .containsExactly(
            "the test data are the training data, byte for byte: test errors say nothing");

    settings =
        csvSettings(write(folder, "metres.csv", "0.01,15,0\n0.02,25,1\n3,30,0\n"), PLAIN_CSV);
    TestData metres = DataLoader.loadTest(settings, training.form(), HADOOP);
    assertThat(DataSummary.of(training, metres).doubts())
        .containsExactly("of most test examples, feature 1 is out of the training data's range");
  }

  @Test
  void imagesWithChannelsLastAreDoubted() {
    for (int channels : new int[] {1, 3, 4}) {
      assertThat(doubtsOfBytes(new ExampleShape(16, 16, channels)))
          .contains(
              "examples of 16×16×%d are read as 16 channels of 16×%d: images with channels last? They are to be transposed to %d×16×16"
                  .formatted(channels, channels, channels));
    }
    assertThat(doubtsOfBytes(new ExampleShape(16, 20, 3)))
        .contains(
            "examples of 16×20×3 are read as 16 channels of 20×3: images with channels last? They are to be transposed to 3×16×20");
    for (ExampleShape shape :
        List.of(
            new ExampleShape(3, 16, 16),
            new ExampleShape(1, 28, 28),
            new ExampleShape(3, 3, 3),
            new ExampleShape(4, 4, 4),
            new ExampleShape(16, 16, 16),
            new ExampleShape(16, 16, 8),
            new ExampleShape(16, 20, 1),
            new ExampleShape(16, 20, 5),
            new ExampleShape(16, 1, 1))) {
      assertThat(doubtsOfBytes(shape)).noneMatch(doubt -> doubt.contains("channels last"));
    }
  }

  /** Flat, and of a shape that the settings say. */
  @Test
  void imagesWhoseChannelsComeLastThoughTheirShapeSaysFirstAreDoubted() {
    for (int channels : new int[] {3, 4}) {
      ExampleShape shape = new ExampleShape(channels, 16, 20);
      byte[] first = new byte[40 * shape.size()];
      byte[] last = new byte[first.length];
      Random random = new Random(2);
      for (int i = 0; i < 40; i++) {
        double slope = random.nextDouble();
        for (int c = 0; c < channels; c++) {
          for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 20; x++) {
              byte pixel =
                  (byte) (40 * c + slope * (6 * x + 7 * ((y + i) % 16)) + random.nextInt(4));
              first[((i * channels + c) * 16 + y) * 20 + x] = pixel;
              last[((i * 16 + y) * 20 + x) * channels + c] = pixel;
            }
          }
        }
      }
      assertThat(doubtsOfBytes(shape, last))
          .contains(
              "rows of examples read as %d×16×20 differ far less from those %d rows on than from the next ones: images with channels last? They are to be transposed from 16×20×%d"
                  .formatted(channels, channels, channels));
      assertThat(doubtsOfBytes(shape, first)).noneMatch(doubt -> doubt.contains("channels last"));
    }
  }

  /** As NumPy's tobytes() writes them into an IDX file. */
  @Test
  void numbersWhoseBytesAreInTheOtherOrderAreDoubted() {
    Random random = new Random(3);
    for (Swap swap : Swap.values()) {
      float[] right = new float[40 * 8];
      float[] swapped = new float[right.length];
      for (int i = 0; i < right.length; i++) {
        right[i] = random.nextInt(100);
        swapped[i] =
            switch (swap) {
              case FLOATS ->
                  Float.intBitsToFloat(Integer.reverseBytes(Float.floatToIntBits(right[i])));
              case INTEGERS -> Integer.reverseBytes((int) right[i]);
              case SHORTS -> Short.reverseBytes((short) right[i]);
            };
      }
      assertThat(doubtsOfFloats(swapped)).contains(swap.doubt + ": bytes in the other order?");
      assertThat(doubtsOfFloats(right)).noneMatch(doubt -> doubt.contains("bytes"));
    }
  }

  private enum Swap {
    FLOATS("the features are below all normal floats"),
    INTEGERS("the features are multiples of 16777216"),
    SHORTS("the features are multiples of 256");

    private final String doubt;

    Swap(String doubt) {
      this.doubt = doubt;
    }
  }

  private static List<String> doubtsOfFloats(float[] values) {
    int[] labels = new int[40];
    Arrays.setAll(labels, i -> i % 2);
    return doubts(new FloatExamples(values, 8, labels, 2), new ExampleShape(8, 1, 1), 1);
  }

  /** Flat, of a shape whose sides are swapped, or as MATLAB has matrices. */
  @Test
  void imagesWhoseSidesAreSwappedAreDoubted() {
    ExampleShape shape = new ExampleShape(1, 12, 20);
    byte[] right = new byte[40 * shape.size()];
    byte[] byColumns = new byte[right.length];
    Random random = new Random(4);
    for (int i = 0; i < 40; i++) {
      double slope = random.nextDouble();
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 20; x++) {
          byte pixel = (byte) (slope * (6 * x + 7 * ((y + i) % 12)) + random.nextInt(4));
          right[(i * 12 + y) * 20 + x] = pixel;
          byColumns[(i * 20 + x) * 12 + y] = pixel;
        }
      }
    }
    String doubt = "images whose sides are ";
    assertThat(doubtsOfBytes(shape, right)).noneMatch(text -> text.contains(doubt));
    assertThat(doubtsOfBytes(new ExampleShape(1, 20, 12), right))
        .contains(
            "numbers of examples read as 1×20×12 differ far less from those 20 on than from those in"
                + " the next row, 12 on: images whose sides are 12×20, or that stand column by"
                + " column?");
    assertThat(doubtsOfBytes(shape, byColumns)).anyMatch(text -> text.contains(doubt));
  }

  /** As views or casts of NumPy's arrays make them. */
  @Test
  void numbersThatLeaveTheRangeOfTheirTypeAreDoubted() {
    Random random = new Random(5);
    int size = 40 * 64;
    float[] signed = new float[size];
    float[] pixels = new float[size];
    float[] clipped = new float[size];
    for (int i = 0; i < size; i++) {
      double wave = Math.sin(i / 5.0 + i / 64);
      signed[i] = Math.round(120 * wave + 4 * random.nextGaussian());
      pixels[i] = Math.max(0, Math.min(255, Math.round(128 + 120 * wave)));
      clipped[i] = random.nextInt(2) * 255;
    }
    assertThat(doubtsOfSeries(changed(signed, value -> (byte) value & 0xff)))
        .singleElement()
        .asString()
        .matches(
            "features go from about 25[0-9] to about [0-9] in one step, as numbers of 8 bits that"
                + " overflowed or are unsigned instead of signed");
    assertThat(doubtsOfSeries(changed(pixels, value -> (byte) value)))
        .singleElement()
        .asString()
        .endsWith("are signed instead of unsigned");
    assertThat(doubtsOfSeries(changed(signed, value -> (short) (250 * value) & 0xffff)))
        .singleElement()
        .asString()
        .contains(" of 16 bits ");
    for (float[] right : List.of(signed, pixels, clipped, changed(clipped, v -> v - 128))) {
      assertThat(doubtsOfSeries(right)).isEmpty();
    }
  }

  private static float[] changed(float[] values, IntUnaryOperator change) {
    float[] changed = new float[values.length];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = change.applyAsInt((int) values[i]);
    }
    return changed;
  }

  private static List<String> doubtsOfSeries(float[] values) {
    int[] labels = new int[40];
    Arrays.setAll(labels, i -> i % 2);
    return doubts(new FloatExamples(values, 64, labels, 2), new ExampleShape(64, 1, 1), 1).stream()
        .filter(doubt -> doubt.contains("in one step"))
        .toList();
  }

  /** As the digits of UCI, of 0 to 16. */
  @Test
  void bytesOfFewerBitsAreDoubted() {
    byte[] values = new byte[40 * 64];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) random.nextInt(17);
    }
    ExampleShape shape = new ExampleShape(1, 8, 8);
    assertThat(doubtsOfBytes(shape, values))
        .contains(
            "features of at most 16 are divided by 255: of fewer bits? data.divisor = 16 would make"
                + " 1 of the largest");
    values[70] = (byte) 200;
    assertThat(doubtsOfBytes(shape, values)).noneMatch(doubt -> doubt.contains("divisor"));
  }

  private static List<String> doubtsOfBytes(ExampleShape shape) {
    byte[] values = new byte[40 * shape.size()];
    new Random(1).nextBytes(values);
    return doubtsOfBytes(shape, values);
  }

  private static List<String> doubtsOfBytes(ExampleShape shape, byte[] values) {
    int[] labels = new int[40];
    Arrays.setAll(labels, i -> i % 2);
    return doubts(new ByteExamples(values, shape.size(), labels, 2), shape, 255);
  }

  static List<String> doubts(Examples examples, ExampleShape shape, float divisor) {
    return DataSummary.of(
            new TrainingData(
                examples,
                examples,
                shape,
                divisor,
                Preparation.NONE,
                "a".repeat(64),
                null,
                List.of(),
                List.of(),
                List.of()))
        .doubts();
  }

  /** As those of an archive of several. */
  @Test
  void arraysOfOneFileAreNotTakenForOneArray() {
    int[] labels = {0, 1, 0, 1};
    Examples train = MemoryExamples.of(new float[] {1, 2, 3, 4}, 1, labels, 2);
    Examples validation = MemoryExamples.of(new float[] {1.5f, 2.5f, 3.5f, 2.25f}, 1, labels, 2);
    Examples tested = MemoryExamples.of(new float[] {1.25f, 3.25f, 2.75f, 3.75f}, 1, labels, 2);
    String archive = "a".repeat(64);
    TrainingData data =
        new TrainingData(
            train,
            validation,
            new ExampleShape(1, 1, 1),
            1,
            Preparation.NONE,
            archive,
            archive,
            List.of(),
            List.of(),
            List.of());
    TestData test = new TestData(tested, archive, TestData.Files.OWN, List.of());
    assertThat(DataSummary.of(data, test).doubts()).noneMatch(d -> d.contains("byte for byte"));
    TestData same = new TestData(validation, archive, TestData.Files.OWN, List.of());
    assertThat(DataSummary.of(data, same).doubts())
        .filteredOn(d -> d.contains("byte for byte"))
        .containsExactly(
            "the test data are the validation data, byte for byte: files are chosen by them");
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
                        data.trainingDigest(),
                        null,
                        List.of(),
                        List.of(),
                        List.of())))
        .withMessage("data.divisor = 1.0E-20: a feature of 1.0E30 becomes Infinity");
  }

  private TrainingData load(String lines, int times) {
    return DataLoader.loadTraining(
        csvSettings(write(folder, "data.csv", lines.repeat(times)), PLAIN_CSV), HADOOP);
  }
}
