package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.Task;
import dev.pare.data.TableSettings.Classes;
import dev.pare.data.TableSettings.Missing;
import dev.pare.data.TableSettings.Scaling;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV files whose columns have names, texts and missing values. */
class TableTest {
  private static final CsvLayout NAMED = new CsvLayout(CsvLayout.Header.PRESENT, 0, ',');
  private static final Missing MEAN = new Missing(Missing.Kind.MEAN, 0);

  /** Every line four times, so that each split has it. */
  private static final String FLOWERS =
      "id,width,kind,height,colour\n"
          + """
            1,1.5,setosa,10,red
            2,2.5,virginica,20,"dark, blue"
            3,3.5,versicolor,30,green
            """
              .repeat(4);

  @TempDir private Path folder;

  @Test
  void readsColumnsByNameAndClassesByTheirNames() {
    TrainingData data = load(FLOWERS, table("kind", List.of("id"), List.of("colour")));
    assertThat(data.preparation().classes()).containsExactly("setosa", "versicolor", "virginica");
    assertThat(data.preparation().columns())
        .containsExactly(
            new Column.Numeric("width", Float.NaN, 0, 1),
            new Column.Numeric("height", Float.NaN, 0, 1),
            new Column.Categorical(
                "colour", List.of("dark, blue", "green", "red"), Column.Others.REFUSED));
    assertThat(data.shape()).isEqualTo(new ExampleShape(5, 1, 1));
    assertThat(data.classes()).isEqualTo(3);
    for (int i = 0; i < data.train().size(); i++) {
      float[] expected =
          switch (data.train().label(i)) {
            case 0 -> new float[] {1.5f, 10, 0, 0, 1};
            case 1 -> new float[] {3.5f, 30, 0, 1, 0};
            default -> new float[] {2.5f, 20, 1, 0, 0};
          };
      assertThat(features(data.train(), i)).containsExactly(expected);
    }
    assertThat(DataSummary.of(data))
        .asString()
        .contains("3 classes (setosa, versicolor, virginica)");
  }

  @Test
  void quotedFieldsGoOverSeveralLines() {
    for (String end : List.of("\n", "\r\n")) {
      String row = "\"a\nb\",\"say \"\"no\"\"\n\n,it said\",1\n\"x\",plain,2\n";
      String text = ("kind,\"re\nmark\",n\n" + row.repeat(6)).replace("\n", end);
      TrainingData data = load(text, table("kind", List.of(), List.of("re" + end + "mark")));
      assertThat(data.preparation().classes()).containsExactly("a" + end + "b", "x");
      assertThat(data.preparation().columns().get(0))
          .isEqualTo(
              new Column.Categorical(
                  "re" + end + "mark",
                  List.of("plain", "say \"no\"" + end + end + ",it said"),
                  Column.Others.REFUSED));
      assertThat(data.train().size() + data.validation().size()).isEqualTo(12);
    }
    refuses(
        "kind,n\nx,1\n\"y,2\n",
        table("kind", List.of(), List.of()),
        "line 3, column 1 (kind): the file ends within quotes");
    refuses(
        "kind,n\nx,1\n\"y\nz\",2\nv,\"3\n4\"\n",
        table("kind", List.of(), List.of()),
        "line 5, column 2 (n): \"3?4\" is not a finite number");
  }

  @Test
  void featuresHaveTheOrderInWhichTheyAreNamed() {
    TableSettings table =
        new TableSettings(
            "kind",
            List.of("height", "width"),
            List.of(),
            List.of(),
            Classes.NAMED,
            Missing.REFUSED,
            Scaling.NONE);
    TrainingData data = load(FLOWERS, table);
    int first = data.train().label(0);
    assertThat(features(data.train(), 0)[0]).isEqualTo(new float[] {10, 30, 20}[first]);
    assertThat(data.shape().size()).isEqualTo(2);
  }

  @Test
  void testDataMayHaveOtherColumnsInAnotherOrder() {
    DataSettings settings =
        settings(
            write(folder, "train.csv", FLOWERS),
            write(
                folder,
                "test.csv",
                "more,colour,height,width,kind\n0,green,1,2,setosa\n0,red,3,4,virginica\n"),
            table("kind", List.of("id"), List.of("colour")));
    TrainingData training = DataLoader.loadTraining(settings, HADOOP);
    Examples test = DataLoader.loadTest(settings, training.form(), HADOOP).examples();
    assertThat(features(test, 0)).containsExactly(2, 1, 0, 1, 0);
    assertThat(features(test, 1)).containsExactly(4, 3, 0, 0, 1);
    assertThat(test.label(0)).isZero();
    assertThat(test.label(1)).isEqualTo(2);
  }

  @Test
  void wholeNumbersAreClassesInTheOrderOfTheirValues() {
    String text = "a,b\n" + "1,10\n2,9\n3,-1\n".repeat(4);
    TrainingData data = load(text, table("b", List.of(), List.of()));
    assertThat(data.preparation().classes()).containsExactly("-1", "9", "10");
    TrainingData texts = load(text.replace("-1", "x"), table("b", List.of(), List.of()));
    assertThat(texts.preparation().classes()).containsExactly("10", "9", "x");
  }

  /** As pandas writes them in a column that once had missing ones; Parquet's become integers. */
  @Test
  void wholeNumbersWithAPointAreInThatOrderToo() {
    String text = "a,b\n" + "1,10.0\n2,9.0\n3,-1.\n".repeat(4);
    TrainingData data = load(text, table("b", List.of(), List.of()));
    assertThat(data.preparation().classes()).containsExactly("-1.", "9.0", "10.0");
    // As texts they were in another order: what a store has of that time is not of these data.
    assertThat(data.trainingDigest()).isNotEqualTo(digest(text));
    String same = text.replace("10.0", "2.0").replace("-1.", "1.0");
    TrainingData others = load(same, table("b", List.of(), List.of()));
    assertThat(others.preparation().classes()).containsExactly("1.0", "2.0", "9.0");
    assertThat(others.trainingDigest()).isEqualTo(digest(same));
    TrainingData fractions = load(text.replace("9.0", "9.5"), table("b", List.of(), List.of()));
    assertThat(fractions.preparation().classes()).containsExactly("-1.", "10.0", "9.5");
    assertThat(fractions.trainingDigest()).isEqualTo(digest(text.replace("9.0", "9.5")));
  }

  /** Of one file: that of its digest. */
  private static String digest(String text) {
    return Sha256.hex(HexFormat.of().parseHex(Sha256.hex(text.getBytes(UTF_8))));
  }

  @Test
  void labelsThatAreNotCountedAreRefusedWithTheSettingThatTakesThem() {
    TableSettings counted =
        new TableSettings(
            "kind",
            List.of(),
            List.of("id", "colour"),
            List.of(),
            Classes.COUNTED,
            Missing.REFUSED,
            Scaling.NONE);
    refuses(FLOWERS, counted, "line 2, column 3 (kind): \"setosa\" is not a finite number");
  }

  /** What numpy's nanmean, nanmedian, mean and std give. */
  @Test
  void fillsAndStandardizesAsNumpyDoes() {
    numeric(MEAN, 4.25f, 4.25, 3.122498999199199, 1.841473768758502);
    numeric(new Missing(Missing.Kind.MEDIAN, 0), 3, 4, 3.1622776601683795, 1.8973665961010275);
    numeric(new Missing(Missing.Kind.CONSTANT, -1), -1, 3.2, 3.7629775444453557, 1.807079611739295);
  }

  private void numeric(Missing missing, float fill, double mean, double deviation, double last) {
    TableSettings settings =
        new TableSettings(
            List.of(), List.of(), List.of(), List.of(), Classes.COUNTED, missing, Scaling.STANDARD);
    TableColumns table = TableColumns.ofTraining(settings);
    Examples raw = read("y,x\n0,1\n1,2\n0,NA\n1,4\n0,10\n", table);
    Column.Numeric column = (Column.Numeric) PreparationFit.columns(raw, table, settings).get(0);
    assertThat(column.fill()).isEqualTo(fill);
    assertThat(column.mean()).isCloseTo((float) mean, offset(1e-6f));
    assertThat(column.deviation()).isCloseTo((float) deviation, offset(1e-6f));
    Examples prepared =
        new PreparedExamples(raw, new Preparation(List.of(column), List.of()), table, "x");
    assertThat(features(prepared, 4)[0]).isCloseTo((float) last, offset(1e-6f));
    assertThat(features(prepared, 2)[0]).isEqualTo((fill - column.mean()) / column.deviation());
  }

  @Test
  void fitsToTrainingExamplesAlone() {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) {
      text.append(i * i % 97).append(',').append(i % 2).append('\n');
    }
    TableSettings table =
        new TableSettings(
            "y", List.of(), List.of(), List.of(), Classes.COUNTED, MEAN, Scaling.STANDARD);
    TrainingData data =
        DataLoader.loadTraining(
            new DataSettings(
                "csv",
                files("x.csv", text.toString()),
                null,
                files("x.csv", text.toString()),
                NAMED,
                null,
                15,
                3,
                null,
                table,
                Shares.NONE,
                DataSettings.ClassWeights.BALANCED,
                Task.CLASSIFICATION),
            HADOOP);
    assertThat(mean(data.train())).isCloseTo(0, offset(1e-6));
    assertThat(Math.abs(mean(data.validation()))).isGreaterThan(0.01);
    assertThat(data.preparation().classes()).isEmpty();
    float[] weights = {data.train().classWeight(0), data.train().classWeight(1)};
    double sum = 0;
    for (int i = 0; i < 25; i++) {
      sum += weights[data.train().label(i)];
    }
    assertThat(sum).isCloseTo(25, offset(1e-5));
    assertThat(weights[0]).isNotEqualTo(1);
    assertThat(data.validation().classWeight(0)).isEqualTo(1);
  }

  @Test
  void aConstantColumnIsOnlyCentred() {
    TableSettings table =
        new TableSettings(
            "y",
            List.of(),
            List.of(),
            List.of(),
            Classes.COUNTED,
            Missing.REFUSED,
            Scaling.STANDARD);
    TrainingData data = load("x,y\n" + "5,0\n5,1\n".repeat(3), table);
    assertThat(features(data.train(), 0)).containsExactly(0);
  }

  @Test
  void whatIsFittedMakesTheSameFeaturesOfARawRow() {
    TableSettings table =
        new TableSettings(
            "kind",
            List.of(),
            List.of("id"),
            List.of("colour"),
            Classes.NAMED,
            MEAN,
            Scaling.STANDARD);
    TrainingData data = load(FLOWERS.replace("1,1.5,", "1,?,"), table);
    Map<String, String> row = Map.of("width", "", "height", "10", "colour", "red", "id", "x");
    int setosa = 0;
    while (data.train().label(setosa) != 0) {
      setosa++;
    }
    assertThat(data.preparation().features(row)).isEqualTo(features(data.train(), setosa));
    assertThat(data.preparation().classes().get(2)).isEqualTo("virginica");
  }

  @Test
  void namesThePlaceOfWhatIsMissing() {
    TableSettings table = table("kind", List.of("id"), List.of("colour"));
    refuses(
        FLOWERS.replace("2,2.5,", "2,,"),
        table,
        "line 3, column 2 (width): the value is missing; data.missing says");
    refuses(
        FLOWERS.replace("green", "NA"), table, "line 4, column 5 (colour): the value is missing");
    refuses(FLOWERS.replace("setosa", "?"), table, "line 2, column 3 (kind): the label is missing");
    refuses(
        FLOWERS.replace("width", "w".repeat(1001)),
        table,
        "column 2 has a name of more than 1000 characters");
    refuses(FLOWERS.replace("2.5", "wide"), table, "line 3, column 2 (width): \"wide\" is not a");
    refuses(FLOWERS.replace("red", "\"red\"x"), table, "more characters follow the closing quote");
    refuses(FLOWERS.replace("height", "width"), table, "two columns are called width");
    refuses(FLOWERS.replace("colour", "color"), table, "data.columns.categorical = colour: there");
    refuses(FLOWERS.replace("kind", "sort"), table, "data.columns.label = kind: there is no such");
  }

  @Test
  void anUnknownCategoryIsRefusedWithItsExampleOrHasOnlyZeros() {
    String train = write(folder, "train.csv", FLOWERS);
    String test =
        write(
            folder, "test.csv", "width,kind,height,colour\n1,setosa,2,red\n1,virginica,2,mauve\n");
    DataSettings strict = settings(train, test, table("kind", List.of("id"), List.of("colour")));
    DataForm form = DataLoader.loadTraining(strict, HADOOP).form();
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTest(strict, form, HADOOP))
        .withMessageContaining(
            "test.csv: example 2, column colour: \"mauve\" is no category of the training");
    TableSettings filled =
        new TableSettings(
            "kind", List.of(), List.of("id"), List.of("colour"), Classes.NAMED, MEAN, Scaling.NONE);
    DataSettings lenient = settings(train, test, filled);
    Examples read =
        DataLoader.loadTest(lenient, DataLoader.loadTraining(lenient, HADOOP).form(), HADOOP)
            .examples();
    assertThat(features(read, 1)).containsExactly(1, 2, 0, 0, 0);
  }

  @Test
  void aClassThatTrainingDataDoNotHaveIsRefused() {
    DataSettings settings =
        settings(
            write(folder, "train.csv", FLOWERS),
            write(folder, "test.csv", "width,kind,height,colour\n1,rosa,2,red\n"),
            table("kind", List.of("id"), List.of("colour")));
    DataForm form = DataLoader.loadTraining(settings, HADOOP).form();
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> DataLoader.loadTest(settings, form, HADOOP))
        .withMessageContaining(
            "line 2, column 2 (kind): label \"rosa\": is no class of the training data");
  }

  @Test
  void namesNeedALineOfThem() {
    String file = write(folder, "x.csv", "1,2\n3,4\n");
    try (SourceFile in = SourceFile.open("x", file, HADOOP)) {
      assertThatExceptionOfType(MalformedDataException.class)
          .isThrownBy(
              () ->
                  CsvFile.read(
                      in,
                      new CsvLayout(CsvLayout.Header.ABSENT, 0, ','),
                      ClassLabels.named(),
                      TableColumns.ofTraining(table("kind", List.of(), List.of())),
                      FeatureStorage.ofHeap()))
          .withMessageEndingWith(
              "data.columns.label = kind: there is no such column among 1, 2 (for a line of column"
                  + " names, set data.csv.header)");
    }
  }

  @Test
  void mutatedTablesAreReadOrRefused() {
    TableSettings table =
        new TableSettings(
            "kind",
            List.of(),
            List.of("id"),
            List.of("colour"),
            Classes.NAMED,
            MEAN,
            Scaling.STANDARD);
    Mutations.read(
        FLOWERS.replace("red", "\"re\nd\"").getBytes(UTF_8),
        folder.resolve("mutated.csv"),
        file -> DataLoader.loadTraining(settings(file.toString(), file.toString(), table), HADOOP));
  }

  @Test
  void columnsWithoutNamesAreCalledByTheirNumbers() {
    TableSettings table =
        new TableSettings(
            List.of(), List.of(), List.of("2"), List.of(), Classes.COUNTED, MEAN, Scaling.NONE);
    TableColumns columns = TableColumns.ofTraining(table);
    try (SourceFile file = SourceFile.open("x", write(folder, "x.csv", "5,8,0\n,9,1\n"), HADOOP)) {
      Examples read =
          CsvFile.read(
                  file,
                  new CsvLayout(CsvLayout.Header.ABSENT, -1, ','),
                  ClassLabels.ofTraining(),
                  columns,
                  FeatureStorage.ofHeap())
              .examples();
      assertThat(columns.names()).containsExactly("1");
      assertThat(features(read, 1)).containsExactly(Float.NaN);
    }
  }

  private static double mean(Examples examples) {
    double sum = 0;
    for (int i = 0; i < examples.size(); i++) {
      sum += features(examples, i)[0];
    }
    return sum / examples.size();
  }

  private Examples read(String text, TableColumns table) {
    try (SourceFile file = SourceFile.open("x", write(folder, "x.csv", text), HADOOP)) {
      return CsvFile.read(file, NAMED, ClassLabels.ofTraining(), table, FeatureStorage.ofHeap())
          .examples();
    }
  }

  private void refuses(String text, TableSettings table, String message) {
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> load(text, table))
        .withMessageContaining(message);
  }

  private static TableSettings table(
      @Nullable String label, List<String> ignored, List<String> categorical) {
    return new TableSettings(
        label, List.of(), ignored, categorical, Classes.NAMED, Missing.REFUSED, Scaling.NONE);
  }

  private TrainingData load(String text, TableSettings table) {
    String file = write(folder, "train.csv", text);
    return DataLoader.loadTraining(settings(file, file, table), HADOOP);
  }

  private DataSettings.Files files(String name, String text) {
    return new DataSettings.Files(write(folder, name, text), null);
  }

  private static DataSettings settings(String train, String test, TableSettings table) {
    return new DataSettings(
        "csv",
        new DataSettings.Files(train, null),
        null,
        new DataSettings.Files(test, null),
        NAMED,
        null,
        1,
        7,
        null,
        table,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        Task.CLASSIFICATION);
  }
}
