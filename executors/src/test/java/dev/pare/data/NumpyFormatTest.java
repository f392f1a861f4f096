package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.pare.candidate.Task;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that NumPy has saved, see {@code save_arrays.py}: the numbers from 0 on. */
class NumpyFormatTest {
  @TempDir private Path folder;

  @BeforeEach
  void labels() {
    copy("labels.npy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u1",
        "i1",
        "i2",
        "u2",
        "i4",
        "u4",
        "i8",
        "f2",
        "f4",
        "f8",
        "fortran-f4",
        "fortran-u1"
      })
  void readsArraysOfAllTypesAndBothOrders(String name) {
    ShapedExamples read = read(copy(name + ".npy"), labelsFile());
    assertThat(read.shape()).isEqualTo(new ExampleShape(3, 2, 2));
    float unit = name.length() == 2 && name.startsWith("f") ? 0.25f : 1;
    for (int i = 0; i < 24; i++) {
      assertThat(features(read.examples(), i / 12)[i % 12]).isEqualTo(i * unit);
    }
    assertThat(read.usualDivisor()).isEqualTo(name.endsWith("u1") ? 255 : 1);
    assertThat(read.examples().label(0)).isEqualTo(1);
    assertThat(read.examples().label(1)).isZero();
  }

  @Test
  void readsTruthValuesAndHalves() {
    assertThat(features(read(copy("b1.npy"), labelsFile()).examples(), 1))
        .containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
    assertThat(features(read(copy("halves.npy"), labelsFile()).examples(), 1))
        .isEqualTo(features(read(copy("halves-as-f4.npy"), labelsFile()).examples(), 1));
  }

  @Test
  void ranksTwoToFourAreShapes() {
    String labels = copy("labels4.npy");
    assertThat(read(copy("rank2.npy"), labels).shape()).isEqualTo(new ExampleShape(6, 1, 1));
    assertThat(read(copy("rank3.npy"), labels).shape()).isEqualTo(new ExampleShape(1, 3, 2));
    assertThat(read(copy("f4.npy"), copy("column.npy")).examples().label(0)).isEqualTo(1);
  }

  @Test
  void targetsHaveOneNumberOrSeveral() {
    TrainingData several =
        DataLoader.loadTraining(
            settings(copy("rank3.npy"), copy("rank2.npy"), Task.REGRESSION), HADOOP);
    assertThat(several.outputs()).isEqualTo(6);
    float[] target = new float[6];
    several.train().copyTarget(1, target, 0);
    // Both arrays hold the same numbers.
    assertThat(target).isEqualTo(features(several.train(), 1));
    assertThat(
            DataLoader.loadTraining(
                    settings(copy("f4.npy"), copy("labels.npy"), Task.REGRESSION), HADOOP)
                .outputs())
        .isOne();
    for (String[] bad :
        new String[][] {
          {"texts.npy", "type <U: targets are numbers"},
          {"rank3.npy", "shape [4, 3, 2]: targets have one dimension or two"},
          {"nan.npy", "value NaN: is not a finite float"}
        }) {
      assertThatExceptionOfType(MalformedDataException.class)
          .isThrownBy(
              () ->
                  DataLoader.loadTraining(
                      settings(copy("f4.npy"), copy(bad[0]), Task.REGRESSION), HADOOP))
          .withMessageContaining(bad[1]);
    }
  }

  @Test
  void whatIsReconstructedNeedsNoLabels() {
    for (String name : List.of("f4.npy", "u1.npy", "compressed.npz")) {
      TrainingData data =
          DataLoader.loadTraining(settings(copy(name), null, Task.RECONSTRUCTION), HADOOP);
      assertThat(data.shape()).isEqualTo(new ExampleShape(3, 2, 2));
      assertThat(data.outputs()).isEqualTo(12);
      assertThat(data.classes()).isOne();
    }
  }

  private static DataSettings settings(String features, String labels, Task task) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    return new DataSettings(
        "numpy",
        files,
        null,
        files,
        PLAIN_CSV,
        null,
        1,
        7,
        null,
        TableSettings.NONE,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        task);
  }

  @Test
  void readsArraysOfArchivesByTheirNames() {
    String both = copy("both.npz");
    assertThat(features(read(both + "#x_train", both + "#y_train").examples(), 1)[0]).isEqualTo(12);
    assertThat(features(read(copy("compressed.npz"), labelsFile()).examples(), 1)[11])
        .isEqualTo(23);
    refuses(both, labelsFile(), "has arrays x_train, y_train and perhaps more; name one, as in");
    refuses(both + "#x", labelsFile(), "has no array x, but x_train, y_train");
  }

  /** As appending to an archive leaves them; NumPy reads the last one. */
  @Test
  void refusesAnArchiveWithSeveralArraysOfAName() throws IOException {
    String archive = new String(Files.readAllBytes(Path.of(copy("both.npz"))), ISO_8859_1);
    String twice =
        TestFiles.write(
            folder, "twice.npz", archive.replace("y_train", "x_train").getBytes(ISO_8859_1));
    refuses(twice + "#x_train", labelsFile(), "twice.npz: has several arrays x_train");
  }

  /** An archive may be large, and all of it packed a thousandfold. */
  @Test
  void whatIsBehindAnArrayIsNotDecompressed() throws IOException {
    byte[] archive = Files.readAllBytes(Path.of(copy("both.npz")));
    int second = new String(archive, ISO_8859_1).indexOf("y_train");
    archive[second + 150] ^= 1;
    String damaged = TestFiles.write(folder, "damaged.npz", archive);
    assertThat(features(read(damaged + "#x_train", labelsFile()).examples(), 1)[0]).isEqualTo(12);
    refuses(damaged + "#x_train", damaged + "#y_train", "array y_train");
  }

  /** As NumPy does, which looks nowhere else. */
  @Test
  void refusesAnArchiveWhoseDirectoryHasAnotherArray() throws IOException {
    String archive = new String(Files.readAllBytes(Path.of(copy("both.npz"))), ISO_8859_1);
    int listed = archive.lastIndexOf("x_train");
    for (String other : List.of("z_train", "y_train")) {
      String renamed =
          TestFiles.write(
              folder,
              "renamed.npz",
              (archive.substring(0, listed) + other + archive.substring(listed + 7))
                  .getBytes(ISO_8859_1));
      refuses(
          renamed + "#x_train",
          labelsFile(),
          "the archive's directory has another array x_train, or none");
    }
    String cut =
        TestFiles.write(folder, "cut.npz", archive.substring(0, listed).getBytes(ISO_8859_1));
    refuses(cut + "#x_train", labelsFile(), "the archive ends without its directory");
  }

  @Test
  void textsAreNamesOfClasses() {
    ClassLabels labels = ClassLabels.named();
    String file = copy("texts.npy");
    try (SourceFile in = SourceFile.open("x", file, HADOOP)) {
      assertThat(NpyArray.readLabels(in, labels)).containsExactly(0, 1);
    }
    assertThat(labels.names()).containsExactly("cät", "dog");
    refuses(copy("f4.npy"), file, "labels are texts; data.classes = named takes these");
    refuses(file, labelsFile(), "shape [2]: features have rank 2 to 4");
  }

  @Test
  void textsThatBlanksMakeOneClassAreTold() {
    byte[] header =
        "{'descr': '<U5', 'fortran_order': False, 'shape': (4,), }\n".getBytes(US_ASCII);
    for (String[] texts :
        new String[][] {{"cat", "cat ", "dog", "cat"}, {"cat ", "dog", "cat ", " cow"}}) {
      ByteBuffer file =
          ByteBuffer.allocate(10 + header.length + 4 * 5 * 4).order(ByteOrder.LITTLE_ENDIAN);
      file.put((byte) 0x93).put("NUMPY".getBytes(US_ASCII)).put((byte) 1).put((byte) 0);
      file.putShort((short) header.length).put(header);
      for (String text : texts) {
        for (int i = 0; i < 5; i++) {
          file.putInt(i < text.length() ? text.charAt(i) : 0);
        }
      }
      String path = TestFiles.write(folder, "blanks.npy", file.array());
      List<String> warnings =
          TestFiles.warnings(
              () -> {
                try (SourceFile in = SourceFile.open("x", path, HADOOP)) {
                  NpyArray.readLabels(in, ClassLabels.named());
                }
              });
      if (texts[1].equals("dog")) {
        assertThat(warnings).isEmpty();
      } else {
        assertThat(warnings)
            .containsExactly(
                "WARN labels differ only by blanks around them, as \"cat\" and \"cat \", and are one"
                    + " class here");
      }
    }
  }

  /** Floats from 2³⁰ on are 128 apart. */
  @Test
  void numbersThatFloatsDoNotTellApartAreTold() throws IOException {
    byte[] header =
        "{'descr': '<i8', 'fortran_order': False, 'shape': (100, 2), }\n".getBytes(US_ASCII);
    for (int step : new int[] {40, 4000}) {
      ByteBuffer file =
          ByteBuffer.allocate(10 + header.length + 100 * 2 * 8).order(ByteOrder.LITTLE_ENDIAN);
      file.put((byte) 0x93).put("NUMPY".getBytes(US_ASCII)).put((byte) 1).put((byte) 0);
      file.putShort((short) header.length).put(header);
      for (int i = 0; i < 100; i++) {
        file.putLong(i).putLong(1_100_000_000L + 1_000_000 * (i / 50) + (long) step * i);
      }
      String path = TestFiles.write(folder, "large.npy", file.array());
      MergedNumbers merged = new MergedNumbers();
      try (SourceFile in = SourceFile.open("x", path, HADOOP)) {
        NpyArray.readFeatures(in, null, "", 1, FeatureStorage.ofHeap(), merged);
      }
      if (step == 40) {
        assertThat(merged.doubt(List.of()))
            .hasValueSatisfying(
                doubt ->
                    assertThat(doubt).startsWith("feature 2 holds numbers that floats do not"));
      } else {
        assertThat(merged.doubt(List.of())).isEmpty();
      }
    }
  }

  @Test
  void neverReadsObjectsAndNamesWhatElseItDoesNotRead() {
    refuses(copy("objects.npy"), labelsFile(), "pickled objects of Python, which are never read");
    refuses(labelsFile(), copy("objects.npy"), "pickled objects of Python, which are never read");
    refuses(
        copy("big.npy"), labelsFile(), "type >f4: must be booleans, integers or floats, little");
    refuses(copy("records.npy"), labelsFile(), "the header is no description of one array");
    refuses(copy("nan.npy"), labelsFile(), "byte 132: value NaN: is not a finite float");
    refuses(copy("rank2.npy"), labelsFile(), "4 examples, but ");
    refuses(labelsFile(), copy("f4.npy"), "shape [2, 3, 2, 2]: labels have one dimension");
  }

  /** Python takes the last of several values of a key, and passes over comments. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'descr': '<i4', 'fortran_order': False, 'shape': (4, 5), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), 'fortran_order': True}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), 'shape': (5, 4)}",
        "{#'descr': '<f4',\n'descr': '<i4', 'fortran_order': False, 'shape': (4, 5)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), 'more': '1'}"
      })
  void refusesHeadersThatNumPyReadsOtherwise(String header) throws IOException {
    refuses(declared(header, 80), labelsFile(), "the header is no description of one array");
  }

  private String declared(String header, int valueBytes) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + valueBytes);
    file.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93).put("NUMPY".getBytes(US_ASCII));
    file.put((byte) 1).put((byte) 0).putShort((short) header.length());
    file.put(header.getBytes(US_ASCII));
    return Files.write(folder.resolve("declared.npy"), file.array()).toString();
  }

  @Test
  void memoryGrowsWithTheBytesThatAreThere() throws IOException {
    String declared =
        declared("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1000000000), }\n", 80);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    refuses(
        declared,
        labelsFile(),
        "2000000000 values of 8 bytes declared, but the array ends after 80 bytes");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f4.npy", "fortran-u1.npy", "compressed.npz"})
  void mutatedFeaturesAreReadOrRefused(String name) throws IOException {
    byte[] good = Files.readAllBytes(Path.of(copy(name)));
    Mutations.read(good, folder.resolve("mutated"), file -> read(file.toString(), labelsFile()));
  }

  @Test
  void mutatedLabelsAreReadOrRefused() throws IOException {
    byte[] good = Files.readAllBytes(Path.of(copy("texts.npy")));
    Mutations.read(
        good,
        folder.resolve("mutated"),
        file -> {
          try (SourceFile in = SourceFile.open("x", file.toString(), HADOOP)) {
            NpyArray.readLabels(in, ClassLabels.named());
          }
        });
  }

  /** An archive of 400 KB whose first array has 400 MB. */
  @Test
  void arraysBeforeTheOneThatIsReadHaveNoSizeAtAll() throws IOException {
    Path archive = folder.resolve("bomb.npz");
    byte[] zeros = new byte[1 << 20];
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("first.npy"));
      for (int i = 0; i < 400; i++) {
        zip.write(zeros);
      }
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(Files.readAllBytes(Path.of(copy("f4.npy"))));
    }
    refuses(
        archive + "#x",
        labelsFile(),
        "the arrays up to first come to more than 100 bytes for each of the archive");
  }

  @Test
  void partsOfDifferentNumbersAreNotPaired() throws IOException {
    for (String name : new String[] {"x-01", "x-02", "x-10"}) {
      Files.copy(Path.of(copy("f4.npy")), folder.resolve(name + ".npy"));
    }
    for (String name : new String[] {"y-1", "y-2", "y-10"}) {
      Files.copy(Path.of(labelsFile()), folder.resolve(name + ".npy"));
    }
    refuses(
        folder.resolve("x-*.npy").toString(),
        folder.resolve("y-*.npy").toString(),
        "x-02.npy would have the labels of y-10.npy; files are paired in the order of their names");
    Files.move(folder.resolve("y-1.npy"), folder.resolve("y-01.npy"));
    Files.move(folder.resolve("y-2.npy"), folder.resolve("y-02.npy"));
    assertThat(readAll(folder.resolve("x-*.npy").toString(), folder.resolve("y-*.npy").toString()))
        .hasSize(3);
  }

  private void refuses(String features, String labels, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> read(features, labels))
        .withMessageContaining(message);
  }

  private String labelsFile() {
    return folder.resolve("labels.npy").toString();
  }

  private String copy(String name) {
    Path file = folder.resolve(name);
    try (InputStream in = NumpyFormatTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return file.toString();
  }

  private static ShapedExamples read(String features, String labels) {
    List<ShapedExamples> read = readAll(features, labels);
    assertThat(read).hasSize(1);
    return read.get(0);
  }

  private static List<ShapedExamples> readAll(String features, String labels) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    DataSettings settings = new DataSettings("numpy", files, files, PLAIN_CSV, null, 1, 7, null);
    return new NumpyFormat()
        .read(
            new DataSource(
                "data.train",
                settings,
                files,
                ClassLabels.ofTraining(),
                TableColumns.ofTraining(TableSettings.NONE),
                HADOOP));
  }
}
