package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.pare.candidate.Task;
import dev.pare.data.TableSettings.Classes;
import dev.pare.data.TableSettings.Missing;
import dev.pare.data.TableSettings.Scaling;
import dev.pare.prepare.Column;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetFormatTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            required int64 id;
            optional double width;
            required binary colour (STRING);
            optional int32 price (DECIMAL(6, 2));
            required boolean big;
            required binary kind (STRING);
            optional int64 bought (TIMESTAMP(MILLIS, true));
          }
          """);
  private static final String[] COLOURS = {"red", "green", "dark blue"};

  @TempDir private Path folder;

  private static void row(Group row, int i) {
    row.append("id", (long) i);
    if (i % 7 != 3) {
      row.append("width", i / 4.0);
    }
    row.append("colour", COLOURS[i % 3]).append("price", 100 * i + 50);
    row.append("big", i % 2 == 0).append("kind", i % 3 == 0 ? "a" : "b").append("bought", (long) i);
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void readsColumnsByNameOfAllRowGroups(CompressionCodecName codec) {
    String file = write(SCHEMA, codec, 2000, ParquetFormatTest::row);
    TrainingData data = DataLoader.loadTraining(settings(file, MEAN), HADOOP);
    assertThat(data.preparation().classes()).containsExactly("a", "b");
    assertThat(data.preparation().columns().get(1))
        .isEqualTo(
            new Column.Categorical(
                "colour", List.of("dark blue", "green", "red"), Column.Others.ZEROS));
    assertThat(data.preparation().columns())
        .extracting(Column::name)
        .containsExactly("width", "colour", "price", "big");
    float fill = ((Column.Numeric) data.preparation().columns().get(0)).fill();
    for (int i = 0; i < data.train().size(); i++) {
      float[] row = features(data.train(), i);
      int number = (int) (row[4] - 0.5f);
      float width = number % 7 == 3 ? fill : number / 4f;
      int colour = number % 3;
      assertThat(row)
          .containsExactly(
              width,
              colour == 2 ? 1 : 0,
              colour == 1 ? 1 : 0,
              colour == 0 ? 1 : 0,
              number + 0.5f,
              number % 2 == 0 ? 1 : 0);
      assertThat(data.train().label(i)).isEqualTo(colour == 0 ? 0 : 1);
    }
    assertThat(data.train().size()).isEqualTo(1999);
  }

  @Test
  void aColumnOfNumbersIsTheTargetAndWhatIsReconstructedNeedsNone() {
    String file = write(SCHEMA, CompressionCodecName.SNAPPY, 50, ParquetFormatTest::row);
    TrainingData data =
        DataLoader.loadTraining(settings(file, counted("price", "id"), Task.REGRESSION), HADOOP);
    assertThat(data.outputs()).isOne();
    float[] target = new float[1];
    for (int i = 0; i < data.train().size(); i++) {
      data.train().copyTarget(i, target, 0);
      assertThat(target[0]).isEqualTo(features(data.train(), i)[0] + 0.5f);
    }
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTraining(
                    settings(file, counted("width", "id"), Task.REGRESSION), HADOOP))
        .withMessageContaining("row 4, column width: the label is missing");
    TrainingData reconstructed =
        DataLoader.loadTraining(
            settings(file, counted(List.of(), "id", "big"), Task.RECONSTRUCTION), HADOOP);
    assertThat(reconstructed.outputs()).isEqualTo(2);
    float[] both = new float[2];
    reconstructed.train().copyTarget(3, both, 0);
    assertThat(both).isEqualTo(features(reconstructed.train(), 3));
    assertThat(both[1]).isEqualTo(both[0] % 2 == 0 ? 1 : 0);
  }

  @Test
  void severalColumnsAreTheNumbersOfOneTarget() {
    String file = write(SCHEMA, CompressionCodecName.SNAPPY, 2000, ParquetFormatTest::row);
    TrainingData data =
        DataLoader.loadTraining(
            settings(file, counted(List.of("price", "big"), "id"), Task.REGRESSION), HADOOP);
    assertThat(data.outputs()).isEqualTo(2);
    float[] target = new float[2];
    for (int i = 0; i < data.train().size(); i++) {
      float id = features(data.train(), i)[0];
      data.train().copyTarget(i, target, 0);
      assertThat(target).containsExactly(id + 0.5f, id % 2 == 0 ? 1 : 0);
    }
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTraining(
                    settings(file, counted(List.of("id", "width"), "price"), Task.REGRESSION),
                    HADOOP))
        .withMessageContaining("row 4, column width: the label is missing");
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTraining(
                    settings(file, counted(List.of("id", "colour"), "price"), Task.REGRESSION),
                    HADOOP))
        .withMessageContaining("column colour: is of texts, but targets are numbers");
  }

  @Test
  void datesAndDecimalsInBytesAreNumbers() {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message rows {
              required int32 y;
              optional int32 day (DATE);
              required fixed_len_byte_array(9) fixed (DECIMAL(20, 2));
              required binary bytes (DECIMAL(38, 3));
            }
            """);
    String file =
        write(
            schema,
            CompressionCodecName.SNAPPY,
            20,
            (row, i) ->
                row.append("y", i % 2)
                    .append("day", (int) LocalDate.of(2024, 2, 1 + i).toEpochDay())
                    .append("fixed", Binary.fromConstantByteArray(fixed(-125 * i)))
                    .append("bytes", bytes(1_000_001L * i)));
    TrainingData data =
        DataLoader.loadTraining(
            settings(file, counted("y", "day", "fixed", "bytes"), Task.CLASSIFICATION), HADOOP);
    for (int i = 0; i < data.train().size(); i++) {
      float[] row = features(data.train(), i);
      int number = (int) row[0] - 19_754;
      assertThat(data.train().label(i)).isEqualTo(number % 2);
      float product = Float.parseFloat("%d000.%03d".formatted(number, number));
      assertThat(row).containsExactly(19_754 + number, 0 - 1.25f * number, product);
    }
    refuses(
        write(
            MessageTypeParser.parseMessageType(
                "message rows { required int32 y; required fixed_len_byte_array(20) x (DECIMAL(40, 2)); }"),
            CompressionCodecName.SNAPPY,
            3,
            (row, i) -> row.append("y", i).append("x", Binary.fromConstantByteArray(new byte[20]))),
        counted("y", "x"),
        "column x: is of type required fixed_len_byte_array(20) x (DECIMAL(40,2))");
  }

  private static byte[] fixed(long number) {
    return ByteBuffer.allocate(9).put((byte) (number >> 63)).putLong(number).array();
  }

  private static Binary bytes(long number) {
    return Binary.fromConstantByteArray(BigInteger.valueOf(number).toByteArray());
  }

  private static TableSettings counted(String label, String... features) {
    return counted(List.of(label), features);
  }

  private static TableSettings counted(List<String> labels, String... features) {
    return new TableSettings(
        labels,
        List.of(features),
        List.of(),
        List.of(),
        Classes.COUNTED,
        Missing.REFUSED,
        Scaling.NONE);
  }

  @Test
  void namesRowAndColumnOfWhatItCannotUse() {
    String file = write(SCHEMA, CompressionCodecName.SNAPPY, 8, ParquetFormatTest::row);
    refuses(
        file,
        table("kind", List.of("width"), List.of(), Missing.REFUSED),
        "row 4, column width: the value is missing; data.missing says");
    refuses(
        file,
        table("kind", List.of("colour"), List.of(), MEAN),
        "column colour: is of texts; data.columns.categorical takes these");
    refuses(
        file,
        table("kind", List.of("bought"), List.of(), MEAN),
        "column bought: is of type optional int64 bought (TIMESTAMP(MILLIS,true)), of which no features");
    refuses(
        file,
        table("kind", List.of("none"), List.of(), MEAN),
        "data.columns.features = none: there is no such column among id, width, colour");
    refuses(
        file,
        table("width", List.of("price"), List.of(), MEAN),
        "row 2, column width: label 0.25: must be a whole number");
    refuses(file, TableSettings.NONE, "data.columns.label: must be set, as data.format = parquet");
    MessageType nested =
        MessageTypeParser.parseMessageType(
            """
            message m {
              required int32 y;
              required group x { required float a; required float b; }
              required group one { required float a; }
              required group m (MAP) { repeated group key_value { required int32 key; } }
              required float z;
            }
            """);
    String structures =
        write(
            nested,
            CompressionCodecName.SNAPPY,
            3,
            (row, i) -> {
              row.append("y", i).append("z", i / 2f);
              row.addGroup("x").append("a", 1f).append("b", 2f);
              row.addGroup("one").append("a", 1f);
              Group map = row.addGroup("m");
              for (int k = 0; k <= i; k++) {
                map.addGroup("key_value").append("key", k);
              }
            });
    for (String name : List.of("x", "one", "m")) {
      refuses(
          structures,
          table("y", List.of("z", name), List.of(), MEAN),
          "column " + name + ": is nested, but no list of numbers, at most 3 deep; leave it out");
    }
    read(structures, table("y", List.of("z"), List.of(), MEAN));
  }

  @Test
  void truthValuesAreClasses() {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required boolean y; required float x; }");
    String file =
        write(
            schema,
            CompressionCodecName.UNCOMPRESSED,
            12,
            (row, i) -> row.append("y", i % 3 == 0).append("x", (float) i));
    DataSettings settings = settings(file, counted("y", "x"));
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.classes()).isEqualTo(2);
    Examples test = DataLoader.loadTest(settings, data.form(), HADOOP).examples();
    for (int i = 0; i < 12; i++) {
      assertThat(test.label(i)).isEqualTo(features(test, i)[0] % 3 == 0 ? 1 : 0);
    }
  }

  /** As pyarrow writes them; see save_parquet.py. */
  @Test
  void whatTheLibraryDoesNotKnowIsNoDamage() throws IOException {
    String[][] files = {
      {
        "split-whole-numbers.parquet",
        "has numbers of type INT64 in the encoding BYTE_STREAM_SPLIT, which is not read here"
      },
      {
        "halves.parquet",
        "the file is damaged, or has a column of a type that is not known here, as 16-bit floats"
      }
    };
    for (String[] file : files) {
      Path path = folder.resolve(file[0]);
      try (InputStream in = ParquetFormatTest.class.getResourceAsStream(file[0])) {
        Files.copy(in, path);
      }
      refuses(path.toString(), counted("y", "x"), file[0] + ": " + file[1]);
    }
  }

  @Test
  void refusesWhatIsNoParquet() throws IOException {
    for (String text : List.of("", "PAR1", "a,b\n1,2\n", "PAR1\0\0\0\0PAR1")) {
      Path file = Files.writeString(folder.resolve("x.parquet"), text);
      refuses(
          file.toString(),
          table("kind", List.of(), List.of(), MEAN),
          "x.parquet: the file is damaged or no Parquet: ");
    }
  }

  @Test
  void refusesMoreRowsThanTheFileCanHold() {
    BlockMetaData group = new BlockMetaData();
    group.setRowCount(20_000_000);
    assertThat(ParquetTable.problem(List.of(group), List.of(), 1, 1000)).isEmpty();
    assertThat(ParquetTable.problem(List.of(group), List.of(), 2, 1000))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("a group of 20000000 rows of 2 numbers after 0 rows: must have 1"));
    group.setRowCount(Long.MAX_VALUE);
    assertThat(ParquetTable.problem(List.of(group), List.of(), 1, 1000)).isPresent();
    group.setRowCount(0);
    assertThat(ParquetTable.problem(List.of(group), List.of(), 1, 1000)).isPresent();
  }

  @Test
  void refusesPagesThatAreLongerThanTheFile() throws IOException {
    Path path = Path.of(write(SCHEMA, CompressionCodecName.SNAPPY, 20, ParquetFormatTest::row));
    byte[] file = Files.readAllBytes(path);
    List<ColumnChunkMetaData> columns;
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetBytes(file))) {
      columns = reader.getRowGroups().get(0).getColumns();
    }
    for (ColumnChunkMetaData column : columns) {
      byte[] longer = withLongPage(file, column);

      assertThat(
              ParquetPageSizes.problem(longer, List.of(group(columns)), Set.of(column.getPath())))
          .get(STRING)
          .startsWith(
              "column " + column.getPath().toDotString() + ": a page of 1900000000 bytes before");
      assertThat(ParquetPageSizes.problem(file, List.of(group(columns)), Set.of(column.getPath())))
          .isEmpty();
    }
    Path damaged = folder.resolve("damaged");
    ColumnChunkMetaData label =
        columns.stream()
            .filter(column -> column.getPath().toDotString().equals("kind"))
            .findFirst()
            .orElseThrow();
    Files.write(damaged, withLongPage(file, label));
    refuses(damaged.toString(), MEAN_OF_ALL, "a page of 1900000000 bytes before the last");
  }

  /** A file whose first page of a column says that it has nearly two gigabytes. */
  private static byte[] withLongPage(byte[] file, ColumnChunkMetaData column) throws IOException {
    int start = (int) column.getStartingPos();
    PageHeader header =
        Util.readPageHeader(new ByteArrayInputStream(file, start, file.length - start));
    header.setCompressed_page_size(1_900_000_000);
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    Util.writePageHeader(header, longer);
    byte[] damaged = file.clone();
    System.arraycopy(longer.toByteArray(), 0, damaged, start, longer.size());
    return damaged;
  }

  private static BlockMetaData group(List<ColumnChunkMetaData> columns) {
    BlockMetaData group = new BlockMetaData();
    columns.forEach(group::addColumn);
    return group;
  }

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    byte[] good =
        Files.readAllBytes(
            Path.of(write(SCHEMA, CompressionCodecName.SNAPPY, 20, ParquetFormatTest::row)));
    Mutations.read(good, folder.resolve("mutated"), file -> read(file.toString(), MEAN_OF_ALL));
  }

  private static final String LISTS =
      """
      message rows {
        required int32 y;
        optional group x (LIST) { repeated group list { optional %s element; } }
        required float z;
        repeated int32 tags;
      }
      """;

  /** Row i has i, i + 1, … with the seventh left out where {@code hole} says so. */
  private String lists(String type, int rows, int length, int hole) {
    return write(
        MessageTypeParser.parseMessageType(LISTS.formatted(type)),
        CompressionCodecName.SNAPPY,
        rows,
        (row, i) -> {
          row.append("y", i % 2).append("z", i / 2f);
          Group list = row.addGroup("x");
          for (int k = 0; k < length; k++) {
            Group element = list.addGroup("list");
            if (i * length + k != hole) {
              append(element, type, i + k);
            }
          }
          for (int k = 0; k < i % 3; k++) {
            row.append("tags", k);
          }
        });
  }

  private static void append(Group element, String type, int value) {
    switch (type) {
      case "double" -> element.append("element", (double) value);
      case "float" -> element.append("element", (float) value);
      case "int64" -> element.append("element", (long) value);
      default -> element.append("element", value);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float", "double", "int32", "int64"})
  void aListOfNumbersIsAnInputByItself(String type) {
    TrainingData data =
        DataLoader.loadTraining(settings(lists(type, 500, 6, -1), counted("y", "x")), HADOOP);
    assertThat(data.preparation().columns()).isEmpty();
    assertThat(data.shape()).isEqualTo(new ExampleShape(6, 1, 1));
    assertThat(data.divisor()).isEqualTo(1);
    for (int i = 0; i < data.train().size(); i++) {
      float[] row = features(data.train(), i);
      assertThat(row)
          .containsExactly(row[0], row[0] + 1, row[0] + 2, row[0] + 3, row[0] + 4, row[0] + 5);
      assertThat(data.train().label(i)).isEqualTo((int) row[0] % 2);
    }
    assertThat(
            DataLoader.loadTest(
                    settings(lists(type, 500, 6, -1), counted("y", "x")), data.form(), HADOOP)
                .examples()
                .size())
        .isEqualTo(500);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings(lists(type, 500, 5, -1), counted("y", "x")), data.form(), HADOOP))
        .withMessageContaining("has examples of 5×1×1, those of the training data are 6×1×1");
  }

  @Test
  void unsignedBytesInListsAreDividedAsArraysAre() {
    String file = lists("int32", 20, 6, -1);
    assertThat(DataLoader.loadTraining(settings(file, counted("y", "x")), HADOOP).divisor())
        .isOne();
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 y; required group x (LIST) { repeated int32 array (INTEGER(8,false)); } }");
    String bytes =
        write(
            schema,
            CompressionCodecName.GZIP,
            20,
            (row, i) -> {
              Group list = row.append("y", i % 2).addGroup("x");
              for (int k = 0; k < 4; k++) {
                list.append("array", 60 * k + i);
              }
            });
    TrainingData data = DataLoader.loadTraining(settings(bytes, counted("y", "x")), HADOOP);
    assertThat(data.divisor()).isEqualTo(255);
    float[] row = features(data.train(), 3);
    assertThat(row).containsExactly(row[0], row[0] + 60, row[0] + 120, row[0] + 180);
  }

  @Test
  void listsOfListsAreImages() {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message m {
              required int32 y;
              required group x (LIST) { repeated group list { required group element (LIST) {
                repeated group list { required group element (LIST) {
                  repeated group list { required float element; } } } } } }
            }
            """);
    for (int ragged : new int[] {-1, 7}) {
      String file =
          write(
              schema,
              CompressionCodecName.SNAPPY,
              40,
              (row, i) -> {
                Group image = row.append("y", i % 2).addGroup("x");
                for (int c = 0; c < 2; c++) {
                  Group channel = image.addGroup("list").addGroup("element");
                  // As many numbers in all, in rows that differ.
                  for (int h = 0; h < 3; h++) {
                    Group line = channel.addGroup("list").addGroup("element");
                    int width = i == ragged ? new int[] {3, 5, 4}[h] : 4;
                    for (int w = 0; w < width; w++) {
                      line.addGroup("list").append("element", i + 100f * c + 10 * h + w);
                    }
                  }
                }
              });
      if (ragged >= 0) {
        refuses(
            file,
            counted("y", "x"),
            "row 8, column x: has a list of another form than the others, of 24 numbers");
        continue;
      }
      TrainingData data = DataLoader.loadTraining(settings(file, counted("y", "x")), HADOOP);
      assertThat(data.shape()).isEqualTo(new ExampleShape(2, 3, 4));
      float[] row = features(data.train(), 5);
      for (int c = 0; c < 2; c++) {
        for (int h = 0; h < 3; h++) {
          for (int w = 0; w < 4; w++) {
            assertThat(row[c * 12 + h * 4 + w]).isEqualTo(row[0] + 100f * c + 10 * h + w);
          }
        }
      }
    }
  }

  /** With others, or where they are standardized, each number is a column. */
  @Test
  void listsAndValuesAreFeaturesTogether() {
    String file = lists("double", 300, 3, 6 * 3 + 1);
    TableSettings table =
        new TableSettings(
            List.of("y"),
            List.of("z", "x"),
            List.of(),
            List.of(),
            Classes.COUNTED,
            MEAN,
            Scaling.STANDARD);
    TrainingData data = DataLoader.loadTraining(settings(file, table), HADOOP);
    assertThat(data.preparation().columns())
        .extracting(Column::name)
        .containsExactly("z", "x[0]", "x[1]", "x[2]");
    float[] row = new float[4];
    for (int i = 0; i < data.train().size(); i++) {
      data.train().copyRow(i, row);
      assertThat(row[1]).isEqualTo(2 * row[0]);
      assertThat(Float.compare(row[2], row[0] == 3 ? Float.NaN : 2 * row[0] + 1)).isZero();
      assertThat(row[3]).isEqualTo(2 * row[0] + 2);
    }
    TestData test = DataLoader.loadTest(settings(file, table), data.form(), HADOOP);
    assertThat(features(test.examples(), 299)).hasSize(4);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                DataLoader.loadTest(
                    settings(lists("double", 300, 4, -1), table), data.form(), HADOOP))
        .withMessageContaining("has 5 features in columns z, x, not the 4 of the training data");
    TrainingData targets =
        DataLoader.loadTraining(
            settings(lists("float", 50, 2, -1), counted(List.of("x", "z"), "y"), Task.REGRESSION),
            HADOOP);
    assertThat(targets.outputs()).isEqualTo(3);
    float[] target = new float[3];
    targets.train().copyTarget(4, target, 0);
    assertThat(target).containsExactly(2 * target[2], 2 * target[2] + 1, target[2]);
  }

  @Test
  void listsThatCannotBeFeaturesAreRefused() {
    String file = lists("float", 50, 4, 17);
    refuses(file, counted("y", "x"), "row 5, column x: the value is missing; data.missing says");
    refuses(file, counted("y", "tags"), "column tags: has lists of different lengths, or none");
    refuses(file, counted("x", "z"), "has 4 labels a row: must be one");
    refuses(
        file,
        table("y", List.of("x"), List.of("x"), MEAN),
        "column x has lists of numbers, no categories");
    MessageType schema = MessageTypeParser.parseMessageType(LISTS.formatted("float"));
    // As many numbers as rows: some lists have two, some none.
    String uneven =
        write(
            schema,
            CompressionCodecName.SNAPPY,
            20,
            (row, i) -> {
              Group list = row.append("y", i % 2).append("z", 0f).addGroup("x");
              for (int k = 0; k < (i % 2 == 0 ? 2 : 0); k++) {
                list.addGroup("list").append("element", 1f);
              }
            });
    refuses(uneven, counted("y", "x"), "column x: has lists of different lengths, or none");
    String missing =
        write(
            schema,
            CompressionCodecName.SNAPPY,
            20,
            (row, i) -> {
              row.append("y", i % 2).append("z", 0f);
              if (i != 3) {
                row.addGroup("x").addGroup("list").append("element", 1f);
              }
            });
    refuses(missing, counted("y", "x"), "row 4, column x: has no list, or an empty one");
  }

  @Test
  void mutatedFilesOfListsAreReadOrRefused() throws IOException {
    byte[] good = Files.readAllBytes(Path.of(lists("float", 20, 5, -1)));
    Mutations.read(
        good,
        folder.resolve("mutated"),
        file -> {
          read(file.toString(), counted("y", "x"));
          read(file.toString(), counted("y", "z", "x"));
        });
  }

  private static final Missing MEAN = new Missing(Missing.Kind.MEAN, 0);
  private static final TableSettings MEAN_OF_ALL =
      new TableSettings(
          "kind",
          List.of(),
          List.of("id", "bought"),
          List.of("colour"),
          Classes.NAMED,
          MEAN,
          Scaling.NONE);

  private static TableSettings table(
      String label, List<String> features, List<String> categorical, Missing missing) {
    return new TableSettings(
        label, features, List.of(), categorical, Classes.NAMED, missing, Scaling.NONE);
  }

  private static DataSettings settings(String file, Missing missing) {
    return settings(
        file,
        new TableSettings(
            "kind",
            List.of(),
            List.of("id", "bought"),
            List.of("colour"),
            Classes.NAMED,
            missing,
            Scaling.NONE));
  }

  private static DataSettings settings(String file, TableSettings table) {
    return settings(file, table, Task.CLASSIFICATION);
  }

  static DataSettings settings(String file, TableSettings table, Task task) {
    DataSettings.Files files = new DataSettings.Files(file, null);
    return new DataSettings(
        "parquet",
        files,
        null,
        files,
        PLAIN_CSV,
        null,
        1,
        7,
        null,
        table,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        task);
  }

  private static void read(String file, TableSettings table) {
    DataSettings settings = settings(file, table);
    new ParquetFormat()
        .read(
            new DataSource(
                "data.train",
                settings,
                settings.train(),
                table.classes() == Classes.NAMED ? ClassLabels.named() : ClassLabels.ofTraining(),
                TableColumns.ofTraining(table),
                HADOOP));
  }

  private static void refuses(String file, TableSettings table, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> read(file, table))
        .withMessageContaining(message);
  }

  private String write(
      MessageType schema,
      CompressionCodecName codec,
      int rows,
      BiConsumer<Group, Integer> filling) {
    Path file = folder.resolve(codec + "-" + rows + ".parquet");
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), HADOOP))
            .withType(schema)
            .withCompressionCodec(codec)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withRowGroupSize(1L << 14)
            .withPageSize(1 << 10)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = groups.newGroup();
        filling.accept(row, i);
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }
}
