package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.Result;
import com.google.zxing.ResultMetadataType;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smallest files of docs/results.md, on the quickstart's test images of MNIST. */
class SmallestFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("pare.root", ".."));
  private static final int PIXELS = 784;
  private static final int IMAGES = 2000;

  private static byte[] content(String name, int header) throws IOException {
    Path file = ROOT.resolve("conf/quickstart").resolve(name);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      in.skipNBytes(header);
      return in.readAllBytes();
    }
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = SmallestFilesTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static int wrong(byte[] file) throws IOException {
    byte[] pixels = content("t10k-images-idx3-ubyte.gz", 16);
    byte[] labels = content("t10k-labels-idx1-ubyte.gz", 8);
    assertThat(labels).hasSize(IMAGES);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      float[] row = new float[PIXELS];
      for (int p = 0; p < PIXELS; p++) {
        row[p] = pixels[i * PIXELS + p] & 0xff;
      }
      rows.add(row);
    }
    List<Prediction> said = Predictor.open(file).predictAll(rows);
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      wrong += said.get(i).label() == labels[i] ? 0 : 1;
    }
    return wrong;
  }

  /** Of all 10,000 test images, as docs/results.md has it, 86 and 167 are wrong. */
  @ParameterizedTest
  @CsvSource({"smallest-lenet-5.pare, 2413, 25", "smallest-lenet-300-100.pare, 4702, 42"})
  void hasItsBytesAndItsErrors(String name, int bytes, int wrong) throws IOException {
    byte[] file = file(name);

    assertThat(file).hasSize(bytes);
    assertThat(wrong(file)).isEqualTo(wrong);
  }

  @Test
  void aQrCodeHoldsANetworkThatReadsDigits() throws Exception {
    BufferedImage image = ImageIO.read(ROOT.resolve("docs/lenet-5-qr.png").toFile());
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    Result code =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(
                    new GlobalHistogramBinarizer(new RGBLuminanceSource(width, height, pixels))),
                Map.of(DecodeHintType.PURE_BARCODE, true));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (Object segment :
        (List<?>) code.getResultMetadata().get(ResultMetadataType.BYTE_SEGMENTS)) {
      read.write((byte[]) segment);
    }

    assertThat(read.toByteArray()).isEqualTo(file("smallest-lenet-5.pare"));
  }
}
