package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parquet files whose numbers could be taken for others, or ask for more room than they fill. */
class ParquetHostileTest {
  private static final int ROWS = 2000;

  @TempDir private Path folder;

  @Test
  void numbersWithoutASignAreNotNegative() {
    String schema =
        """
        message m {
          required int32 y;
          required int32 a (INTEGER(32, false));
          required int64 b (INTEGER(64, false));
          required int32 c (INTEGER(16, false));
          required int32 d (INTEGER(32, true));
        }
        """;
    BiConsumer<Group, Integer> filling =
        (row, i) ->
            row.append("y", i % 2)
                .append("a", (int) (3_000_000_000L + 1024 * i))
                .append("b", -1L - i)
                .append("c", 60_000 + i)
                .append("d", -7 - i);
    String file = write("a.parquet", WriterVersion.PARQUET_1_0, schema, filling);
    TrainingData data = load(file, Task.CLASSIFICATION, "y", List.of("a", "b", "c", "d"));
    for (int i = 0; i < data.train().size(); i++) {
      float[] row = features(data.train(), i);
      int number = (int) row[2] - 60_000;
      assertThat(row).containsExactly(3e9f + 1024 * number, 0x1p64f, 60_000 + number, -7 - number);
    }
    assertThat(data.preparation().columns()).hasSize(4);
    float[] target = new float[1];
    load(file, Task.REGRESSION, "a", List.of("c")).train().copyTarget(0, target, 0);
    assertThat(target[0]).isGreaterThanOrEqualTo(3e9f);
    TableSettings named =
        new TableSettings(
            List.of("a"),
            List.of("c"),
            List.of(),
            List.of(),
            TableSettings.Classes.NAMED,
            TableSettings.Missing.REFUSED,
            TableSettings.Scaling.NONE);
    String few =
        write(
            "b.parquet",
            WriterVersion.PARQUET_1_0,
            schema,
            (row, i) ->
                row.append("y", 0)
                    .append("a", i % 2 - 2)
                    .append("b", 1L)
                    .append("c", i)
                    .append("d", i));
    assertThat(
            DataLoader.loadTraining(
                    ParquetFormatTest.settings(few, named, Task.CLASSIFICATION), HADOOP)
                .preparation()
                .classes())
        .containsExactly("4294967294", "4294967295");
  }

  @Test
  void columnsAreOfDatesInAllFilesOrInNone() {
    String schema = "message m { required int32 y; required int32 day%s; }";
    BiConsumer<Group, Integer> filling = (row, i) -> row.append("y", i % 2).append("day", i);
    write("a.parquet", WriterVersion.PARQUET_1_0, schema.formatted(" (DATE)"), filling);
    write("b.parquet", WriterVersion.PARQUET_1_0, schema.formatted(""), filling);
    refuses(
        folder.toString(),
        "day",
        "b.parquet: column day: is none of dates, but one in the files before");
    write("b.parquet", WriterVersion.PARQUET_1_0, schema.formatted(" (DATE)"), filling);
    load(folder.toString(), Task.CLASSIFICATION, "y", List.of("day"));
  }

  /** Version 2 writes differences, and levels and values apart. */
  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void pagesOfEachVersionAreReadWithTheirNulls(WriterVersion version) {
    String file =
        write(
            "a.parquet",
            version,
            """
            message m {
              required int32 y;
              optional int64 number;
              optional binary text (STRING);
              optional boolean truth;
              optional binary varied (STRING);
              required group list (LIST) { repeated group list { required int32 element; } }
            }
            """,
            (row, i) -> {
              row.append("y", i % 2);
              if (i % 5 != 0) {
                row.append("number", 1000L * i - i % 13).append("truth", i % 3 == 0);
                row.append("text", "t" + i % 7).append("varied", "common" + i * 7919 % ROWS);
              }
              Group list = row.addGroup("list");
              for (int k = 0; k < 3; k++) {
                list.addGroup("list").append("element", i * k);
              }
            });
    TableSettings table =
        new TableSettings(
            List.of("y"),
            List.of("number", "text", "truth", "varied", "list"),
            List.of(),
            List.of("text", "varied"),
            TableSettings.Classes.COUNTED,
            new TableSettings.Missing(TableSettings.Missing.Kind.CONSTANT, -1),
            TableSettings.Scaling.NONE);
    TrainingData data =
        DataLoader.loadTraining(
            ParquetFormatTest.settings(file, table, Task.CLASSIFICATION), HADOOP);
    int seen = 0;
    for (int i = 0; i < data.train().size(); i++) {
      float[] row = features(data.train(), i);
      int id = (int) row[row.length - 2];
      boolean missing = id % 5 == 0;
      assertThat(row[0]).isEqualTo(missing ? -1 : 1000f * id - id % 13);
      assertThat(row[1 + id % 7]).isEqualTo(missing ? 0 : 1);
      assertThat(row[row.length - 1]).isEqualTo(2f * id);
      assertThat(data.train().label(i)).isEqualTo(id % 2);
      seen++;
    }
    assertThat(seen).isEqualTo(ROWS - 1);
  }

  @Test
  @Timeout(10)
  void countsThatPagesDoNotHoldAreRefusedBeforeThereIsRoomForThem() throws IOException {
    byte[] large = number(60_000_000L << 1 | 1);
    byte[] block = bytes(number(128), number(4));
    String run = "a run of 480000000 values in a page of 2000";
    refused(
        "required int64 x",
        bytes(block, number(500_000_000), number(0), new byte[200]),
        Encoding.DELTA_BINARY_PACKED,
        "a list of 500000000 values in a page of 2000");
    refused(
        "required int64 x",
        bytes(number(1 << 30), number(1 << 27), number(ROWS), number(0), new byte[200]),
        Encoding.DELTA_BINARY_PACKED,
        "blocks of 1073741824 values in 134217728 parts");
    refused(
        "optional double x",
        bytes(integer(large.length), large, new byte[8 * ROWS]),
        Encoding.PLAIN,
        run);
    refused("required boolean x", bytes(integer(large.length), large), Encoding.RLE, run);
    refused(
        "required binary x (STRING)",
        bytes(block, number(1), number(0), block, number(400_000_000), number(0)),
        Encoding.DELTA_BYTE_ARRAY,
        "a list of 400000000 values in a page of 2000");
    BytesInput two = BytesInput.from(new byte[16]);
    refused(
        "required double x",
        bytes(new byte[] {1}, large, new byte[20]),
        Encoding.RLE_DICTIONARY,
        run,
        new DictionaryPage(two, 16, 2, Encoding.PLAIN));
    refused(
        "required double x",
        bytes(new byte[] {1}, number(ROWS << 1), new byte[] {1}),
        Encoding.RLE_DICTIONARY,
        "a dictionary of 400000000 values in bytes 16",
        new DictionaryPage(two, 16, 400_000_000, Encoding.PLAIN));
  }

  /** As DuckDB fills its last block. */
  @Test
  void lastRunsMayBeFilledUp() throws IOException {
    byte[] block = new byte[1 + 256 / 8];
    Arrays.fill(block, (byte) 0b10101010);
    block[0] = 256 / 8 << 1 | 1;
    byte[][] blocks = new byte[9][];
    Arrays.fill(blocks, block);
    blocks[0] = new byte[] {1};
    byte[] values =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(5).putDouble(7).array();
    Path file =
        made(
            "required double x",
            bytes(blocks),
            Encoding.RLE_DICTIONARY,
            new DictionaryPage(BytesInput.from(values), 16, 2, Encoding.PLAIN));
    TrainingData data = load(file.toString(), Task.CLASSIFICATION, "y", List.of("x"));
    float[] x = new float[1];
    for (int i = 0; i < data.train().size(); i++) {
      data.train().copyFeatures(i, x, 0);
      assertThat(x[0]).isEqualTo(data.train().label(i) == 0 ? 5 : 7);
    }
  }

  /** In Thrift's compact protocol: field 1, a version of 1, and field 2, a list of structs. */
  @Test
  @Timeout(10)
  void listsThatFootersDoNotHoldAreRefusedBeforeThereIsRoomForThem() throws IOException {
    byte[] list = {0x15, 2, 0x19, (byte) 0xFC};
    for (long size : new long[] {100_000_000, 500_000_000, Integer.MAX_VALUE}) {
      footer(bytes(list, number(size)), "its footer has " + size + " values or characters in 0");
    }
    byte[] rowGroups = {0x15, 2, 0x19, 0x0C, 0x16, 0, 0x19, (byte) 0xFC};
    footer(bytes(rowGroups, number(500_000_000)), "its footer has 500000000 values");
    byte[] name = {0x15, 2, 0x19, 0x1C, 0x48};
    footer(bytes(name, number(90_000_000)), "its footer has 90000000 values or characters");
    byte[] nested = new byte[100_000];
    Arrays.fill(nested, (byte) 0x1C);
    footer(nested, "its footer is nested more than 64 levels deep");
    Arrays.fill(nested, (byte) 0x19);
    footer(nested, "its footer is nested more than 64 levels deep");
    footer(new byte[] {0x15, 2}, "its footer ends too early");
  }

  private void footer(byte[] struct, String message) throws IOException {
    byte[] magic = {'P', 'A', 'R', '1'};
    Path file = folder.resolve("footer.parquet");
    Files.write(file, bytes(magic, struct, integer(struct.length), magic));
    refuses(file.toString(), "x", message);
  }

  private void refused(
      String type, byte[] page, Encoding encoding, String message, DictionaryPage... dictionary)
      throws IOException {
    refuses(made(type, page, encoding, dictionary).toString(), "x", message);
  }

  private Path made(String type, byte[] page, Encoding encoding, DictionaryPage... dictionary)
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required int32 y; " + type + "; }");
    Path file = folder.resolve("made.parquet");
    ParquetFileWriter writer =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path(file), HADOOP),
            schema,
            ParquetFileWriter.Mode.OVERWRITE,
            1L << 27,
            0,
            64,
            64,
            false);
    writer.start();
    writer.startBlock(ROWS);
    ByteBuffer labels = ByteBuffer.allocate(4 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS; i++) {
      labels.putInt(i % 2);
    }
    List<ColumnDescriptor> columns = schema.getColumns();
    write(writer, columns.get(0), labels.array(), Encoding.PLAIN);
    write(writer, columns.get(1), page, encoding, dictionary);
    writer.endBlock();
    writer.end(Map.of());
    return file;
  }

  private static void write(
      ParquetFileWriter writer,
      ColumnDescriptor column,
      byte[] page,
      Encoding encoding,
      DictionaryPage... dictionary)
      throws IOException {
    writer.startColumn(column, ROWS, CompressionCodecName.UNCOMPRESSED);
    for (DictionaryPage before : dictionary) {
      writer.writeDictionaryPage(before);
    }
    Statistics<?> none = Statistics.createStats(column.getPrimitiveType());
    writer.writeDataPage(
        ROWS, page.length, BytesInput.from(page), none, ROWS, Encoding.RLE, Encoding.RLE, encoding);
    writer.endColumn();
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] integer(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** Seven bits a byte, the low ones first. */
  private static byte[] number(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long left = value;
    while (left >= 128) {
      bytes.write((int) (left & 127 | 128));
      left >>>= 7;
    }
    bytes.write((int) left);
    return bytes.toByteArray();
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  private String write(
      String name, WriterVersion version, String type, BiConsumer<Group, Integer> filling) {
    MessageType schema = MessageTypeParser.parseMessageType(type);
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    Path file = folder.resolve(name);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(path(file), HADOOP))
            .withType(schema)
            .withWriterVersion(version)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withPageSize(1 << 10)
            .withDictionaryPageSize(256)
            .build()) {
      for (int i = 0; i < ROWS; i++) {
        Group row = groups.newGroup();
        filling.accept(row, i);
        writer.write(row);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return file.toString();
  }

  private static TrainingData load(String file, Task task, String label, List<String> features) {
    TableSettings table =
        new TableSettings(
            label,
            features,
            List.of(),
            List.of(),
            TableSettings.Classes.COUNTED,
            TableSettings.Missing.REFUSED,
            TableSettings.Scaling.NONE);
    return DataLoader.loadTraining(ParquetFormatTest.settings(file, table, task), HADOOP);
  }

  private static void refuses(String file, String feature, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> load(file, Task.CLASSIFICATION, "y", List.of(feature)))
        .withMessageContaining(message);
  }
}
