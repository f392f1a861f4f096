package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The smallest files of conf/smallest-lenet-5.conf, on the quickstart's test images of MNIST. */
class SmallestFilesTest {
  private static final Path IMAGES =
      Path.of(System.getProperty("pare.root", ".."), "conf", "quickstart");
  private static final int PIXELS = 784;

  private static byte[] content(String name, int header) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(IMAGES.resolve(name)))) {
      in.skipNBytes(header);
      return in.readAllBytes();
    }
  }

  @Test
  void lenet5In2323Bytes() throws IOException {
    byte[] file;
    try (InputStream in = getClass().getResourceAsStream("smallest-lenet-5.pare")) {
      file = in.readAllBytes();
    }
    byte[] pixels = content("t10k-images-idx3-ubyte.gz", 16);
    byte[] labels = content("t10k-labels-idx1-ubyte.gz", 8);
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

    assertThat(file).hasSize(2323);
    assertThat(labels).hasSize(2000);
    // 93 of the 10,000 test images are wrong.
    assertThat(wrong).isLessThanOrEqualTo(30);
  }
}
