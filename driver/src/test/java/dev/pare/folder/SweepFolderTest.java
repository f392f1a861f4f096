package dev.pare.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.pare.candidate.Sha256;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SweepFolderTest {
  @Test
  void noTeacherOfAnotherSweepStaysForDl4j(@TempDir Path folder) throws IOException {
    SweepFolder results = new SweepFolder(folder.toUri().toString(), new Configuration());

    Map<String, String> both = results.writeTeacher(network(Name.LENET_300_100), Preparation.NONE);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("teacher.pare", "teacher.zip");
    for (String name : List.of("teacher.pare", "teacher.zip")) {
      assertThat(both.get(name)).isEqualTo(Sha256.hex(Files.readAllBytes(folder.resolve(name))));
    }
    assertThat(results.writeTeacher(network(Name.LENET_300_100), Preparation.NONE)).isEqualTo(both);
    Map<String, String> one = results.writeTeacher(network(Name.RESNET), Preparation.NONE);
    assertThat(folder.toFile().list()).containsExactly("teacher.pare");
    assertThat(one).containsEntry("teacher.zip", "none");
  }

  private static Network network(Name name) {
    return Initialization.random(
        NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10), 1);
  }

  @Test
  @Timeout(60)
  void aPipeIsNotWaitedFor(@TempDir Path folder) throws IOException, InterruptedException {
    String pipe = folder.resolve("status.json").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    SweepFolder sweep = new SweepFolder(folder.toString(), new Configuration());
    assertThatIOException()
        .isThrownBy(() -> sweep.find("status.json"))
        .withMessage(pipe + ": is a pipe or a device, not a file");
    assertThatIOException()
        .isThrownBy(() -> sweep.find("status.json", content -> content))
        .withMessage(pipe + ": is a pipe or a device, not a file");
  }

  @Test
  void aFrontierFileTakesItsCardWithItAndNothingElse(@TempDir Path folder) throws IOException {
    Path best = Files.createDirectories(folder.resolve("best"));
    for (String name : List.of("a.pare", "a.md", "a.json", "b.pare", "b.md", "mine.md")) {
      Files.writeString(best.resolve(name), name);
    }
    String card = "{'version':1,'file':{'name':'a.pare','sha256':'0'},'findings':{}}";
    Files.writeString(best.resolve("a.json"), card.replace('\'', '"'));
    new SweepFolder(folder.toString(), new Configuration())
        .removeBest(Set.of("best/a.pare", "best/gone.pare", "best/../sweep.conf"));
    try (Stream<Path> left = Files.list(best)) {
      assertThat(left.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .containsExactlyInAnyOrder("b.pare", "b.md", "mine.md");
    }
  }

  @Test
  void whatIsNotItsCardStaysWhenAFrontierFileGoes(@TempDir Path folder) throws IOException {
    Path best = Files.createDirectories(folder.resolve("best"));
    String other = "{'version':1,'file':{'name':'c.pare','sha256':'0'},'findings':{}}";
    Files.writeString(best.resolve("a.json"), "mine");
    Files.writeString(best.resolve("a.md"), "mine");
    Files.writeString(best.resolve("b.json"), other.replace('\'', '"'));
    Files.writeString(best.resolve("b.md"), "mine");
    Files.writeString(best.resolve("d.md"), "mine");
    new SweepFolder(folder.toString(), new Configuration())
        .removeBest(Set.of("best/a.pare", "best/b.pare", "best/d.pare"));
    assertThat(best.toFile().list()).contains("a.json", "a.md", "b.json", "b.md", "d.md");
  }
}
