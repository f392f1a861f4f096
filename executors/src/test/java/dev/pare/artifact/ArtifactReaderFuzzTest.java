package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads whatever comes. The normal run takes the inputs beside the test; with {@code JAZZER_FUZZ=1}
 * in the environment it searches for new ones: {@code JAZZER_FUZZ=1 mvn -pl executors -am test
 * -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtest=ArtifactReaderFuzzTest#anyBodyUnderARightChecksum*}, one method a run.
 */
class ArtifactReaderFuzzTest {
  private static final ArtifactReader READER = new ArtifactReader(1 << 18);

  @FuzzTest(maxDuration = "10m")
  void anyBytes(byte[] file) throws IOException {
    readOrComplain(file);
  }

  @FuzzTest(maxDuration = "10m")
  void anyBodyUnderARightChecksum(byte[] body) throws IOException {
    readOrComplain(Bodies.file(body));
  }

  private static void readOrComplain(byte[] file) throws IOException {
    CompressedNetwork network;
    try {
      network = READER.read(file);
    } catch (MalformedArtifactException e) {
      assertThat(e.offset()).isBetween(0L, (long) file.length);
      return;
    }
    assertThat(READER.inspect(file).size().totalBytes()).isEqualTo(file.length);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    new ArtifactWriter().write(network, again);
    assertThat(READER.read(again.toByteArray())).isEqualTo(network);
  }
}
