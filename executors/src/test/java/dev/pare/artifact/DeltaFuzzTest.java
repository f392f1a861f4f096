package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pare.artifact.FileHeader.Kind;

/**
 * Applies whatever deltas come to one file. The normal run takes the inputs beside the test; with
 * {@code JAZZER_FUZZ=1} in the environment it searches for new ones: {@code JAZZER_FUZZ=1 mvn -pl
 * executors -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=DeltaFuzzTest}
 */
class DeltaFuzzTest {
  private static final ArtifactReader READER = new ArtifactReader(1 << 16);
  private static final byte[] OLD = FuzzSeeds.oldOfDeltas();

  /** Behind the digest of the file that it is against, and under a right checksum. */
  @FuzzTest(maxDuration = "10m")
  void anyBodyUnderARightChecksum(byte[] body) {
    ByteSink told = new ByteSink();
    told.writeBytes(Digest.of(OLD));
    told.writeBytes(body);
    byte[] delta = FileHeader.file(Kind.DELTA, told.toBytes());
    byte[] file;
    try {
      file = new DeltaReader(READER).apply(OLD, delta);
    } catch (MalformedArtifactException e) {
      assertThat(e.offset()).isBetween(0L, (long) delta.length + OLD.length);
      return;
    }
    try {
      assertThat(READER.read(file)).isNotNull();
    } catch (MalformedArtifactException e) {
      // What a delta gives byte for byte need be no file.
      assertThat(e.offset()).isBetween(0L, (long) file.length);
    }
  }
}
