package dev.pare.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * Reads whatever comes as a DL4J zip; see ArtifactReaderFuzzTest for how it is run. Of what a zip
 * holds, the JSON and the parameters have targets of their own, as the search does not get through
 * deflate.
 */
class Dl4jZipFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void anyBytes(byte[] file) {
    try {
      assertThat(Dl4jZip.read(file).parameters()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @FuzzTest(maxDuration = "10m")
  void anyParameters(byte[] parameters) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      zip.write(parameters);
    }
    anyBytes(bytes.toByteArray());
  }

  @FuzzTest(maxDuration = "10m")
  void anyConfiguration(byte[] json) {
    try {
      MultiLayerConfiguration configuration = Dl4jJson.network(json);
      assertThat(configuration.getConfs()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @FuzzTest(maxDuration = "10m")
  void anyLayerOnAnImage(byte[] json) {
    try {
      Layer.Stock stock =
          StockLayers.of(
              Dl4jJson.layer(new String(json, StandardCharsets.UTF_8)),
              new Architecture.Shape(2, 6, 5));
      StockLayers.check(stock, new Architecture.Shape(2, 6, 5), 0);
      assertThat(stock.output().size()).isPositive();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotNull();
    }
  }
}
