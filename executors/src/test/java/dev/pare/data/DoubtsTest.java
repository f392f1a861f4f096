package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Task;
import dev.pare.prepare.Preparation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that can be read, but are plainly not what was meant; and ordinary data beside them. */
class DoubtsTest {
  private static final int TRAINING = 600;
  private static final int TESTED = 200;

  @TempDir private Path folder;

  private final Random random = new Random(1);

  /** Four measures to two decimals, the first of which tells three classes apart. */
  private String flower(int i) {
    int label = random.nextInt(3);
    return String.format(
        Locale.ROOT,
        "%.2f,%.2f,%.2f,%.2f,%d",
        label * 40 + 10 * random.nextGaussian(),
        80 + 20 * random.nextGaussian(),
        100 * random.nextDouble(),
        50 + 5 * random.nextGaussian(),
        label);
  }

  /** Dark at half of its sixteen places, and with a rare one that is nearly always dark. */
  private String image(int i, double scale) {
    StringBuilder line = new StringBuilder();
    for (int pixel = 0; pixel < 16; pixel++) {
      double threshold = pixel == 15 ? 0.995 : pixel % 2 == 0 ? 0.2 : 0.8;
      int value = random.nextDouble() < threshold ? 0 : random.nextInt(256);
      line.append(value * scale).append(',');
    }
    return line.append(random.nextInt(2)).toString();
  }

  private static List<String> lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).toList();
  }

  private static List<String> joined(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private String file(String name, List<String> lines) {
    return write(folder, name, String.join("\n", lines) + "\n");
  }

  private List<String> doubts(List<String> training, @Nullable List<String> test) {
    return summary(
            Task.CLASSIFICATION,
            TableSettings.NONE,
            CsvLayout.Header.ABSENT,
            file("train.csv", training),
            test == null ? null : file("test.csv", test))
        .doubts();
  }

  private static DataSummary summary(
      Task task,
      TableSettings table,
      CsvLayout.Header header,
      String training,
      @Nullable String test) {
    DataSettings settings =
        new DataSettings(
            "csv",
            new DataSettings.Files(training, null),
            null,
            test == null ? null : new DataSettings.Files(test, null),
            new CsvLayout(header, -1, ','),
            null,
            60,
            7,
            null,
            table,
            test == null ? new Shares(0, 0.25) : Shares.NONE,
            DataSettings.ClassWeights.NONE,
            task);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    return DataSummary.of(data, DataLoader.loadTest(settings, data.form(), HADOOP));
  }

  @Test
  void ordinaryDataRaiseNone() {
    assertThat(doubts(lines(TRAINING, this::flower), lines(TESTED, this::flower))).isEmpty();
    assertThat(doubts(lines(TRAINING, this::flower), null)).isEmpty();
    assertThat(doubts(lines(TRAINING, i -> image(i, 1)), lines(TESTED, i -> image(i, 1))))
        .isEmpty();
  }

  @Test
  void testExamplesThatWereTrainedOnAreCounted() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> other = lines(TESTED, this::flower);
    List<String> shuffled = new ArrayList<>(training);
    Collections.shuffle(shuffled, random);
    String copied =
        "0 of 60 validation and 540 of 600 test examples are training examples, too: errors on"
            + " these say little";
    assertThat(doubts(training, joined(training, List.of("")))).containsExactly(copied);
    assertThat(doubts(training, shuffled)).containsExactly(copied);
    assertThat(doubts(training, joined(training.subList(0, 20), other)))
        .singleElement()
        .asString()
        .matches("0 of 60 validation and [12][0-9] of 220 test examples are training examples.*");
    assertThat(doubts(joined(training, other), other))
        .singleElement()
        .asString()
        .matches("0 of 60 validation and 1[0-9]{2} of 200 test examples are training.*");
  }

  @Test
  void examplesThatAreThereTwiceAreCounted() {
    List<String> training = lines(TRAINING, this::flower);
    assertThat(doubts(joined(training, training), lines(TESTED, this::flower)))
        .satisfiesExactly(
            first -> assertThat(first).matches("only [56].. of 1140 training examples differ"),
            second ->
                assertThat(second)
                    .matches(
                        "5[0-9] of 60 validation and 0 of 200 test examples are training examples.*"));
    assertThat(doubts(joined(training, training), null))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "[0-9]+ of 60 validation and [0-9]+ of 300 test examples are training.*"));
    List<String> once = lines(20, this::flower);
    assertThat(doubts(training, lines(TESTED, i -> once.get(i % 20))))
        .contains("only 20 of 200 test examples differ");
    List<String> other = lines(TESTED, this::flower);
    assertThat(doubts(training, joined(other, other.subList(0, 100))))
        .contains("only 200 of 300 test examples differ");
    assertThat(doubts(training, joined(other, other.subList(0, 20))))
        .containsExactly("only 200 of 220 test examples differ");
    assertThat(doubts(training, joined(other, other.subList(0, 2)))).isEmpty();
  }

  /** A part that was read twice, or some rows that came to both sides of a split. */
  @Test
  void fewCopiesAmongManyAreCounted() {
    List<String> training = lines(2000, this::flower);
    List<String> validation = lines(TESTED, this::flower);
    List<String> test = lines(1000, this::flower);
    for (int copies : new int[] {20, 200, 500}) {
      assertThat(validated(joined(training, training.subList(0, copies)), validation, test))
          .containsExactly("only 2000 of %d training examples differ".formatted(2000 + copies));
      assertThat(validated(training, validation, joined(test, training.subList(0, copies))))
          .containsExactly(
              "0 of 200 validation and %d of %d test examples are training examples, too: errors on these say little"
                  .formatted(copies, 1000 + copies));
    }
    assertThat(validated(training, validation, joined(test, training.subList(0, 6)))).hasSize(1);
    assertThat(validated(training, validation, joined(test, training.subList(0, 4)))).isEmpty();
    assertThat(validated(joined(training, training.subList(0, 8)), validation, test)).isEmpty();
  }

  /** What has few values is drawn again by chance. */
  @Test
  void examplesOfFewValuesMayBeAlike() {
    IntFunction<String> line =
        i -> random.nextInt(4) + "," + random.nextInt(2) + "," + random.nextInt(2) + ",0";
    List<String> training = joined(lines(TRAINING, line), List.of("1,1,1,1", "0,1,1,1"));
    assertThat(doubts(training, joined(lines(TESTED, line), List.of("1,1,1,1")))).isEmpty();
  }

  /** Measures that are whole numbers and depend on each other, as of printed letters. */
  @Test
  void measuresThatDependOnEachOtherAreMoreOftenAlikeThanByThemselves() {
    IntFunction<String> letter =
        i -> {
          int label = random.nextInt(3);
          double size = random.nextGaussian();
          StringBuilder line = new StringBuilder();
          for (int f = 0; f < 12; f++) {
            double value = 4 * label + f % 3 + 1.5 * size + 0.25 * random.nextGaussian();
            line.append(Math.round(value)).append(',');
          }
          return line.append(label).toString();
        };
    List<String> training = lines(3000, letter);
    List<String> test = lines(TESTED, letter);
    TrainingData data = load(training);
    assertThat(
            ExampleHashes.of(data.train(), ExampleHashes.Compared.ALL)
                .count(ExampleHashes.of(data.validation(), ExampleHashes.Compared.ALL)))
        .isGreaterThan(3);
    assertThat(doubts(training, test)).isEmpty();
    assertThat(doubts(lines(12000, letter), test)).noneMatch(doubt -> doubt.startsWith("only "));
    assertThat(doubts(joined(training, training), test))
        .anyMatch(doubt -> doubt.contains("test examples are training examples, too"));
  }

  private TrainingData load(List<String> training) {
    return DataLoader.loadTraining(
        new DataSettings(
            "csv",
            new DataSettings.Files(file("train.csv", training), null),
            new DataSettings.Files(file("train.csv", training), null),
            PLAIN_CSV,
            null,
            60,
            7,
            null),
        HADOOP);
  }

  @Test
  void testDataOfAnotherScaleAreSeenWithinTheRangeToo() {
    List<String> training = lines(TRAINING, i -> image(i, 1));
    assertThat(doubts(training, lines(TESTED, i -> image(i, 1.0 / 255))))
        .singleElement()
        .asString()
        .matches(
            "in the test data features 1, .* vary 2[0-9]{2} times less than in the training data:"
                + " another scale\\?");
    List<String> flowers = lines(TRAINING, this::flower);
    List<String> metres =
        lines(TESTED, this::flower).stream()
            .map(
                line -> {
                  String[] fields = line.split(",");
                  fields[2] = String.valueOf(Float.parseFloat(fields[2]) / 1000);
                  return String.join(",", fields);
                })
            .toList();
    assertThat(doubts(flowers, metres))
        .singleElement()
        .asString()
        .startsWith("in the test data feature 3 varies ");
    List<String> huge = lines(TRAINING, i -> flower(i).replaceFirst(",", "e20,"));
    assertThat(doubts(huge, lines(TESTED, this::flower)))
        .anyMatch(
            doubt -> doubt.matches("in the test data feature 1 varies .*E[+](19|20) times less.*"));
  }

  @Test
  void featuresThatAreTheSameInAllTestExamplesAreSeen() {
    List<String> training = lines(TRAINING, i -> image(i, 1));
    List<String> zero = lines(TESTED, i -> "0,".repeat(16) + i % 2);
    assertThat(doubts(training, zero))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "feature 1 is 0 in all 200 test examples, but only in [0-9]+ of 540 training"
                        + " examples \\(15 features in all\\)"))
        .contains("only 2 of 200 test examples differ");
    List<String> half =
        lines(TESTED, i -> image(i, 1).replaceFirst("([^,]*,){8}", "0,0,0,0,0,0,0,0,"));
    assertThat(doubts(training, half))
        .singleElement()
        .asString()
        .startsWith("feature 1 is 0 in all 200 test examples")
        .endsWith("(8 features in all)");
  }

  @Test
  void classesWithoutValidationExamplesAreNamed() {
    List<String> training =
        joined(lines(TRAINING, this::flower), List.of("1,2,3,4,3", "1,2,3,4.5,4", "1,2,3,4,4"));
    DataSummary summary =
        summary(
            Task.CLASSIFICATION,
            TableSettings.NONE,
            CsvLayout.Header.ABSENT,
            file("train.csv", training),
            file("test.csv", joined(lines(TESTED, this::flower), List.of("1,2,3,5,4"))));
    assertThat(summary.validation().missing()).isNotEmpty().isSubsetOf(3, 4);
    assertThat(summary)
        .asString()
        .contains("; without validation examples: ")
        .contains("without test examples: 3; fewer than 5 test examples: 4");
  }

  @Test
  void valuesOfColumnsThatTestExamplesLackAreCounted() {
    TableSettings table =
        new TableSettings(
            List.of(),
            List.of(),
            List.of(),
            List.of("colour"),
            TableSettings.Classes.COUNTED,
            new TableSettings.Missing(TableSettings.Missing.Kind.MEAN, 0),
            TableSettings.Scaling.STANDARD);
    List<String> colours = List.of("red", "green", "1");
    IntFunction<String> line =
        i ->
            "%d,%.3f,%s,%d"
                .formatted(
                    random.nextInt(1000),
                    random.nextGaussian(),
                    i % 10 == 0 ? "" : colours.get(random.nextInt(3)),
                    i % 2);
    String header = "size,weight,colour,y";
    List<String> training = joined(List.of(header), lines(TRAINING, line));
    List<String> test = joined(List.of(header), lines(TESTED, line));
    assertThat(doubts(table, training, test)).isEmpty();
    assertThat(doubts(table, training, test.stream().map(l -> l.replace("re", "Re")).toList()))
        .singleElement()
        .asString()
        .matches(
            "column colour has no category of the training examples in 1[0-9]{2} of 200 test"
                + " examples, as \"(Red|gReen)\"");
    assertThat(
            doubts(
                table, training, test.stream().map(l -> l.replaceFirst("^[0-9]+,", ",")).toList()))
        .contains(
            "column size has no value in 200 of 200 test examples, in the training data in 0 of 540");
    List<String> hollow = new ArrayList<>(training);
    hollow.replaceAll(l -> l.replaceFirst("^[0-9]*[1-9],", ","));
    hollow.replaceAll(l -> l.replaceFirst("^[0-9]*[1-9]0,", ","));
    assertThat(doubts(table, hollow, test))
        .anyMatch(
            doubt ->
                doubt.matches("column size has no value in 5[0-9]{2} of 540 training examples"));
  }

  private List<String> doubts(TableSettings table, List<String> training, List<String> test) {
    return summary(
            Task.CLASSIFICATION,
            table,
            CsvLayout.Header.PRESENT,
            file("train.csv", training),
            file("test.csv", test))
        .doubts();
  }

  /** Prices of houses, in thousands. */
  private String house(int i) {
    double size = 50 + 150 * random.nextDouble();
    return house(size, 3 * size + 30 * random.nextGaussian());
  }

  private String house(double size, double price) {
    return String.format(Locale.ROOT, "%.1f,%.2f,%.2f", size, 10 * random.nextDouble(), price);
  }

  private DataSummary houses(List<String> training, List<String> test) {
    return summary(
        Task.REGRESSION,
        TableSettings.NONE,
        CsvLayout.Header.ABSENT,
        file("train.csv", training),
        file("test.csv", test));
  }

  @Test
  void targetsHaveRanges() {
    DataSummary summary = houses(lines(TRAINING, this::house), lines(TESTED, this::house));
    assertThat(summary.doubts()).isEmpty();
    assertThat(summary)
        .asString()
        .matches(
            "540 training and 60 validation examples of 2×1×1, [0-9.]+ to [0-9.]+ at the first layer,"
                + " regression of targets from [0-9.]+ to 6[0-9.]+, [0-9.]+ to [0-9.]+ in"
                + " validation; 200 test examples, [0-9.]+ to [0-9.]+, targets from [0-9.]+ to"
                + " [0-9.]+");
  }

  @Test
  void targetsThatStandForMissingOnesAreDoubted() {
    List<String> training = lines(TRAINING, this::house);
    List<String> test = lines(TESTED, this::house);
    for (double sentinel : new double[] {-9999, -999, 9999, 1e12, -1e30}) {
      List<String> missing = List.of(house(100, sentinel), house(120, sentinel));
      assertThat(houses(joined(training, missing), test).doubts())
          .anyMatch(doubt -> doubt.matches("target 1 holds .*: a missing one\\?"));
      assertThat(houses(training, joined(test, missing)).doubts())
          .anyMatch(doubt -> doubt.startsWith("in the test data, target 1 holds "));
    }
  }

  @Test
  void targetsOfAnotherScaleAreDoubted() {
    List<String> training = lines(TRAINING, this::house);
    for (int factor : new int[] {1000, -1000}) {
      List<String> test =
          lines(
              TESTED,
              i -> {
                double size = 50 + 150 * random.nextDouble();
                return house(size, factor > 0 ? 3 * size * factor : -3 * size / factor);
              });
      assertThat(houses(training, test).doubts())
          .anyMatch(doubt -> doubt.matches("the test targets vary .*: another scale\\?"));
    }
    assertThat(houses(training, lines(TESTED, i -> house(100, i == 0 ? 200 : 300))).doubts())
        .contains("most test targets are one number");
  }

  @Test
  void targetsOfTwoNumbersAreDoubted() {
    String doubt = "the targets are two numbers alone: classes?";
    List<String> two = lines(TRAINING, i -> house(100 + random.nextGaussian(), random.nextInt(2)));
    List<String> three =
        lines(TRAINING, i -> house(100 + random.nextGaussian(), random.nextInt(3)));
    assertThat(houses(two, two).doubts()).contains(doubt);
    assertThat(houses(three, three).doubts()).doesNotContain(doubt);
  }

  @Test
  void targetsThatAreOneHotClassesAreDoubted() {
    assertThat(ColumnDoubts.areOneHot(targets(new float[][] {{0, 1, 0}, {1, 0, 0}}))).isTrue();
    assertThat(ColumnDoubts.areOneHot(targets(new float[][] {{0, 1, 0}, {1, 1, 0}}))).isFalse();
    assertThat(ColumnDoubts.areOneHot(targets(new float[][] {{0, 1, 0}, {0, 0, 0}}))).isFalse();
    assertThat(ColumnDoubts.areOneHot(targets(new float[][] {{0, 1, 0}, {0.5f, 0.5f, 0}})))
        .isFalse();
    assertThat(ColumnDoubts.areOneHot(targets(new float[][] {{1}, {1}}))).isFalse();
  }

  /** Of several, as columns of a table that was put together wrongly. */
  @Test
  void targetsThatNeverVaryOrAreCopiesAreDoubted() {
    IntFunction<float[]> target =
        i -> {
          float price = (float) random.nextGaussian();
          return new float[] {price, (float) random.nextGaussian(), 7, price};
        };
    assertThat(targetDoubts(target))
        .containsExactly("target 3 never varies", "target 4 has the values of target 1: a copy?");
    assertThat(targetDoubts(i -> Arrays.copyOf(target.apply(i), 2))).isEmpty();
  }

  private List<String> targetDoubts(IntFunction<float[]> target) {
    int size = 200;
    float[][] targets = new float[size][];
    float[] features = new float[2 * size];
    for (int i = 0; i < size; i++) {
      targets[i] = target.apply(i);
      features[2 * i] = (float) random.nextGaussian();
      features[2 * i + 1] = (float) random.nextGaussian();
    }
    int width = targets[0].length;
    float[] flat = new float[size * width];
    for (int i = 0; i < size; i++) {
      System.arraycopy(targets[i], 0, flat, i * width, width);
    }
    Examples examples = new TargetExamples(MemoryExamples.of(features, 2, new int[size], 1), flat);
    return DataSummary.of(
            new TrainingData(
                examples,
                examples,
                new ExampleShape(2, 1, 1),
                1,
                Preparation.NONE,
                "a".repeat(64),
                null,
                List.of(),
                List.of(),
                List.of()))
        .doubts()
        .stream()
        .filter(doubt -> doubt.startsWith("target "))
        .toList();
  }

  private static Rows targets(float[][] rows) {
    return new Rows(
        rows.length,
        rows[0].length,
        (index, row) -> System.arraycopy(rows[index], 0, row, 0, row.length));
  }

  @Test
  void classesThatAreFractionsAreDoubted() {
    String doubt = "most classes are numbers with fractions: targets of a regression?";
    for (int divisor : new int[] {1, 10}) {
      List<String> training =
          lines(TRAINING, i -> random.nextGaussian() + "," + random.nextInt(30) / (double) divisor);
      assertThat(tableDoubts(joined(List.of("a,y"), training)).contains(doubt))
          .isEqualTo(divisor > 1);
    }
  }

  /** As of what is measured once the outcome is known. */
  @Test
  void columnsThatHaveValuesInSomeClassesAloneAreDoubted() {
    String doubt =
        "column a has a value in all examples of some classes, and in none of the others: is it"
            + " known before the label?";
    for (int few = 0; few < 2; few++) {
      int exceptions = few;
      List<String> training =
          lines(
              TRAINING,
              i -> {
                boolean measured = i % 2 == 0 || i < 20 * exceptions;
                return (measured ? random.nextGaussian() : "")
                    + ","
                    + random.nextGaussian()
                    + ","
                    + i % 2;
              });
      assertThat(tableDoubts(joined(List.of("a,b,y"), training)).contains(doubt))
          .isEqualTo(few == 0);
    }
  }

  private List<String> tableDoubts(List<String> lines) {
    return summary(
            Task.CLASSIFICATION,
            named(TableSettings.Classes.NAMED),
            CsvLayout.Header.PRESENT,
            file("table.csv", lines),
            null)
        .doubts();
  }

  @Test
  void numbersOfRowsAreDoubted() {
    List<String> test = lines(TESTED, this::house);
    assertThat(houses(lines(TRAINING, i -> house(100 + random.nextGaussian(), i)), test).doubts())
        .contains("target 1 counts the examples: row numbers?");
    assertThat(doubts(lines(TRAINING, i -> (i + 1) + "," + flower(i)), null))
        .contains("feature 1 counts the examples: row numbers?");
    assertThat(
            houses(lines(TRAINING, i -> house(100 + random.nextGaussian(), 1.5 * i)), test)
                .doubts())
        .noneMatch(doubt -> doubt.contains("row numbers"));
  }

  /** Floats of 2³⁰ to 2³¹ are 128 apart, those of 2²⁴ to 2²⁵ are 2 apart. */
  @Test
  void numbersThatFloatsDoNotTellApartAreDoubted() {
    List<String> times =
        lines(TRAINING, i -> 1_700_000_000 + random.nextInt(1000) + "," + flower(i));
    assertThat(doubts(times, null))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "feature 1 holds numbers up to 1\\d{9}, where floats are 128 apart, and they"
                        + " differ by \\d+ at most: subtract what they have in common"));
    // A year of seconds, and whole numbers that floats hold.
    for (int[] usual : new int[][] {{1_700_000_000, 31_000_000}, {16_000_000, 300}}) {
      assertThat(
              doubts(
                  lines(TRAINING, i -> usual[0] + random.nextInt(usual[1]) + "," + flower(i)),
                  null))
          .isEmpty();
    }
    assertThat(
            houses(
                    lines(
                        TRAINING,
                        i -> house(100 + random.nextGaussian(), 2e7 + random.nextInt(99))),
                    lines(
                        TESTED, i -> house(100 + random.nextGaussian(), 2e7 + random.nextInt(99))))
                .doubts())
        .anyMatch(doubt -> doubt.startsWith("target 1 holds numbers up to 20000"));
  }

  /** A day of seconds has 675 floats, which are 128 apart. */
  @Test
  void differentNumbersThatBecomeOneFloatAreDoubted() {
    IntFunction<String> day = i -> 1_700_000_000 + random.nextInt(86_400) + "," + flower(i);
    assertThat(doubts(lines(TRAINING, day), lines(TESTED, day)))
        .singleElement()
        .asString()
        .matches(
            "feature 1 holds numbers that floats do not tell apart: [56]\\d\\d different ones, as"
                + " 17000\\d+, become [34]\\d\\d: subtract what they have in common, or divide them"
                + " into columns");
    IntFunction<String> minutes =
        i -> 1_700_000_000 + 3_600L * random.nextInt(9_000) + "," + flower(i);
    assertThat(doubts(lines(TRAINING, minutes), lines(TESTED, minutes))).isEmpty();
    assertThat(named("t," + FLOWER, lines(TRAINING, day)))
        .singleElement()
        .asString()
        .startsWith("column t holds numbers that floats do not tell apart: ");
  }

  /** With the value of one column of each third line in place of its own. */
  private static List<String> with(List<String> lines, int column, String... values) {
    List<String> changed = new ArrayList<>(lines);
    for (int i = 0; i < lines.size(); i += 3) {
      String[] fields = lines.get(i).split(",");
      fields[column] = values[i / 3 % values.length];
      changed.set(i, String.join(",", fields));
    }
    return changed;
  }

  /** A column whose own values are 18 to 80 years, or 0.1 to 0.9. */
  @Test
  void severalValuesMayStandForMissingOnes() {
    List<String> ages = lines(TRAINING, i -> (18 + random.nextInt(63)) + "," + flower(i));
    List<String> shares = lines(TRAINING, i -> 0.1 * (1 + random.nextInt(9)) + "," + flower(i));
    for (String[] codes :
        new String[][] {
          {"-999", "9999"}, {"-1", "99"}, {"-1", "999"}, {"-9999", "-999"}, {"998", "999"},
          {"-9", "-1", "9999"}, {"-999", "-1", "99", "999"}, {"-999"}, {"9999"}, {"-2147483648"}
        }) {
      assertThat(doubts(with(ages, 0, codes), null))
          .singleElement()
          .asString()
          .matches(
              "feature 1 holds %s, far from its other values, 18 to 80: (a missing one|missing ones)\\?"
                  .formatted(String.join(", ", codes)));
    }
    for (String[] codes : new String[][] {{"-1", "99"}, {"-1"}, {"9"}, {"98", "99"}}) {
      assertThat(doubts(with(shares, 0, codes), null))
          .singleElement()
          .asString()
          .startsWith("feature 1 holds " + String.join(", ", codes) + ", far from ");
    }
  }

  /** Where the training examples have none, or have such values as others. */
  @Test
  void valuesOfOtherFilesMayStandForMissingOnesToo() {
    IntFunction<String> age = i -> (18 + random.nextInt(63)) + "," + flower(i);
    List<String> ages = lines(TRAINING, age);
    List<String> own = lines(TESTED, age);
    List<String> test = lines(TESTED, age);
    assertThat(validated(ages, own, test)).isEmpty();
    for (String code : List.of("-99", "-999")) {
      String holds =
          ", feature 1 holds " + code + ", far from its other values, 18 to 80: a missing one?";
      assertThat(validated(ages, own, with(test, 0, code))).contains("in the test data" + holds);
      assertThat(validated(ages, with(own, 0, code), test)).contains(holds.substring(2));
      List<String> few = new ArrayList<>(own);
      for (int i = 0; i < 3; i++) {
        few.set(i, with(own, 0, code).get(0));
      }
      assertThat(validated(ages, few, test))
          .contains((code.equals("-99") ? "in the validation data, " : "") + holds.substring(2));
      assertThat(validated(with(ages, 0, code), with(own, 0, code), with(test, 0, code)))
          .contains(holds.substring(2));
    }
    List<String> temperatures =
        lines(TRAINING, i -> (-150 + random.nextInt(300)) + "," + flower(i));
    IntFunction<String> warm = i -> (10 + random.nextInt(20)) + "," + flower(i);
    assertThat(
            validated(
                temperatures,
                lines(TESTED, i -> temperatures.get(i).split(",")[0] + "," + flower(i)),
                with(lines(TESTED, warm), 0, "-99")))
        .noneMatch(doubt -> doubt.contains("a missing one"));
  }

  /** Ends of ordinary measures that look like such values. */
  @Test
  void numbersLikeThoseOfMissingOnesMayBeOrdinary() {
    for (IntFunction<Object> value :
        List.<IntFunction<Object>>of(
            i -> random.nextInt(11) - 1,
            i -> random.nextInt(100),
            i -> random.nextInt(3) - 1,
            i -> random.nextInt(2) * 2 - 1,
            i -> (random.nextInt(2) * 2 - 1) * random.nextInt(10),
            i -> random.nextInt(1000),
            i -> Math.rint(Math.exp(2 * random.nextGaussian())),
            i -> random.nextInt(100) < 97 ? -1 : 0.3 + 0.5 * random.nextDouble(),
            i -> random.nextInt(100) < 97 ? 0 : random.nextInt(256))) {
      assertThat(doubts(lines(TRAINING, i -> value.apply(i) + "," + flower(i)), null)).isEmpty();
    }
  }

  private static TableSettings named(TableSettings.Classes classes, String... categorical) {
    return new TableSettings(
        List.of(),
        List.of(),
        List.of(),
        List.of(categorical),
        classes,
        new TableSettings.Missing(TableSettings.Missing.Kind.MEDIAN, 0),
        TableSettings.Scaling.STANDARD);
  }

  private List<String> named(String header, List<String> lines, String... categorical) {
    return summary(
            Task.CLASSIFICATION,
            named(TableSettings.Classes.NAMED, categorical),
            CsvLayout.Header.PRESENT,
            file("train.csv", joined(List.of(header), lines)),
            null)
        .doubts();
  }

  private static final String FLOWER = "a,b,c,d,y";

  /** As Excel exports cells whose formulas failed. */
  @Test
  void formulasThatFailedAreDoubted() {
    for (String text : List.of("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!")) {
      IntFunction<String> some = i -> i % 3 == 0 ? text : i % 3 == 1 ? "red" : "blue";
      assertThat(
              named(
                  "colour," + FLOWER,
                  lines(TRAINING, i -> some.apply(i) + "," + flower(i)),
                  "colour"))
          .singleElement()
          .asString()
          .matches(
              "column colour: \"\\Q"
                  + text
                  + "\\E\" \\([0-9]+ examples\\) is what spreadsheets have where a formula failed");
      assertThat(named("a,y", lines(TRAINING, i -> random.nextGaussian() + "," + some.apply(i))))
          .singleElement()
          .asString()
          .startsWith("class \"" + text + "\" (");
    }
  }

  /** As pandas has them in its list of words; NA, null and the like are missing here, too. */
  @Test
  void wordsThatPandasTakesForMissingValuesAreDoubted() {
    for (String text :
        List.of(
            "None",
            "NULL",
            "n/a",
            "<NA>",
            "-nan",
            "-NaN",
            "#N/A N/A",
            "#NA",
            "1.#IND",
            "-1.#IND",
            "1.#QNAN",
            "-1.#QNAN")) {
      IntFunction<String> some = i -> i % 3 == 0 ? text : i % 3 == 1 ? "red" : "blue";
      assertThat(
              named(
                  "colour," + FLOWER,
                  lines(TRAINING, i -> some.apply(i) + "," + flower(i)),
                  "colour"))
          .singleElement()
          .asString()
          .matches(
              "column colour: \"\\Q"
                  + text
                  + "\\E\" \\([0-9]+ examples\\), which pandas takes for a missing value, is a name"
                  + " here: NA was meant\\?");
      assertThat(named("a,y", lines(TRAINING, i -> random.nextGaussian() + "," + some.apply(i))))
          .singleElement()
          .asString()
          .startsWith("class \"" + text + "\" (");
    }
    assertThat(
            named(
                "colour," + FLOWER,
                lines(
                    TRAINING,
                    i -> List.of("none", "unknown", "other", "Nan").get(i % 4) + "," + flower(i)),
                "colour"))
        .isEmpty();
  }

  /** Of two tables, one written behind the other, which refuses no text where all are. */
  @Test
  void linesOfNamesAmongTheExamplesAreDoubted() {
    List<String> lines =
        lines(TRAINING, i -> List.of("red", "blue").get(random.nextInt(2)) + ",y" + i % 2);
    assertThat(
            named("colour,y", joined(lines, List.of("colour,y", "colour,y", "colour,y")), "colour"))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "column colour has its own name in [0-3] examples: a line of names among them\\?"));
    assertThat(named("colour,y", lines, "colour")).noneMatch(doubt -> doubt.contains("own name"));
  }

  /** They begin again where tables were joined, and so are there twice. */
  @Test
  void indexesOfPandasAreDoubted() {
    List<String> lines = lines(TRAINING, i -> i % (TRAINING / 2) + "," + flower(i));
    assertThat(named("," + FLOWER, lines))
        .containsExactly(
            "column 1 is the first and has no other name, as an index of pandas or R: row numbers?");
    for (String name : List.of("Unnamed: 0", "__index_level_0__")) {
      assertThat(named(name + "," + FLOWER, lines))
          .containsExactly(
              "column " + name + " is called so, as an index of pandas or R: row numbers?");
    }
    assertThat(named("n," + FLOWER, lines)).isEmpty();
  }

  /** A letter that no one sees, and UTF-8 that was read as Windows' western characters. */
  @Test
  void categoriesThatWereReadWronglyOrHoldHiddenLettersAreDoubted() {
    String[][] pairs = {{"Größe", "GrÃ¶ÃŸe"}, {"clerk", "clerk\u200b"}, {"cook", "\ufeffcook"}};
    for (String[] pair : pairs) {
      List<String> lines =
          lines(TRAINING, i -> (i % 3 == 0 ? "other" : pair[i % 3 - 1]) + "," + flower(i));
      assertThat(named("kind," + FLOWER, lines, "kind"))
          .as(pair[1])
          .singleElement()
          .asString()
          .startsWith("column kind: \"")
          .contains(" differ only by case, spaces");
    }
  }

  /** What stands in a file is looked at, not what it is standardized to. */
  @Test
  void columnsOfStandardizedTablesAreDoubtedToo() {
    assertThat(named(FLOWER, lines(TRAINING, this::flower))).isEmpty();
    assertThat(
            named(
                "age," + FLOWER,
                with(lines(TRAINING, i -> 18 + i % 60 + "," + flower(i)), 0, "-1", "99")))
        .containsExactly(
            "column age holds -1, 99, far from its other values, 19 to 77: missing ones?");
    assertThat(named("id," + FLOWER, lines(TRAINING, i -> i + 1 + "," + flower(i))))
        .containsExactly("column id counts the examples: row numbers?");
    assertThat(named("id," + FLOWER, lines(TRAINING, i -> i * 7 % TRAINING + "," + flower(i))))
        .containsExactly("column id has another whole number in each example: row numbers?");
    assertThat(named("n," + FLOWER, lines(TRAINING, i -> "n" + i + "," + flower(i)), "n"))
        .contains("column n has 390 categories in 390 training examples: names or texts?");
    assertThat(
            named(
                "e," + FLOWER,
                lines(TRAINING, this::flower).stream()
                    .map(l -> l.split(",")[1] + "," + l)
                    .toList()))
        .containsExactly("column b has the values of column e: a copy?");
  }

  @Test
  void classesThatDifferOnlyInSpellingAreDoubted() {
    String[][] pairs = {
      {"yes", "Yes"},
      {"new  york", "New York"},
      {"1", "1.0"},
      {"01", "1"},
      {"New York", "NewYork"},
      {"<= 50K", "<=50K"},
      {"Straße", "STRASSE"},
      {"istanbul", "İSTANBUL"},
      {"ısı", "ISI"},
      {"a\u00a0b", "AB"},
      {"ﬁle", "FILE"}
    };
    for (String[] pair : pairs) {
      List<String> lines =
          lines(
              TRAINING,
              i ->
                  random.nextGaussian()
                      + ",\""
                      + (i % 2 == 0 ? "other" : pair[i % 10 == 1 ? 1 : 0])
                      + "\"");
      assertThat(named("a,y", lines))
          .as(pair[0] + "|" + pair[1])
          .singleElement()
          .asString()
          .contains("\"" + pair[0] + "\" (")
          .contains("\"" + pair[1] + "\" (")
          .endsWith("differ only by case, spaces or how a number is written: one class?");
    }
    List<String> colours =
        lines(
            TRAINING, i -> List.of("red", "green", "Red").get(random.nextInt(3)) + "," + flower(i));
    assertThat(named("colour," + FLOWER, colours, "colour"))
        .singleElement()
        .asString()
        .matches("column colour: \"Red\" \\([0-9]+ examples\\) and \"red\" .*: one category\\?");
    String letters = "ABCDEFGHabcdefgh";
    assertThat(
            named(
                "a,y", lines(TRAINING, i -> random.nextGaussian() + "," + letters.charAt(i % 16))))
        .isEmpty();
    assertThat(
            named(
                "a,y",
                lines(
                    TRAINING,
                    i ->
                        random.nextGaussian()
                            + ","
                            + List.of("1", "10", "-1", "1e1000000000").get(i % 4))))
        .isEmpty();
    assertThat(
            named(
                "a,y",
                lines(
                    TRAINING,
                    i ->
                        random.nextGaussian()
                            + ","
                            + List.of("flat 1 1", "flat 11", "flat 1", "flats 1").get(i % 4))))
        .isEmpty();
    for (String number :
        List.of(
            "1e-99999999999",
            "0e99999999999",
            "10e-2147483648",
            "1e2147483647",
            "0.1e-2147483647")) {
      assertThat(
              named(
                  "a,y",
                  lines(TRAINING, i -> random.nextGaussian() + "," + (i % 2 == 0 ? number : "b"))))
          .isEmpty();
    }
  }

  @Test
  void copiesOfTheLabelAmongFeaturesAreDoubted() {
    IntFunction<String> plain = this::flower;
    List<String> lines = lines(TRAINING, plain);
    IntFunction<IntFunction<String>> copied =
        kind ->
            i -> {
              int label = lines.get(i).charAt(lines.get(i).length() - 1) - '0';
              return switch (kind) {
                    case 0 -> "" + label;
                    case 1 -> "" + new double[] {7.5, -2, 30}[label];
                    default -> (label == 1 ? 1 : 0) + "," + (label == 2 ? 1 : 0);
                  }
                  + ","
                  + lines.get(i);
            };
    assertThat(doubts(lines(TRAINING, copied.apply(0)), null))
        .containsExactly("feature 1 has a value of its own for each class: a copy of the label?");
    assertThat(doubts(lines(TRAINING, copied.apply(1)), null))
        .containsExactly("feature 1 has a value of its own for each class: a copy of the label?");
    assertThat(doubts(lines(TRAINING, copied.apply(2)), null))
        .containsExactly(
            "feature 1, feature 2 has a value of its own for each class: a copy of the label?");
    List<String> words =
        lines(
            TRAINING,
            i -> "class" + lines.get(i).charAt(lines.get(i).length() - 1) + "," + lines.get(i));
    assertThat(named("same," + FLOWER, words, "same"))
        .containsExactly("column same has a value of its own for each class: a copy of the label?");
    // One mismatch in a hundred or less.
    for (int mismatches : new int[] {1, 30}) {
      List<String> doubted =
          doubts(
              lines(
                  TRAINING,
                  i -> {
                    int label = lines.get(i).charAt(lines.get(i).length() - 1) - '0';
                    boolean mismatch = i >= 200 && i < 200 + mismatches;
                    return (mismatch ? (label + 1) % 3 : label) + "," + lines.get(i);
                  }),
              null);
      assertThat(String.join("", doubted).contains("feature 1 has a value of its own"))
          .isEqualTo(mismatches == 1);
    }
    // Columns that are nearly constant do not predict rare classes.
    assertThat(
            doubts(
                lines(
                    TRAINING,
                    i -> {
                      String line = lines.get(i);
                      int label = i % 100 == 0 ? 1 : i % 100 == 1 ? 2 : 0;
                      return (i == 0 ? 1 : 0)
                          + ","
                          + (i == 1 ? 1 : 0)
                          + line.substring(line.indexOf(','), line.length() - 1)
                          + label;
                    }),
                null))
        .noneMatch(doubt -> doubt.contains("copy of the label"));
    // One label is told by a column, as milk tells mammals.
    assertThat(
            doubts(
                lines(TRAINING, i -> (lines.get(i).endsWith("1") ? 1 : 0) + "," + lines.get(i)),
                null))
        .isEmpty();
  }

  @Test
  void coarserCopiesOfTheLabelAreDoubted() {
    List<String> lines =
        lines(
            TRAINING,
            i -> random.nextGaussian() + "," + random.nextGaussian() + "," + random.nextInt(9));
    IntFunction<IntFunction<String>> copied =
        mismatches ->
            i -> {
              int label = lines.get(i).charAt(lines.get(i).length() - 1) - '0';
              return (i >= 200 && i < 200 + mismatches ? 7 : label / 3) + "," + lines.get(i);
            };
    String doubt =
        "feature 1 has one value in each class, which some classes share: a coarser copy of the"
            + " label?";
    assertThat(doubts(lines(TRAINING, copied.apply(0)), null)).containsExactly(doubt);
    assertThat(doubts(lines(TRAINING, copied.apply(100)), null)).isEmpty();
    assertThat(
            named("family,a,b,y", lines(TRAINING, i -> "f" + copied.apply(0).apply(i)), "family"))
        .containsExactly(doubt.replace("feature 1", "column family"));
    // What varies in a class is no copy, however well it tells classes.
    assertThat(
            doubts(
                lines(
                    TRAINING,
                    i -> {
                      int label = lines.get(i).charAt(lines.get(i).length() - 1) - '0';
                      return (label / 3 + (random.nextInt(20) == 0 ? 1 : 0)) + "," + lines.get(i);
                    }),
                null))
        .isEmpty();
    // Nor is one by chance what is 1 in four examples, all there are of two classes.
    assertThat(
            doubts(
                lines(
                    TRAINING,
                    i -> {
                      int label = i < 590 ? 0 : i < 594 ? 1 : 2 + (i - 594) / 2;
                      return (label > 2 ? 1 : 0) + "," + random.nextGaussian() + "," + label;
                    }),
                null))
        .noneMatch(doubted -> doubted.contains("copy of the label"));
  }

  @Test
  void copiesOfTargetsAmongFeaturesAreDoubted() {
    List<String> lines = lines(TRAINING, this::house);
    List<String> test = lines(TESTED, i -> "1," + house(i));
    for (int kind = 0; kind < 3; kind++) {
      int which = kind;
      List<String> copied =
          lines(
              TRAINING,
              i -> {
                double price = Double.parseDouble(lines.get(i).split(",")[2]);
                return new double[] {price, -1.8 * price + 32, Math.log(400 + price)}[which]
                    + ","
                    + lines.get(i);
              });
      assertThat(houses(copied, test).doubts())
          .contains("feature 1 puts the examples into the order of target 1: a copy of it?");
    }
  }

  /** A sensor that was out of order while the training data were recorded. */
  @Test
  void featuresThatAreTheSameInAllTrainingExamplesAreSeen() {
    assertThat(
            doubts(
                lines(TRAINING, i -> "7," + flower(i)),
                lines(TESTED, i -> random.nextInt(9) + "," + flower(i))))
        .anyMatch(
            doubt ->
                doubt.matches(
                    "feature 1 is 7 in all 540 training examples, but only in [0-9]+ of 200 test"
                        + " examples"));
    assertThat(
            doubts(
                lines(TRAINING, i -> "0," + flower(i)),
                lines(TESTED, i -> (i < 3 ? 1 : 0) + "," + flower(i))))
        .isEmpty();
  }

  /** Data whose validation data have files of their own. */
  private List<String> validated(
      Task task,
      TableSettings table,
      List<String> training,
      List<String> validation,
      List<String> test) {
    boolean columns = table.preparesColumns();
    DataSettings settings =
        new DataSettings(
            "csv",
            new DataSettings.Files(file("train.csv", training), null),
            new DataSettings.Files(file("validation.csv", validation), null),
            new DataSettings.Files(file("test.csv", test), null),
            new CsvLayout(columns ? CsvLayout.Header.PRESENT : CsvLayout.Header.ABSENT, -1, ','),
            null,
            0,
            7,
            null,
            table,
            Shares.NONE,
            DataSettings.ClassWeights.NONE,
            task);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    return DataSummary.of(data, DataLoader.loadTest(settings, data.form(), HADOOP)).doubts();
  }

  private List<String> validated(
      List<String> training, List<String> validation, List<String> test) {
    return validated(Task.CLASSIFICATION, TableSettings.NONE, training, validation, test);
  }

  /** With numbers of one column changed. */
  private static List<String> changed(List<String> lines, int column, IntFunction<String> change) {
    return IntStream.range(0, lines.size())
        .mapToObj(
            i -> {
              String[] fields = lines.get(i).split(",", -1);
              fields[column] = change.apply(i);
              return String.join(",", fields);
            })
        .toList();
  }

  private static double number(String line, int column) {
    return Double.parseDouble(line.split(",")[column]);
  }

  @Test
  void ordinaryValidationFilesRaiseNone() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> test = lines(TESTED, this::flower);
    assertThat(validated(training, lines(TESTED, this::flower), test)).isEmpty();
    assertThat(
            validated(
                lines(TRAINING, i -> image(i, 1)),
                lines(TESTED, i -> image(i, 1)),
                lines(TESTED, i -> image(i, 1))))
        .isEmpty();
    assertThat(
            validated(
                Task.REGRESSION,
                TableSettings.NONE,
                lines(TRAINING, this::house),
                lines(TESTED, this::house),
                lines(TESTED, this::house)))
        .isEmpty();
  }

  @Test
  void validationFilesAreLookedAtAsTestFilesAre() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> validation = lines(TESTED, this::flower);
    List<String> test = lines(TESTED, this::flower);
    assertThat(
            validated(
                training,
                changed(validation, 2, i -> "" + 100 * number(validation.get(i), 2)),
                test))
        .anyMatch(doubt -> doubt.startsWith("in the validation data feature 3 varies "));
    assertThat(
            validated(
                training,
                changed(validation, 3, i -> "" + (90 + number(validation.get(i), 3))),
                test))
        .contains("of most validation examples, feature 4 is out of the training data's range");
    List<String> once = validation.subList(0, 4);
    assertThat(validated(training, lines(TESTED, i -> once.get(i % 4)), test))
        .contains("only 4 of 200 validation examples differ");

    List<String> houses = lines(TRAINING, this::house);
    List<String> priced = lines(TESTED, this::house);
    assertThat(
            validated(
                Task.REGRESSION,
                TableSettings.NONE,
                houses,
                changed(priced, 2, i -> "" + 1000 * number(priced.get(i), 2)),
                lines(TESTED, this::house)))
        .anyMatch(doubt -> doubt.matches("the validation targets vary .*: another scale\\?"))
        .contains("most validation targets are out of the training data's range");
  }

  @Test
  void valuesOfColumnsThatValidationExamplesLackAreCounted() {
    TableSettings table = named(TableSettings.Classes.COUNTED, "colour");
    List<String> colours = List.of("red", "green", "blue");
    IntFunction<String> line = i -> colours.get(random.nextInt(3)) + "," + flower(i);
    List<String> header = List.of("colour," + FLOWER);
    List<String> training = joined(header, lines(TRAINING, line));
    List<String> own = lines(TESTED, line);
    List<String> test = joined(header, lines(TESTED, line));
    assertThat(validated(Task.CLASSIFICATION, table, training, joined(header, own), test))
        .isEmpty();
    assertThat(
            validated(
                Task.CLASSIFICATION,
                table,
                training,
                joined(
                    header,
                    changed(own, 0, i -> i % 5 < 3 ? "rouge" : colours.get(random.nextInt(3)))),
                test))
        .containsExactly(
            "column colour has no category of the training examples in 120 of 200 validation"
                + " examples, as \"rouge\"");
    assertThat(
            validated(
                Task.CLASSIFICATION,
                table,
                training,
                joined(header, changed(own, 2, i -> i % 10 < 7 ? "" : "" + number(own.get(i), 2))),
                test))
        .contains(
            "column b has no value in 140 of 200 validation examples, in the training data in 0 of"
                + " 600");
  }

  @Test
  void testExamplesThatAreValidationExamplesAreCounted() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> validation = lines(TESTED, this::flower);
    List<String> shuffled = new ArrayList<>(validation);
    Collections.shuffle(shuffled, random);
    assertThat(validated(training, validation, shuffled))
        .containsExactly(
            "200 of 200 test examples are validation examples, too: files are chosen by these");
    assertThat(
            validated(
                training, validation, joined(shuffled.subList(0, 50), lines(150, this::flower))))
        .containsExactly(
            "50 of 200 test examples are validation examples, too: files are chosen by these");
  }

  /** The same lines with the next class of three. */
  private static List<String> relabelled(List<String> lines) {
    return changed(lines, 4, i -> "" + (int) (number(lines.get(i), 4) + 1) % 3);
  }

  @Test
  void examplesThatAreThereWithOtherLabelsAreCounted() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> test = lines(TESTED, this::flower);
    String among = " examples have the features of training examples, but other labels";
    assertThat(validated(training, lines(TESTED, this::flower), relabelled(training)))
        .containsExactly("0 of 200 validation and 600 of 600 test" + among);
    assertThat(validated(training, relabelled(training.subList(0, 300)), test))
        .containsExactly("300 of 300 validation and 0 of 200 test" + among);
    assertThat(validated(joined(training, relabelled(training)), lines(TESTED, this::flower), test))
        .containsExactly(
            "the features of 600 of 1200 training examples are there with another label, too");
    List<String> houses = lines(TRAINING, this::house);
    assertThat(
            houses(houses, changed(houses, 2, i -> "" + (1 + number(houses.get(i), 2)))).doubts())
        .singleElement()
        .asString()
        .matches(
            "0 of 60 validation and 5[0-9]{2} of 600 test examples have the features of training"
                + " examples, but other targets");
  }

  /** Few categories, and such as depend on each other, with labels by chance. */
  @Test
  void examplesOfFewValuesMayHaveSeveralLabels() {
    for (int values = 2; values < 12; values++) {
      int most = values;
      IntFunction<String> line =
          i -> {
            int first = random.nextInt(most);
            StringBuilder fields = new StringBuilder();
            for (int f = 0; f < 6; f++) {
              fields.append((first + (random.nextInt(4) == 0 ? random.nextInt(most) : f)) % most);
              fields.append(',');
            }
            return fields.append(random.nextInt(3)).toString();
          };
      assertThat(validated(lines(3000, line), lines(TESTED, line), lines(TESTED, line)))
          .as(values + " values")
          .noneMatch(doubt -> doubt.contains("label"))
          .noneMatch(doubt -> doubt.contains("validation examples, too"))
          .noneMatch(doubt -> doubt.contains("same features"))
          .noneMatch(doubt -> doubt.startsWith("only "));
    }
  }

  @Test
  void trainingExamplesThatAreThereAgainAndAgainAreCounted() {
    List<String> test = lines(TESTED, this::flower);
    List<String> validation = lines(TESTED, this::flower);
    List<String> once = lines(10, this::flower);
    assertThat(validated(lines(TRAINING, i -> once.get(i % 10)), validation, test))
        .contains("only 10 of 600 training examples differ");
    assertThat(
            validated(
                lines(TRAINING, i -> i % 5 < 2 ? "0,0,0,0," + i % 3 : flower(i)), validation, test))
        .contains("240 of 600 training examples have the same features, all of them 0");
  }

  /** As those that could not be read. */
  @Test
  void oneExampleThatIsThereAgainAndAgainIsCounted() {
    List<String> training = lines(TRAINING, this::flower);
    List<String> validation = lines(TESTED, this::flower);
    IntFunction<IntFunction<String>> blanks =
        count -> i -> i < count ? "0,0,0,0," + i % 3 : flower(i);
    assertThat(validated(training, validation, lines(2000, blanks.apply(400))))
        .contains("400 of 2000 test examples have the same features, all of them 0");
    assertThat(validated(training, validation, lines(2000, blanks.apply(20))))
        .contains("20 of 2000 test examples have the same features, all of them 0");
    assertThat(validated(training, validation, lines(2000, blanks.apply(19))))
        .noneMatch(doubt -> doubt.contains("same features"));
    assertThat(validated(training, validation, lines(200, i -> i < 10 ? "1,2,3,4,0" : flower(i))))
        .contains("10 of 200 test examples have the same features");
    assertThat(validated(training, validation, lines(200, blanks.apply(9))))
        .noneMatch(doubt -> doubt.contains("same features"));
    // Rows of a table of few values are there again and again, and one of them the most often.
    IntFunction<String> few =
        i ->
            (random.nextInt(3) / 2)
                + ","
                + random.nextInt(4)
                + ",1,"
                + random.nextInt(9)
                + ","
                + i % 2;
    assertThat(validated(lines(TRAINING, few), lines(TESTED, few), lines(2000, few)))
        .noneMatch(doubt -> doubt.contains("same features"));
  }

  /** Against the sum it is, and known values of large ones. */
  @Test
  void logarithmsOfFactorialsTakeNoTime() {
    double sum = 0;
    for (int n = 1; n <= 5000; n++) {
      sum += Math.log(n);
      assertThat(LabelCopies.logFactorial(n)).isCloseTo(sum, within(1e-12 * Math.max(1, sum)));
    }
    assertThat(LabelCopies.logFactorial(0)).isZero();
    // By the logarithm of the gamma function of the C library.
    assertThat(LabelCopies.logFactorial(1_000_000)).isCloseTo(12_815_518.384658169, within(1e-6));
    assertThat(LabelCopies.logFactorial(1_000_000_000))
        .isCloseTo(19_723_265_848.226982, within(1e-4));
  }
}
