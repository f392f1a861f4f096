package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import dev.pare.data.TableSettings.Classes;
import dev.pare.data.TableSettings.Missing;
import dev.pare.data.TableSettings.Scaling;
import dev.pare.prepare.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        MessageTypeParser.parseMessageType("message m { required int32 y; repeated int32 x; }");
    refuses(
        write(
            nested, CompressionCodecName.SNAPPY, 3, (row, i) -> row.append("y", i).append("x", i)),
        table("y", List.of("x"), List.of(), MEAN),
        "column x: is nested; leave it out");
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
    assertThat(ParquetTable.problem(List.of(group), 1, 1000)).isEmpty();
    assertThat(ParquetTable.problem(List.of(group), 2, 1000))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("a group of 20000000 rows of 2 columns after 0 rows: must have 1"));
    group.setRowCount(Long.MAX_VALUE);
    assertThat(ParquetTable.problem(List.of(group), 1, 1000)).isPresent();
    group.setRowCount(0);
    assertThat(ParquetTable.problem(List.of(group), 1, 1000)).isPresent();
  }

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    byte[] good =
        Files.readAllBytes(
            Path.of(write(SCHEMA, CompressionCodecName.SNAPPY, 20, ParquetFormatTest::row)));
    Mutations.read(good, folder.resolve("mutated"), file -> read(file.toString(), MEAN_OF_ALL));
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

  private static DataSettings settings(String file, TableSettings table, Task task) {
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
