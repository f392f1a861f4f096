package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Sha256;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
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
          Files.createSymbolicLink(folder.resolveSibling("link-" + name), folder.resolve(name));

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
}
