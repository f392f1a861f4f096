package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.model.NamedArchitecture;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.TeacherStage;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teachers among a sweep's results; the frontier's files are in SweepReportTest. */
class ModelFileTest {
  private static final List<String> TEACHERS = List.of("teacher.pare", "teacher.zip");

  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  private SweepFolder results;

  @BeforeEach
  void write() throws IOException {
    results = new SweepFolder(folder.toString(), hadoop);
    for (String name : TEACHERS) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  private void note(Map<String, String> teachers) {
    results.writeReferences(new References(Optional.of("c"), teachers, Set.of()));
  }

  private void check(String name) throws IOException {
    ModelFile.check(folder.resolve(name).toString(), hadoop);
  }

  /** As it is while a sweep runs: only with its frontier there is a digest elsewhere. */
  @Test
  void aTeacherIsTheOneThatTheSweepLeft() throws IOException {
    note(
        Map.of(
            "teacher.pare", Sha256.hex("teacher.pare".getBytes()),
            "teacher.zip", Sha256.hex("teacher.zip".getBytes())));
    for (String name : TEACHERS) {
      assertThatCode(() -> check(name)).doesNotThrowAnyException();
      Path link =
          Files.createSymbolicLink(
              Files.createDirectories(folder.resolve("links")).resolve("link-" + name),
              folder.resolve(name));

      Files.writeString(folder.resolve(name), "of another sweep");

      for (Path path : List.of(folder.resolve(name), link)) {
        assertThatThrownBy(() -> ModelFile.check(path.toString(), hadoop))
            .isInstanceOf(ModelFile.OtherFileException.class)
            .hasMessageContaining(
                name + ": has SHA-256 " + Sha256.hex("of another sweep".getBytes()))
            .hasMessageEndingWith(
                "references.txt says %s: it is not the one that the sweep left"
                    .formatted(Sha256.hex(name.getBytes())));
      }
      Files.delete(link);
    }
  }

  @Test
  void whereATeacherHasNoZipNoneIsItsOwn() {
    note(Map.of("teacher.zip", "none"));
    assertThatThrownBy(() -> check("teacher.zip"))
        .isInstanceOf(ModelFile.OtherFileException.class)
        .hasMessageEndingWith("references.txt says none: it is not the one that the sweep left");
  }

  @Test
  void whatNothingIsNotedOfIsTaken() throws IOException {
    for (String name : TEACHERS) {
      check(name);
    }
    // As by an earlier version.
    note(Map.of());
    for (String name : TEACHERS) {
      check(name);
    }
  }

  private static final Provenance PROVENANCE =
      new Provenance(7, "1.2.3", "17.0.1", "Linux amd64", "OpenBLAS", "driver");

  private static byte[] network(int seed) {
    return TeacherStage.file(
        Initialization.random(
            NamedArchitecture.of(NamedArchitecture.Name.LENET_300_100)
                .resolve(new InputShape(1, 28, 28, 255), 10),
            seed),
        Preparation.NONE);
  }

  private static void put(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Both are valid files, and of the same length is no more than a change of one byte. */
  @Test
  void aFileInAStoreIsTheOneThatItsReportIsOf() throws IOException {
    HadoopStageStore store = new HadoopStageStore(folder.resolve("store").toString(), hadoop);
    List<StageKey> keys = List.of(new StageKey("ab".repeat(32)), new StageKey("cd".repeat(32)));
    for (int i = 0; i < 2; i++) {
      TeacherStage.write(
          store, keys.get(i), new ArtifactReader().read(network(i)).toNetwork(), PROVENANCE);
    }
    Path file = folder.resolve("store/ab/" + "ab".repeat(32) + ".pare");
    byte[] own = Files.readAllBytes(file);
    byte[] other = Files.readAllBytes(folder.resolve("store/cd/" + "cd".repeat(32) + ".pare"));
    assertThatCode(() -> check("store/ab/" + file.getFileName())).doesNotThrowAnyException();
    Path link = Files.createSymbolicLink(folder.resolve("link.pare"), file);

    put(file, other);

    for (Path path : List.of(file, link)) {
      assertThatThrownBy(() -> ModelFile.read(path.toString(), hadoop, new ArtifactReader()::read))
          .isInstanceOf(ModelFile.OtherFileException.class)
          .hasMessageContaining("ab".repeat(32) + ".json says ")
          .hasMessageEndingWith("it is not the file that the stage has written");
      assertThatThrownBy(() -> ModelFile.check(path.toString(), hadoop))
          .isInstanceOf(ModelFile.OtherFileException.class);
    }
    put(file, own);
    assertThatCode(() -> check("store/ab/" + file.getFileName())).doesNotThrowAnyException();
    Files.delete(folder.resolve("store/ab/" + "ab".repeat(32) + ".json"));
    assertThatThrownBy(() -> check("store/ab/" + file.getFileName()))
        .hasMessageContaining("no report " + "ab".repeat(32) + ".json is beside it");
    // Elsewhere it is a file as any other.
    put(folder.resolve(file.getFileName()), other);
    check(file.getFileName().toString());
  }

  @Test
  void aFileOfPareCompressIsTheOneThatItsSumsAreOf() throws IOException {
    Path compressed = Files.createDirectories(folder.resolve("compressed"));
    put(compressed.resolve("net.pare"), network(1));
    put(compressed.resolve("mine.pare"), network(1));
    String sum = Sha256.hex(network(1));
    Files.writeString(
        compressed.resolve("SHA256SUMS"),
        "# written by pare compress\n" + sum + "  net.pare\n" + "0".repeat(64) + "  net.onnx\n");
    check("compressed/net.pare");

    put(compressed.resolve("net.pare"), network(2));
    put(compressed.resolve("mine.pare"), network(2));

    assertThatThrownBy(() -> check("compressed/net.pare"))
        .isInstanceOf(ModelFile.OtherFileException.class)
        .hasMessageEndingWith(
            "has SHA-256 %s, SHA256SUMS says %s: it is not the file that pare compress has written"
                .formatted(Sha256.hex(network(2)), sum));
    check("compressed/mine.pare");
    assertThatThrownBy(() -> check("compressed/net.onnx"))
        .hasMessageContaining("net.onnx: pare compress writes it, or was stopped");
    // A person's own sums say nothing of Pare's.
    Files.writeString(compressed.resolve("SHA256SUMS"), sum + "  net.pare\n");
    check("compressed/net.pare");
  }
}
