package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pare.graph.InputShape;
import java.util.List;

/** Reads whatever comes as an ONNX model; see ArtifactReaderFuzzTest for how it is run. */
class OnnxFuzzTest {
  private static final List<InputShape> INPUTS =
      OnnxFiles.SUPPORTED.values().stream().distinct().toList();

  @FuzzTest(maxDuration = "10m")
  void anyBytes(byte[] file) {
    for (InputShape input : INPUTS) {
      try {
        Import.Imported imported = Import.of(GraphReader.read(OnnxFile.parsed(file)), input);
        assertThat(imported.network().architecture().input()).isEqualTo(input);
      } catch (OnnxException e) {
        assertThat(e).hasMessageNotContaining("\n");
      }
    }
  }

  /** Recognizing a file never fails. */
  @FuzzTest(maxDuration = "10m")
  void anyBytesMayBeAModel(byte[] file) {
    if (OnnxFile.isModel(file)) {
      assertThat(file).isNotEmpty();
    }
  }
}
