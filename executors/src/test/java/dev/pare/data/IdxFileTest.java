package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.gzip;
import static dev.pare.data.TestFiles.idx;
import static dev.pare.data.TestFiles.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
  private static final byte[] LABELS = idx(new int[] {3}, new byte[] {0, 2, 1});
  private static final byte[] FEATURES =
      idx(new int[] {3, 2, 2}, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, (byte) 200, (byte) 255, 8, 9});

  @TempDir private Path folder;

  @Test
  void readsBytesAsUnsignedNumbersWithTheDeclaredShape() {
    ShapedExamples read = read(FEATURES, LABELS);
    assertThat(read.shape()).isEqualTo(new ExampleShape(1, 2, 2));
    assertThat(read.examples().size()).isEqualTo(3);
    assertThat(read.examples().features()).isEqualTo(4);
    assertThat(read.examples().classes()).isEqualTo(3);
    assertThat(read.examples().label(1)).isEqualTo(2);
    assertThat(features(read.examples(), 2)).containsExactly(200, 255, 8, 9);
  }

  @Test
  void readsWhatWasWrittenWhateverTheSizeAndCompression() {
    SplittableRandom random = TestSeed.random();
    for (int repeat = 0; repeat < 30; repeat++) {
      int count = random.nextInt(2, 60);
      int channels = random.nextInt(1, 4);
      int height = random.nextInt(1, 90);
      int width = random.nextInt(1, 90);
      byte[] pixels = random(random, count * channels * height * width);
      byte[] classes = new byte[count];
      Arrays.setAll(new int[count], i -> classes[i] = (byte) (i % 2));
      byte[] features = idx(new int[] {count, channels, height, width}, pixels);
      byte[] labels = idx(new int[] {count}, classes);
      ShapedExamples read =
          random.nextBoolean() ? read(features, labels) : read(gzip(features), gzip(labels));
      assertThat(read.shape()).isEqualTo(new ExampleShape(channels, height, width));
      int size = read.shape().size();
      for (int i = 0; i < count; i++) {
        float[] expected = new float[size];
        for (int j = 0; j < size; j++) {
          expected[j] = Byte.toUnsignedInt(pixels[i * size + j]);
        }
        assertThat(features(read.examples(), i)).isEqualTo(expected);
        assertThat(read.examples().label(i)).isEqualTo(classes[i]);
      }
    }
  }

  @Test
  void readsEveryTypeOfNumber() {
    byte[] floats = ByteBuffer.allocate(12).putFloat(-1.5f).putFloat(0).putFloat(3e38f).array();
    byte[] doubles = ByteBuffer.allocate(24).putDouble(0.1).putDouble(-2).putDouble(1e-50).array();
    byte[] shorts = ByteBuffer.allocate(6).putShort((short) -2).putShort((short) 9).array();
    byte[] ints = ByteBuffer.allocate(12).putInt(-70_000).putInt(1 << 24).array();
    assertThat(firstOfEach(0x09, new byte[] {-1, 0, 127})).containsExactly(-1, 0, 127);
    assertThat(firstOfEach(0x0B, shorts)).containsExactly(-2, 9, 0);
    assertThat(firstOfEach(0x0C, ints)).containsExactly(-70_000, 1 << 24, 0);
    assertThat(firstOfEach(0x0D, floats)).containsExactly(-1.5f, 0, 3e38f);
    assertThat(firstOfEach(0x0E, doubles)).containsExactly(0.1f, -2, 0);
  }

  @Test
  void refusesNumbersThatAreNotFiniteFloats() {
    byte[] floats = ByteBuffer.allocate(12).putFloat(1).putFloat(Float.NaN).putFloat(0).array();
    byte[] doubles = ByteBuffer.allocate(24).putDouble(1e39).putDouble(0).putDouble(0).array();
    refuses(idx(0x0D, new int[] {3, 1}, floats), LABELS, "byte 16: value NaN");
    refuses(idx(0x0E, new int[] {3, 1}, doubles), LABELS, "byte 12: value 1.0E39");
  }

  @Test
  void refusesEveryTruncation() {
    for (int length = 0; length < FEATURES.length; length++) {
      refuses(Arrays.copyOf(FEATURES, length), LABELS, "features: byte ");
    }
    for (int length = 0; length < LABELS.length; length++) {
      refuses(FEATURES, Arrays.copyOf(LABELS, length), "labels: byte ");
    }
  }

  @Test
  void refusesEveryTruncationOfACompressedFile() {
    byte[] whole = gzip(FEATURES);
    for (int length = 0; length < whole.length; length++) {
      refuses(Arrays.copyOf(whole, length), LABELS, "features: byte ");
    }
  }

  @Test
  void saysWhereTheValuesWereToBeginAndHowManyThereAre() {
    refuses(
            Arrays.copyOf(FEATURES, 20),
            LABELS,
            "features: byte 16: 12 bytes of values declared, but the file ends after 4")
        .satisfies(
            e -> {
              assertThat(e.file()).isEqualTo("file:" + folder.resolve("features"));
              assertThat(e.offset()).isEqualTo(16);
            });
  }

  @Test
  void refusesEveryFlippedBitOfAHeader() {
    // But for the one that makes uint8 the equally good int8.
    int sign = 2 * 8;
    for (int bit = 0; bit < 16 * 8; bit++) {
      if (bit != sign) {
        refuses(flipped(FEATURES, bit), LABELS, "features: byte ");
      }
    }
    for (int bit = 0; bit < 8 * 8; bit++) {
      if (bit != sign) {
        refuses(FEATURES, flipped(LABELS, bit), "byte ");
      }
    }
  }

  @Test
  void neverReadsAnotherValueFromDamagedCompressedData() {
    byte[] whole = gzip(FEATURES);
    int refused = 0;
    for (int bit = 0; bit < whole.length * 8; bit++) {
      try {
        // Some bits mean nothing: the time in gzip's header, the padding of the last block.
        Examples examples = read(flipped(whole, bit), LABELS).examples();
        assertThat(features(examples, 0)).containsExactly(0, 1, 2, 3);
        assertThat(features(examples, 2)).containsExactly(200, 255, 8, 9);
      } catch (MalformedDataException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan((whole.length - 10) * 8);
  }

  @Test
  void readsSeveralGzipMembersAsOneFile() {
    ByteBuffer members = ByteBuffer.allocate(200);
    members.put(gzip(Arrays.copyOf(FEATURES, 18)));
    members.put(gzip(Arrays.copyOfRange(FEATURES, 18, FEATURES.length)));
    ShapedExamples read = read(Arrays.copyOf(members.array(), members.position()), LABELS);
    assertThat(features(read.examples(), 2)).containsExactly(200, 255, 8, 9);
  }

  @Test
  void readsAHundredThousandEmptyMembers() {
    byte[] empty = gzip(new byte[0]);
    byte[] last = gzip(FEATURES);
    ByteBuffer members = ByteBuffer.allocate(100_000 * empty.length + last.length);
    for (int i = 0; i < 100_000; i++) {
      members.put(empty);
    }
    members.put(last);
    assertThat(features(read(members.array(), LABELS).examples(), 2))
        .containsExactly(200, 255, 8, 9);
  }

  @Test
  void readsHeadersWithEverythingThatTheyMayHold() {
    byte[] plain = gzip(FEATURES);
    byte[] head = {0x1F, (byte) 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, 'n', 0, 'c', 0};
    CRC32 checksum = new CRC32();
    checksum.update(head);
    ByteBuffer file = ByteBuffer.allocate(head.length + 2 + plain.length - 10);
    file.order(ByteOrder.LITTLE_ENDIAN).put(head).putShort((short) checksum.getValue());
    file.put(plain, 10, plain.length - 10);
    assertThat(features(read(file.array(), LABELS).examples(), 2)).containsExactly(200, 255, 8, 9);
    refuses(
        changed(file.array(), head.length),
        LABELS,
        "the header's checksum is not that of its bytes");
  }

  @Test
  void refusesWhateverFollowsTheLastMember() {
    byte[] whole = gzip(FEATURES);
    for (byte[] after :
        new byte[][] {{0}, {0x1F}, "garbage".getBytes(UTF_8), Arrays.copyOf(whole, 9)}) {
      byte[] longer = Arrays.copyOf(whole, whole.length + after.length);
      System.arraycopy(after, 0, longer, whole.length, after.length);
      refuses(longer, LABELS, "byte 28: the gzip data are corrupt or end early: ");
    }
  }

  @Test
  void refusesASecondMemberThatIsDamaged() {
    byte[] first = gzip(FEATURES);
    byte[] second = gzip(new byte[0]);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertThat(read(both, LABELS).examples().size()).isEqualTo(3);
    for (int i = 0; i < second.length; i++) {
      // The time, the compressor's hint and the operating system mean nothing.
      if (i < 4 || i > 9) {
        refuses(changed(both, first.length + i), LABELS, "the gzip data are corrupt or end early");
      }
    }
  }

  private static byte[] changed(byte[] file, int place) {
    byte[] changed = file.clone();
    changed[place] ^= (byte) 0xFF;
    return changed;
  }

  @Test
  void refusesBytesAfterTheValues() {
    byte[] longer = Arrays.copyOf(FEATURES, FEATURES.length + 1);
    refuses(longer, LABELS, "byte 28: more bytes follow the 12 bytes of values");
    refuses(gzip(longer), LABELS, "byte 28: more bytes follow the 12 bytes of values");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x07, 0x0A, 0x0F, 0xFF})
  void namesAnUnknownType(int type) {
    refuses(
        idx(type, new int[] {3, 1}, new byte[3]),
        LABELS,
        "byte 2: type 0x%02X: must be".formatted(type));
  }

  @Test
  void tellsFeaturesAndLabelsApart() {
    refuses(LABELS, LABELS, "byte 3: rank 1: features have rank 2 to 4");
    refuses(FEATURES, FEATURES, "byte 3: rank 3: labels have rank 1");
    refuses(FEATURES, idx(0x0D, new int[] {3}, new byte[12]), "byte 2: type 0x0D: labels are");
  }

  @Test
  void refusesCountsThatDiffer() {
    refuses(
        FEATURES,
        idx(new int[] {2}, new byte[] {0, 1}),
        "features: byte 4: 3 examples, but file:" + folder.resolve("labels") + " has 2 labels");
  }

  @Test
  void refusesDimensionsThatAreNotPositive() {
    refuses(idx(new int[] {3, 0, 2}, new byte[0]), LABELS, "byte 8: dimension 1 is 0");
    refuses(
        idx(new int[] {3, 2, -5}, new byte[0]),
        LABELS,
        "byte 12: dimension 2 is 4294967291: must be 1 to 2147483647");
  }

  @Test
  void allocatesNothingForDimensionsThatTheFileDoesNotHold() {
    int[][] hostile = {
      {3, Integer.MAX_VALUE, Integer.MAX_VALUE},
      {3, 1 << 16, 1 << 16},
      {3, 1 << 31 - 3, 1},
      {3, 715_827_880, 1},
      {3, 20_000, 30_000}
    };
    for (int[] dimensions : hostile) {
      long before = allocated();
      refuses(idx(dimensions, new byte[100]), LABELS, "features: byte ");
      assertThat(allocated() - before).as("%s", Arrays.toString(dimensions)).isLessThan(8 << 20);
    }
    long before = allocated();
    refuses(FEATURES, idx(new int[] {2_000_000_000}, new byte[9]), "but the file ends after 9");
    assertThat(allocated() - before).isLessThan(8 << 20);
  }

  @Test
  void refusesLabelsThatAreNoClasses() {
    byte[] wide = ByteBuffer.allocate(12).putInt(0).putInt(65_536).putInt(1).array();
    byte[] negative = ByteBuffer.allocate(12).putInt(0).putInt(1).putInt(-1).array();
    refuses(FEATURES, idx(0x0C, new int[] {3}, wide), "byte 12: label 65536: must be below 65536");
    refuses(FEATURES, idx(0x0C, new int[] {3}, negative), "byte 16: label -1: must be an integer");
  }

  @Test
  void refusesTestLabelsOfClassesThatTrainingDoesNotHave() {
    write(folder, "labels", LABELS);
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(
            () -> {
              try (SourceFile file = open("labels")) {
                IdxFile.readLabels(file, ClassLabels.within(2));
              }
            })
        .withMessageEndingWith("labels: byte 9: label 2: must be below 2 as in the training data");
  }

  private float[] firstOfEach(int type, byte[] values) {
    int bytes = List.of(8, 9).contains(type) ? 1 : type == 0x0B ? 2 : type == 0x0E ? 8 : 4;
    byte[] three = Arrays.copyOf(values, 3 * bytes);
    Examples examples = read(idx(type, new int[] {3, 1}, three), LABELS).examples();
    float[] firsts = new float[3];
    for (int i = 0; i < 3; i++) {
      examples.copyFeatures(i, firsts, i);
    }
    return firsts;
  }

  private ThrowableAssertAlternative<MalformedDataException> refuses(
      byte[] features, byte[] labels, String message) {
    return assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(features, labels))
        .withMessageContaining(message);
  }

  private ShapedExamples read(byte[] features, byte[] labels) {
    write(folder, "features", features);
    write(folder, "labels", labels);
    try (SourceFile labelsFile = open("labels");
        SourceFile featuresFile = open("features")) {
      ClassLabels allowed = ClassLabels.ofTraining();
      int[] read = IdxFile.readLabels(labelsFile, allowed);
      int classes = allowed.classes(read);
      return IdxFile.readFeatures(
          featuresFile, read, labelsFile.name(), classes, FeatureStorage.ofHeap());
    }
  }

  private SourceFile open(String name) {
    return SourceFile.open("data.train." + name, folder.resolve(name).toString(), HADOOP);
  }

  private static byte[] flipped(byte[] content, int bit) {
    byte[] changed = content.clone();
    changed[bit >> 3] ^= (byte) (1 << (bit & 7));
    return changed;
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
