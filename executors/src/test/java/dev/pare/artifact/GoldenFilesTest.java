package dev.pare.artifact;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.codec.LevelCoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class GoldenFilesTest {
  @Test
  void format10IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.FORMAT_1_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.network10());
    }
  }

  @Test
  void format20IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.FORMAT_2_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.network20());
    }
  }

  @Test
  void format30IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.FORMAT_3_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.network30());
    }
  }

  @Test
  void activationsOfFormat40AreRead() throws IOException {
    try (InputStream in = open(GoldenFiles.ACTIVATIONS_4_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.activations40());
    }
  }

  @Test
  void format40IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.FORMAT_4_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.network40());
    }
  }

  @Test
  void format50IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.FORMAT_5_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.network50());
    }
  }

  @Test
  void anOriginOfFormat60IsReadAndWrittenAsItWasButForItsVersion() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(GoldenFiles.origin60(), out);
    try (InputStream in = open(GoldenFiles.ORIGIN_6_0)) {
      byte[] file = in.readAllBytes();
      assertThat(new ArtifactReader().read(file)).isEqualTo(GoldenFiles.origin60());
      assertThat(Bodies.of(out.toByteArray())).isEqualTo(Bodies.of(file));
    }
  }

  @Test
  void aGraphOfFormat70IsReadAndWrittenToTheByte() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(GoldenFiles.network70(), out);
    try (InputStream in = open(GoldenFiles.FORMAT_7_0)) {
      byte[] file = in.readAllBytes();
      assertThat(new ArtifactReader().read(file)).isEqualTo(GoldenFiles.network70());
      assertThat(out.toByteArray()).isEqualTo(file);
    }
  }

  @Test
  void whatFormat20HasIsWrittenAsItWasButForItsVersion() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter(LevelCoding.CONTEXT_ARITHMETIC).write(GoldenFiles.network20(), out);
    try (InputStream in = open(GoldenFiles.FORMAT_2_0)) {
      assertThat(Bodies.of(out.toByteArray())).isEqualTo(Bodies.of(in.readAllBytes()));
    }
  }

  @Test
  void aTrainedNetworkOfFormat30IsRead() throws IOException {
    try (InputStream in = open(GoldenFiles.ORIGIN_3_0)) {
      assertThat(new ArtifactReader().read(in)).isEqualTo(GoldenFiles.trained());
    }
  }

  @Test
  void deltasOfFormat10AreApplied() throws IOException {
    assertThat(applied(GoldenFiles.FORMAT_1_0, GoldenFiles.DELTA_1_0_GROUPS))
        .isEqualTo(bytes(GoldenFiles.FORMAT_2_0));
    assertThat(applied(GoldenFiles.FORMAT_1_0, GoldenFiles.DELTA_1_0_ROWS))
        .isEqualTo(bytes(GoldenFiles.FORMAT_5_0));
    byte[] fewer = applied(GoldenFiles.ORIGIN_3_0, GoldenFiles.DELTA_1_0_ORIGIN);
    assertThat(new ArtifactReader().read(fewer)).isEqualTo(GoldenFiles.fewerUnits());
  }

  private static byte[] applied(String old, String delta) throws IOException {
    return new DeltaReader().apply(bytes(old), bytes(delta));
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String name) {
    return requireNonNull(GoldenFilesTest.class.getResourceAsStream(name), name);
  }
}
