package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that Pillow has saved and resized, see {@code save_images.py}. */
class ImageFormatTest {
  @TempDir private Path folder;

  /** Decoders of JPEG need not agree to the bit. */
  @ParameterizedTest
  @CsvSource({
    "rgb.png, 10, 13, 0",
    "grey8.png, 10, 13, 0",
    "grey1.png, 10, 13, 0",
    "palette.png, 10, 13, 0",
    "rgb.jpg, 40, 24, 4",
    "unmarked.jpg, 40, 24, 4",
    "grey.jpg, 40, 24, 4"
  })
  void readsAndResizesAsPillowDoes(String name, int width, int height, int tolerance) {
    compare(name, width, height, tolerance);
    compare(name, 6, 5, tolerance + 1);
    compare(name, 23, 17, tolerance + 1);
    compare(name, 4, 30, tolerance + 1);
  }

  private void compare(String name, int width, int height, int tolerance) {
    float[] expected = values(name + "-" + width + "x" + height + ".npy");
    float[] read = read(resource(name), new ExampleShape(3, height, width));
    assertThat(read).hasSameSizeAs(expected);
    int differing = 0;
    for (int i = 0; i < read.length; i++) {
      assertThat(Math.abs(read[i] - expected[i])).isLessThanOrEqualTo(tolerance);
      differing += read[i] == expected[i] ? 0 : 1;
    }
    if (name.endsWith("png")) {
      assertThat(differing).isLessThan(read.length / 20);
    }
  }

  /** Libraries make other colours of the same four. */
  @Test
  void fourColoursAreRefused() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> read(resource("cmyk.jpg"), new ExampleShape(3, 24, 40)))
        .withMessageContaining("has 4 colours, as CMYK; must be grey or RGB");
  }

  @Test
  void luminanceIsOneChannel() {
    float[] expected = values("rgb.png-luminance.npy");
    float[] read = read(resource("rgb.png"), new ExampleShape(1, 13, 10));
    for (int i = 0; i < read.length; i++) {
      assertThat(Math.abs(read[i] - expected[i])).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void transparencyIsPassedOverAndSixteenBitsAreCut() {
    assertThat(read(resource("rgba.png"), new ExampleShape(3, 13, 10)))
        .isEqualTo(read(resource("rgb.png"), new ExampleShape(3, 13, 10)));
    assertThat(read(resource("grey16.png"), new ExampleShape(1, 13, 10)))
        .isEqualTo(read(resource("grey8.png"), new ExampleShape(1, 13, 10)));
  }

  /** Pillow takes the first byte of each, which differs from the nearest for about half of them. */
  @Test
  void ofColoursOfSixteenBitsTheHighBytesAreRead() throws IOException {
    int[][] kinds = {{2, 3}, {6, 4}};
    for (int[] kind : kinds) {
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      float[] expected = new float[3 * 4 * 8];
      SplittableRandom random = new SplittableRandom(kind[0]);
      for (int y = 0; y < 4; y++) {
        rows.write(0);
        for (int x = 0; x < 8; x++) {
          for (int band = 0; band < kind[1]; band++) {
            int sample = random.nextInt(1 << 16);
            rows.write(sample >> 8);
            rows.write(sample);
            if (band < 3) {
              expected[band * 32 + y * 8 + x] = sample >> 8;
            }
          }
        }
      }
      ByteBuffer header = ByteBuffer.allocate(13).putInt(8).putInt(4).put((byte) 16);
      header.put((byte) kind[0]);
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
        rows.writeTo(deflater);
      }
      byte[] png = new byte[8 + 12 + 13 + 12 + packed.size() + 12];
      ByteBuffer file = ByteBuffer.wrap(png).putLong(0x89504E47_0D0A1A0AL);
      file.putInt(13).put("IHDR".getBytes(US_ASCII)).put(header.array()).putInt(0);
      file.putInt(packed.size()).put("IDAT".getBytes(US_ASCII)).put(packed.toByteArray()).putInt(0);
      file.putInt(0).put("IEND".getBytes(US_ASCII));
      repair(png);
      assertThat(read(png, new ExampleShape(3, 4, 8))).isEqualTo(expected);
    }
  }

  @Test
  void whatIsLeftOutForItsNameIsCounted() throws IOException {
    for (String name : List.of("cat/0.png", "cat/_1.png", "dog/0.png", "_dogs/0.png", ".x/0.png")) {
      put(name, resource(name.startsWith("cat") ? "rgb.png" : "grey8.png"));
    }
    put("cat/1.png", resource("rgb.png"));
    put("dog/1.png", resource("grey8.png"));
    DataSettings settings = settings(folder, new ExampleShape(3, 13, 10));
    assertThat(TestFiles.warnings(() -> DataLoader.loadTraining(settings, HADOOP)))
        .singleElement()
        .asString()
        .endsWith(": 2 folders or images whose names begin with _ are left out");
  }

  @Test
  void classesAreTheNamesOfFolders() throws IOException {
    for (String label : new String[] {"dog", "cat", "_hidden"}) {
      for (int i = 0; i < 3; i++) {
        put(label + "/" + i + ".png", resource(label.equals("dog") ? "rgb.png" : "grey8.png"));
      }
    }
    put("cat/.note", new byte[0]);
    DataSettings settings = settings(folder, new ExampleShape(3, 13, 10));
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.preparation().classes()).containsExactly("cat", "dog");
    assertThat(data.divisor()).isEqualTo(255);
    assertThat(data.train().size() + data.validation().size()).isEqualTo(6);
    Examples test = DataLoader.loadTest(settings, data.form(), HADOOP).examples();
    assertThat(features(test, 0)).isEqualTo(values("grey8.png-10x13.npy"));
    assertThat(features(test, 5)).isEqualTo(values("rgb.png-10x13.npy"));
    assertThat(test.label(2)).isZero();
    assertThat(test.label(3)).isEqualTo(1);

    Files.move(folder.resolve("cat/0.png"), folder.resolve("dog/9.png"));
    assertThat(DataLoader.loadTraining(settings, HADOOP).digest()).isNotEqualTo(data.digest());
  }

  @Test
  void refusesWhatIsNoFolderOfImages() throws IOException {
    ExampleShape shape = new ExampleShape(3, 2, 2);
    refuses(shape, "has no folders of images");
    Files.createDirectories(folder.resolve("bird"));
    refuses(shape, "bird has no images; a class needs some, and what is none no folder");
    Files.delete(folder.resolve("bird"));
    put("cat/x.txt", "no image".getBytes());
    refuses(shape, "x.txt: byte 0: is neither a PNG nor a JPEG image");
    refuses(null, "data.shape: must be set, with 1 or 3 channels, as data.format = images");
    refuses(new ExampleShape(2, 2, 2), "data.shape: must be set, with 1 or 3 channels");
    put("cat/inner/y.png", resource("rgb.png"));
    refuses(shape, "is a folder within that of a class");
    put("a.png", resource("rgb.png"));
    refuses(shape, "a.png is no folder of images; their folders' names are the classes");
  }

  @Test
  void imagesOfAnyNumberOfScansAreRefused() {
    byte[] image = resource("grey.jpg");
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 63, 0};
    byte[] many = Arrays.copyOf(image, image.length + 1000 * scan.length);
    for (int i = 0; i < 1000; i++) {
      System.arraycopy(scan, 0, many, image.length - 2 + i * scan.length, scan.length);
    }
    many[many.length - 2] = (byte) 0xFF;
    many[many.length - 1] = (byte) 0xD9;
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(many, new ExampleShape(1, 2, 2)))
        .withMessageContaining("has more than 100 scans");
  }

  /** As phones put films behind photographs. */
  @Test
  void whatFollowsAnImageIsNotLookedAt() {
    byte[] image = resource("grey.jpg");
    byte[] longer = Arrays.copyOf(image, image.length + 1000);
    for (int i = image.length; i < longer.length; i += 2) {
      longer[i] = (byte) 0xFF;
      longer[i + 1] = (byte) 0xDA;
    }
    ExampleShape shape = new ExampleShape(1, 2, 2);
    assertThat(read(longer, shape)).isEqualTo(read(image, shape));
  }

  /** As Pillow refuses them, of which Java makes an image whose rest is grey. */
  @ParameterizedTest
  @ValueSource(strings = {"rgb.jpg", "grey.jpg", "unmarked.jpg"})
  void jpegsThatEndBeforeTheirPixelsAreRefused(String name) {
    byte[] image = resource(name);
    byte[] ended = image.clone();
    ended[image.length * 3 / 4] = (byte) 0xFF;
    ended[image.length * 3 / 4 + 1] = (byte) 0xD9;
    byte[] half = Arrays.copyOf(image, image.length * 3 / 4);
    for (byte[] damaged : List.of(half, Arrays.copyOf(image, image.length - 2), ended)) {
      assertThatExceptionOfType(MalformedDataException.class)
          .isThrownBy(() -> read(damaged, new ExampleShape(1, 2, 2)))
          .withMessageContaining("the image is damaged: ");
    }
  }

  /** Some cameras fill their files. */
  @Test
  void bytesBetweenPixelsAndTheEndAreNotLookedAt() {
    byte[] image = resource("rgb.jpg");
    byte[] filled = Arrays.copyOf(image, image.length + 6);
    Arrays.fill(filled, image.length - 2, filled.length - 2, (byte) 0);
    System.arraycopy(image, image.length - 2, filled, filled.length - 2, 2);
    ExampleShape shape = new ExampleShape(3, 24, 40);
    assertThat(read(filled, shape)).isEqualTo(read(image, shape));
  }

  @Test
  void sizesAreCheckedBeforeDecoding() {
    byte[] huge = withHeader(resource("grey1.png"), 50_000, 1_000);
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(huge, new ExampleShape(1, 2, 2)))
        .withMessageContaining("an image of 50000×1000 pixels: at most ");
    byte[] most = withHeader(resource("grey1.png"), Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThatExceptionOfType(MalformedDataException.class)
        .isThrownBy(() -> read(most, new ExampleShape(1, 2, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.png", "grey.jpg"})
  void mutatedImagesAreReadOrRefused(String name) {
    Mutations.read(
        resource(name),
        folder.resolve("mutated"),
        file -> {
          byte[] content;
          try {
            content = Files.readAllBytes(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          if (name.endsWith("png")) {
            repair(content);
          }
          read(content, new ExampleShape(3, 4, 4));
        });
  }

  /** Sets width and height, and the checksum. */
  private static byte[] withHeader(byte[] png, int width, int height) {
    byte[] changed = png.clone();
    ByteBuffer.wrap(changed).putInt(16, width).putInt(20, height);
    repair(changed);
    return changed;
  }

  /** Makes the checksums right as far as there are chunks: what only a deliberate hand does. */
  private static void repair(byte[] png) {
    ByteBuffer buffer = ByteBuffer.wrap(png);
    int at = 8;
    while (at + 12 <= png.length) {
      int length = buffer.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        return;
      }
      CRC32 checksum = new CRC32();
      checksum.update(png, at + 4, length + 4);
      buffer.putInt(at + 8 + length, (int) checksum.getValue());
      at += length + 12;
    }
  }

  private void refuses(@Nullable ExampleShape shape, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(settings(folder, shape), HADOOP))
        .withMessageContaining(message);
  }

  private static DataSettings settings(Path folder, @Nullable ExampleShape shape) {
    DataSettings.Files files = new DataSettings.Files(folder.toUri().toString(), null);
    return new DataSettings("images", files, files, PLAIN_CSV, shape, 1, 7, null);
  }

  private void put(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private float[] read(byte[] content, ExampleShape shape) {
    byte[] values = new byte[shape.size()];
    String path = TestFiles.write(folder, "image", content);
    try (SourceFile file = SourceFile.open("x", path, HADOOP)) {
      ImageFile.read(file, file.readAll(1 << 20), shape, values);
    } finally {
      assertThat(folder.resolve("image").toFile().delete()).isTrue();
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i] & 0xFF;
    }
    return floats;
  }

  private static float[] values(String array) {
    byte[] file = resource(array);
    byte[] pixels = Arrays.copyOfRange(file, 128, file.length);
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[i] & 0xFF;
    }
    return values;
  }

  private static byte[] resource(String name) {
    try (InputStream in = ImageFormatTest.class.getResourceAsStream("images/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
