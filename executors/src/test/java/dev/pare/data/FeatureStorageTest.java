package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.idx;
import static dev.pare.data.TestFiles.write;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Examples are the same whether they are on the heap, on the local disk, or some here, some there.
 */
class FeatureStorageTest {
  private static final int FILES = 3;
  private static final int COUNT = 40;
  private static final int SIDE = 3;
  private static final int FEATURES = SIDE * SIDE;

  @TempDir private Path folder;

  private enum Kind {
    IDX_BYTES("idx", 1),
    IDX_FLOATS("idx", 4),
    NUMPY_BYTES("numpy", 1),
    NUMPY_FLOATS("numpy", 4),
    NUMPY_BYTES_IN_FORTRAN_ORDER("numpy", 1),
    NUMPY_FLOATS_IN_FORTRAN_ORDER("numpy", 4),
    CSV("csv", 4),
    TEXT("text", 1),
    PARQUET("parquet", 4);

    private final String format;
    private final int bytes;

    Kind(String format, int bytes) {
      this.format = format;
      this.bytes = bytes;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whereFeaturesAreChangesNothing(Kind kind) {
    SplittableRandom random = TestSeed.random();
    for (int file = 0; file < FILES; file++) {
      writeFile(kind, file, random);
    }
    LoadedExamples onHeap = read(kind, Long.MAX_VALUE);
    assertThat(onHeap.raw().size()).isEqualTo(FILES * COUNT);
    assertThat(onHeap.raw().diskBytes()).isZero();
    long all = (long) FILES * COUNT * FEATURES * kind.bytes;
    // Whatever there is, an array begins with 1024 values.
    long some = 1024L * kind.bytes;
    for (long limit : new long[] {0, some - 1, some, 2 * some, random.nextLong(4 * all)}) {
      LoadedExamples read = read(kind, limit);
      same(onHeap.raw(), read.raw());
      assertThat(read.raw().areBytes()).isEqualTo(kind.bytes == 1);
      assertThat(read.source().digest()).isEqualTo(read(kind, Long.MAX_VALUE).source().digest());
      assertThat(read.raw().diskBytes()).isIn(0L, all / 3, 2 * all / 3, all);
      if (limit < some) {
        assertThat(read.raw().diskBytes()).isEqualTo(all);
        // The labels of files, and those of all.
        assertThat(read.raw().bytes()).isEqualTo(2L * FILES * COUNT * Integer.BYTES);
      }
    }
  }

  /** They are one after the other in one file: there is one list of them. */
  @Test
  void imagesMayBeOnDiskToo() throws IOException {
    byte[] image = FeatureStorageTest.class.getResourceAsStream("images/rgb.png").readAllBytes();
    for (String name : List.of("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, image);
    }
    ExampleShape shape = new ExampleShape(3, 20, 20);
    Examples onHeap = read("images", folder.toString(), null, shape, Long.MAX_VALUE).raw();
    Examples onDisk = read("images", folder.toString(), null, shape, 2000).raw();
    same(onHeap, onDisk);
    assertThat(onDisk.diskBytes()).isEqualTo(4 * 1200);
  }

  /** Where there is no more room for arrays, whatever is taken and given back. */
  @Test
  void takesNoMoreThanItsLimit() {
    FeatureStorage storage = new FeatureStorage(100);
    assertThat(storage.take(60)).isTrue();
    assertThat(storage.take(41)).isFalse();
    assertThat(storage.take(40)).isTrue();
    storage.release(60);
    assertThat(storage.take(60)).isTrue();
    assertThat(storage.take(1)).isFalse();
  }

  @Test
  void filesHaveNoNames() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    FeatureStorage storage = new FeatureStorage(0);
    GrowingBytes bytes = new GrowingBytes(storage);
    bytes.add(new byte[] {1, 2, 3, 4}, 0, 4);
    assertThat(names(temporary)).noneMatch(name -> name.startsWith("pare-examples"));
    Examples examples = bytes.toExamples(2, new int[] {0, 1}, 2);
    assertThat(features(examples, 1)).containsExactly(3, 4);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> features(examples, 2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> features(examples, -1));
    GrowingFloats more = new GrowingFloats(storage);
    more.addRow(2);
    more.set(2, 5.5f);
    more.set(1, 6);
    Examples others = more.toExamples(1, new int[] {0, 1}, 2);
    assertThat(features(examples, 0)).containsExactly(1, 2);
    assertThat(features(others, 0)).containsExactly(5.5f);
    assertThat(features(others, 1)).containsExactly(6);
  }

  /** Files have buffers of 1 MiB, and many threads read at once. */
  @Test
  void manyThreadsReadWhatWasWrittenInAnyPieces() {
    SplittableRandom random = TestSeed.random();
    int features = 7919;
    int[] labels = new int[700];
    byte[] bytes = new byte[features * labels.length];
    random.nextBytes(bytes);
    LocalFile file = LocalFile.create();
    file.write(new byte[] {1, 2, 3}, 0, 3);
    for (int done = 0; done < bytes.length; ) {
      int some = Math.min(random.nextInt(1 << 21), bytes.length - done);
      file.write(bytes, done, some);
      done += some;
    }
    Examples onHeap = new ByteExamples(bytes, features, labels, 2);
    Examples onDisk =
        new DiskExamples(file, 3, DiskExamples.Type.UNSIGNED_BYTE, features, labels, 2);
    IntStream.range(0, 4 * labels.length)
        .parallel()
        .map(i -> i % labels.length)
        .forEach(i -> assertThat(features(onDisk, i)).isEqualTo(features(onHeap, i)));
    // A task that is stopped stops no other.
    Thread.currentThread().interrupt();
    assertThat(features(onDisk, 5)).isEqualTo(features(onHeap, 5));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(features(onDisk, 6)).isEqualTo(features(onHeap, 6));
    file.close();
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> features(onDisk, 6))
        .withMessageContaining("SPARK_LOCAL_DIRS names another folder");
  }

  @Test
  void theFolderIsWhereSparkHasItsOwn() {
    Path other = Path.of("other");
    assertThat(LocalFile.roomiest(Map.of(), other)).isEqualTo(other);
    assertThat(LocalFile.roomiest(Map.of("SPARK_LOCAL_DIRS", "/no/such/folder"), other))
        .isEqualTo(other);
    Map<String, String> both =
        Map.of("SPARK_LOCAL_DIRS", "/tmp", "LOCAL_DIRS", " ,/no/such," + folder);
    assertThat(LocalFile.roomiest(both, other)).isEqualTo(folder);
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void same(Examples expected, Examples read) {
    assertThat(read.size()).isEqualTo(expected.size());
    for (int i = 0; i < read.size(); i++) {
      assertThat(features(read, i)).isEqualTo(features(expected, i));
      assertThat(read.label(i)).isEqualTo(expected.label(i));
    }
  }

  private LoadedExamples read(Kind kind, long limit) {
    boolean apart = kind.format.equals("idx") || kind.format.equals("numpy");
    return read(
        kind.format,
        folder + "/features*",
        apart ? folder + "/labels*" : null,
        kind == Kind.TEXT ? new ExampleShape(1, FEATURES, 1) : null,
        limit);
  }

  private static LoadedExamples read(
      String format,
      String features,
      @Nullable String labels,
      @Nullable ExampleShape shape,
      long limit) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    TableSettings table =
        format.equals("parquet")
            ? new TableSettings(
                "kind",
                List.of(),
                List.of(),
                List.of(),
                TableSettings.Classes.COUNTED,
                TableSettings.Missing.REFUSED,
                TableSettings.Scaling.NONE)
            : TableSettings.NONE;
    DataSettings settings =
        new DataSettings(
            format,
            files,
            null,
            files,
            PLAIN_CSV,
            shape,
            1,
            7,
            null,
            table,
            Shares.NONE,
            DataSettings.ClassWeights.NONE,
            Task.CLASSIFICATION);
    boolean named = format.equals("text") || format.equals("images");
    return LoadedExamples.of(
        new DataSource(
            "data.train",
            settings,
            files,
            named ? ClassLabels.named() : ClassLabels.ofTraining(),
            TableColumns.ofTraining(table),
            HADOOP,
            new FeatureStorage(limit)));
  }

  private void writeFile(Kind kind, int number, SplittableRandom random) {
    byte[] values = new byte[COUNT * FEATURES];
    byte[] labels = new byte[COUNT];
    for (int i = 0; i < values.length; i++) {
      // No line ends nor tabs, for texts.
      values[i] = (byte) random.nextInt(32, kind == Kind.TEXT ? 127 : 256);
    }
    for (int i = 0; i < COUNT; i++) {
      labels[i] = (byte) (i % 3);
    }
    switch (kind) {
      case IDX_BYTES, IDX_FLOATS -> {
        int[] shape = {COUNT, SIDE, SIDE};
        boolean bytes = kind == Kind.IDX_BYTES;
        write(
            folder,
            "features" + number,
            bytes ? idx(shape, values) : idx(0x0D, shape, floats(values, true)));
        write(folder, "labels" + number, idx(new int[] {COUNT}, labels));
      }
      case NUMPY_BYTES, NUMPY_BYTES_IN_FORTRAN_ORDER ->
          writeNumpy(number, "|u1", kind == Kind.NUMPY_BYTES_IN_FORTRAN_ORDER, values, labels);
      case NUMPY_FLOATS, NUMPY_FLOATS_IN_FORTRAN_ORDER ->
          writeNumpy(
              number,
              "<f4",
              kind == Kind.NUMPY_FLOATS_IN_FORTRAN_ORDER,
              floats(values, false),
              labels);
      case CSV -> write(folder, "features" + number, lines(values, labels));
      case TEXT -> {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
          lines.append((char) ('a' + labels[i])).append('\t');
          for (int j = 0; j < FEATURES; j++) {
            lines.append((char) values[i * FEATURES + j]);
          }
          lines.append('\n');
        }
        write(folder, "features" + number, lines.toString());
      }
      case PARQUET -> writeParquet(number, values, labels);
    }
  }

  private static byte[] floats(byte[] values, boolean bigEndian) {
    ByteBuffer floats = ByteBuffer.allocate(values.length * Float.BYTES);
    floats.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (byte value : values) {
      floats.putFloat(value / 7f);
    }
    return floats.array();
  }

  private void writeNumpy(int number, String type, boolean fortran, byte[] values, byte[] labels) {
    write(
        folder,
        "features" + number,
        npy(type, fortran, "(%d, %d, %d)".formatted(COUNT, SIDE, SIDE), values));
    write(folder, "labels" + number, npy("|u1", false, "(" + COUNT + ",)", labels));
  }

  private static byte[] npy(String type, boolean fortran, String shape, byte[] values) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(type, fortran ? "True" : "False", shape);
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + values.length);
    file.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93);
    file.put("NUMPY".getBytes(US_ASCII));
    file.put((byte) 1).put((byte) 0).putShort((short) header.length());
    file.put(header.getBytes(US_ASCII));
    return file.put(values).array();
  }

  private static String lines(byte[] values, byte[] labels) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < COUNT; i++) {
      for (int j = 0; j < FEATURES; j++) {
        lines.append(String.format(Locale.ROOT, "%.3f,", values[i * FEATURES + j] / 7.0));
      }
      lines.append(labels[i]).append('\n');
    }
    return lines.toString();
  }

  private void writeParquet(int number, byte[] values, byte[] labels) {
    StringBuilder fields = new StringBuilder("message m { required int32 kind; ");
    for (int j = 0; j < FEATURES; j++) {
      fields.append("required float x").append(j).append("; ");
    }
    MessageType schema = MessageTypeParser.parseMessageType(fields.append("}").toString());
    Path file = folder.resolve("features" + number);
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), HADOOP))
            .withType(schema)
            .build()) {
      for (int i = 0; i < COUNT; i++) {
        Group row = groups.newGroup().append("kind", (int) labels[i]);
        for (int j = 0; j < FEATURES; j++) {
          row.append("x" + j, values[i * FEATURES + j] / 7f);
        }
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
