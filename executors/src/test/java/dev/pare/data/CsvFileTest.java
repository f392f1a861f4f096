package dev.pare.data;

import static dev.pare.data.CsvLayout.Header.ABSENT;
import static dev.pare.data.CsvLayout.Header.PRESENT;
import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.gzip;
import static dev.pare.data.TestFiles.warnings;
import static dev.pare.data.TestFiles.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {
  @TempDir private Path folder;

  @Test
  void readsNumbersAndTheLabelOfTheLastColumn() {
    ShapedExamples read = read("1,-2.5,3e2,0\n 4 ,.5,16777217,1\n", PLAIN_CSV);
    assertThat(read.shape()).isEqualTo(new ExampleShape(3, 1, 1));
    assertThat(read.examples().size()).isEqualTo(2);
    assertThat(read.examples().classes()).isEqualTo(2);
    assertThat(features(read.examples(), 0)).containsExactly(1, -2.5f, 300);
    assertThat(features(read.examples(), 1)).containsExactly(4, 0.5f, 16777217f);
    assertThat(read.examples().label(0)).isZero();
    assertThat(read.examples().label(1)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2,0\n3,4,1\n",
        "1,2,0\n3,4,1",
        "1,2,0\r\n3,4,1\r\n",
        "1,2,0\r\n3,4,1\r\n\r\n\r\n",
        "1,2,0\n3,4,1\n\n",
        "\uFEFF1,2,0\n3,4,1\n",
        "1.0,2.0,0.0\n3.0,4.0,1.0\n"
      })
  void readsEveryLineEndingAndAByteOrderMark(String text) {
    Examples examples = read(text, PLAIN_CSV).examples();
    assertThat(examples.size()).isEqualTo(2);
    assertThat(features(examples, 0)).containsExactly(1, 2);
    assertThat(features(examples, 1)).containsExactly(3, 4);
    assertThat(examples.label(1)).isEqualTo(1);
  }

  @Test
  void readsALabelFromAnyColumn() {
    String text = "0;7;8\n1;9;10\n";
    for (int column : new int[] {0, -3}) {
      Examples examples = read(text, new CsvLayout(ABSENT, column, ';')).examples();
      assertThat(examples.label(1)).isEqualTo(1);
      assertThat(features(examples, 1)).containsExactly(9, 10);
    }
    Examples middle = read("7\t1\t8\n", new CsvLayout(ABSENT, -2, '\t')).examples();
    assertThat(middle.label(0)).isEqualTo(1);
    assertThat(features(middle, 0)).containsExactly(7, 8);
  }

  @Test
  void passesOverAHeader() {
    String text = "\uFEFFwidth,\"what, then\",label\r\n1,2,0\r\n3,4,1\r\n";
    assertThat(read(text, new CsvLayout(PRESENT, -1, ',')).examples().size()).isEqualTo(2);
  }

  @Test
  void aLineOfNumbersIsAHeaderWhereOneIsSetAndAnExampleOtherwise() {
    CsvLayout header = new CsvLayout(PRESENT, -1, ',');
    assertThat(
            warnings(
                () -> {
                  assertThat(read("0,1\n5,0\n", PLAIN_CSV).examples().size()).isEqualTo(2);
                  assertThat(read("a,1\n5,0\n", header).examples().size()).isEqualTo(1);
                }))
        .isEmpty();
    assertThat(
            warnings(() -> assertThat(read("0,1\n5,0\n", header).examples().size()).isEqualTo(1)))
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .endsWith(
            ": the first line is passed over, as data.csv.header = true, but holds only numbers: is"
                + " it an example?");
  }

  /** As pandas writes columns without names. */
  @Test
  void numbersThatCountTheColumnsAreNoExample() {
    assertThat(warnings(() -> read("0,1,2,3,4\n1,0,9,8,7\n", PLAIN_CSV)))
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .endsWith(
            ": the first line is an example, as data.csv.header = false, but counts the columns: are"
                + " these their names?");
    assertThat(
            warnings(
                () -> {
                  read("0,1,2,3,5\n1,0,9,8,7\n", PLAIN_CSV);
                  read("1,0,9,8,7\n0,1,2,3,4\n", PLAIN_CSV);
                  read("0,1,2\n1,0,9\n", PLAIN_CSV);
                }))
        .isEmpty();
    // So, too, with the name of a label.
    CsvLayout last = new CsvLayout(ABSENT, -1, ',');
    assertThat(warnings(() -> read("0,1,2,3,4,label\n1,0,9,8,7,iris\n", last, CLASSES)))
        .singleElement()
        .asString()
        .contains("but counts the columns: are these their names?");
    assertThat(
            warnings(
                () -> {
                  read("5,1,2,3,4,iris\n1,0,9,8,7,rose\n", last, CLASSES);
                  read("0,1,2,3,iris\n1,0,9,8,rose\n", last, CLASSES);
                }))
        .isEmpty();
  }

  /** To pandas it ends a line. */
  @Test
  void aCarriageReturnWithinATextIsTold() {
    TableSettings names =
        new TableSettings(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            TableSettings.Classes.NAMED,
            new TableSettings.Missing(TableSettings.Missing.Kind.MEAN, 0),
            TableSettings.Scaling.NONE);
    assertThat(
            warnings(
                () -> {
                  read("a,b,label\r\n1,2,x\ry\r\n3,4,x\ry\r\n", names);
                  read("a,b,label\r\n1,2,\"x\ry\"\r\n3,4,z\r\n", names);
                }))
        .singleElement()
        .asString()
        .contains("line 2, column 3: has a carriage return within a text, which ends no line here");
  }

  @Test
  void anExampleIsNoHeaderOfTablesEither() {
    TableSettings filled =
        new TableSettings(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            TableSettings.Classes.NAMED,
            new TableSettings.Missing(TableSettings.Missing.Kind.MEAN, 0),
            TableSettings.Scaling.NONE);
    assertThat(warnings(() -> read("5.1,\"3.5\",,iris\n5,1,2,iris\n", filled)))
        .singleElement()
        .asString()
        .contains("but holds only numbers and a label: is it an example?");
    // Numbers that count columns are names, and so are texts.
    assertThat(
            warnings(
                () -> {
                  read("0,1,2,label\n5,1,2,iris\n", filled);
                  read("1,2,3,4\n5,1,2,iris\n", filled);
                  read("width,3.5,height,label\n5,1,2,iris\n", filled);
                  TableSettings named =
                      new TableSettings(
                          "2019",
                          List.of(),
                          List.of("2021"),
                          List.of(),
                          TableSettings.Classes.NAMED,
                          TableSettings.Missing.REFUSED,
                          TableSettings.Scaling.NONE);
                  read("2019,2020,2021\na,5,6\n", named);
                }))
        .isEmpty();
  }

  private static final TableSettings CLASSES =
      new TableSettings(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          TableSettings.Classes.NAMED,
          TableSettings.Missing.REFUSED,
          TableSettings.Scaling.NONE);

  private void read(String text, TableSettings table) {
    read(text, new CsvLayout(PRESENT, -1, ','), table);
  }

  private void read(String text, CsvLayout layout, TableSettings table) {
    String path = write(folder, "data.csv", text);
    try (SourceFile file = SourceFile.open("data.train.features", path, HADOOP)) {
      CsvFile.read(
          file,
          layout,
          ClassLabels.named(),
          TableColumns.ofTraining(table),
          FeatureStorage.ofHeap());
    }
  }

  @Test
  void readsGzip() {
    assertThat(read(gzip("1,0\n2,1\n".getBytes(UTF_8)), PLAIN_CSV).examples().size()).isEqualTo(2);
  }

  @Test
  void readsWhatWasWrittenAcrossBuffers() {
    SplittableRandom random = TestSeed.random();
    int rows = 700;
    int columns = 40;
    float[][] expected = new float[rows][columns];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        expected[i][j] =
            random.nextBoolean()
                ? random.nextInt(256)
                : Float.intBitsToFloat(random.nextInt(0x7F800000))
                    * (random.nextBoolean() ? 1 : -1);
        boolean whole = expected[i][j] == (int) expected[i][j];
        text.append(whole ? "" + (int) expected[i][j] : "" + expected[i][j]).append(',');
      }
      text.append(i % 3).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    Examples examples = read(text.toString(), PLAIN_CSV).examples();
    assertThat(examples.size()).isEqualTo(rows);
    assertThat(examples.classes()).isEqualTo(3);
    for (int i = 0; i < rows; i++) {
      assertThat(features(examples, i)).isEqualTo(expected[i]);
      assertThat(examples.label(i)).isEqualTo(i % 3);
    }
  }

  @Test
  void namesLineColumnAndByteOfWhatIsNotANumber() {
    refuses("1,2,0\n3,abc,1\n", 8, "line 2, column 2: \"abc\" is not a finite number");
    refuses("1,2,0\r\n3, abc,1\n", 10, "line 2, column 2: \"abc\" is not a finite number");
    refuses("\uFEFF1,x,0\n", 5, "line 1, column 2: \"x\" is not a finite number");
    refuses("a,b,label\n1,2,0\n", 0, "(for a line of column names, set data.csv.header)");
    refuses("1,,0\n", 2, "line 1, column 2: is empty");
    refuses("1,2,0,\n", 6, "line 1, column 4: is empty");
    refuses("1,é\n", 2, "\"??\" is not");
  }

  @Test
  void saysWhichSettingTakesWhatIsNotANumber() {
    refuses("1,2,0\n3,4,ant\n", 10, "\"ant\" is not a finite number (data.classes = named takes");
    refuses("1,2,bee\n", 4, "(data.classes = named takes any labels; for a line of column names,");
    refuses(
        "1;2;0\n",
        0,
        "line 1: has one column, must have a label and features (data.csv.separator = \",\": is it"
            + " \";\"?)");
    refuses("1\t2\t0\n", 0, "(data.csv.separator = \",\": is it \"\\t\"?)");
    refuses("1;0,5;0\n", 0, "\"1;0\" is not a finite number (data.csv.separator = \",\": is it");
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read("1,5;2;0\n", new CsvLayout(ABSENT, -1, ';')))
        .withMessageContaining(
            "\"1,5\" is not a finite number (decimals have a point, not a comma;");
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read("1,5,0\n", new CsvLayout(ABSENT, -1, ';')))
        .withMessageContaining("(data.csv.separator = \";\": is it \",\"?)");
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read("a;b;y\n1;2;0\n", new CsvLayout(PRESENT, -1, ',')))
        .withMessageContaining("(data.csv.separator = \",\": is it \";\"?)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NaN", "Infinity", "-Infinity", "1e99", "0x1p3", "1f", "2d", "--1", "1e", "\"1\""})
  void refusesWhatJavaWouldReadButIsNotAFiniteDecimal(String text) {
    refuses("1,2,0\n" + text + ",2,1\n", 6, "line 2, column 1: \"" + text + "\" is not a finite");
  }

  @Test
  void refusesALineOfGigabytesAfterSomeMegabytes() throws IOException {
    Path bomb = folder.resolve("bomb.csv");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb), 1 << 16)) {
      byte[] ones = "1,".repeat(1 << 19).getBytes(UTF_8);
      for (int i = 0; i < 130; i++) {
        out.write(ones);
      }
    }
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> readFile(bomb.toUri().toString(), PLAIN_CSV))
        .withMessageEndingWith("byte 0: line 1: is longer than 67108864 bytes");
  }

  @Test
  void refusesRaggedLines() {
    refuses("1,2,0\n1,2,3,0\n", 6, "line 2: has 4 columns, those before have 3");
    refuses("1,2,0\n1,2\n", 6, "line 2: has 2 columns, those before have 3");
  }

  @Test
  void refusesLabelsThatAreNoClasses() {
    refuses("1,0\n1,-1\n", 6, "line 2, column 2: label -1: must be an integer from 0");
    refuses("1,0\n1,0.5\n", 6, "line 2, column 2: label 0.5: must be an integer from 0");
    for (String label : new String[] {"0.99999999", "1.00000000000000000001", "1e-40"}) {
      refuses("1,0\n1," + label + "\n", 6, "column 2: label ");
    }
    refuses("1,0\n1,1e-99999999999\n", 6, "column 2: the label 1e-99999999999 is no number");
    refuses("1,0\n1,0." + "9".repeat(99) + "\n", 6, "column 2: a label of 101 characters");
    assertThat(read("1,1.0\n1,2e0\n", PLAIN_CSV).examples().label(1)).isEqualTo(2);
    refuses("1,0\n1,65536\n", 6, "line 2, column 2: label 65536: must be below 65536");
  }

  @Test
  void refusesBlankLinesBetweenExamples() {
    refuses("1,0\n\n\n1,1\n", 4, "line 2: is blank, but the file goes on after it");
  }

  @Test
  void refusesAFileWithoutExamples() {
    refuses("", 0, "ends before the first example");
    refuses("\r\n\n", 3, "ends before the first example");
    refuses("1\n2\n", 0, "line 1: has one column");
  }

  @Test
  void refusesALabelColumnThatIsNotThere() {
    for (int column : new int[] {3, -4}) {
      assertThatExceptionOfType(MalformedDataException.class)
          .isThrownBy(() -> read("1,2,0\n", new CsvLayout(ABSENT, column, ',')))
          .withMessageContaining("has 3 columns, but data.csv.label-column = " + column);
    }
  }

  @ParameterizedTest
  @ValueSource(chars = {'e', 'E', '0', '.', '-', '+', '"', '\n', '\r', '\0', 'é'})
  void refusesSeparatorsThatNumbersUse(char separator) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CsvLayout(ABSENT, -1, separator))
        .withMessageStartingWith("data.csv.separator = ");
  }

  private void refuses(String text, long offset, String message) {
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(text, PLAIN_CSV))
        .withMessageContaining("data.csv: byte " + offset + ": ")
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.offset()).isEqualTo(offset));
  }

  private ShapedExamples read(String text, CsvLayout layout) {
    return read(text.getBytes(UTF_8), layout);
  }

  private ShapedExamples read(byte[] content, CsvLayout layout) {
    return readFile(write(folder, "data.csv", content), layout);
  }

  private static ShapedExamples readFile(String path, CsvLayout layout) {
    try (SourceFile file = SourceFile.open("data.train.features", path, HADOOP)) {
      return CsvFile.read(
          file,
          layout,
          ClassLabels.ofTraining(),
          TableColumns.ofTraining(TableSettings.NONE),
          FeatureStorage.ofHeap());
    }
  }
}
