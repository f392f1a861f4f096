package dev.pare.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.folder.SweepFolder;
import dev.pare.folder.SweepOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusFileTest {
  private static final SweepStatus STATUS =
      new SweepStatus(
          "x",
          SweepStatus.State.RUNNING,
          "",
          9,
          10,
          8,
          7,
          6,
          5,
          4,
          0.5,
          Map.of("prune", 1.5),
          null,
          1,
          2);

  @TempDir private java.nio.file.Path folder;

  @Test
  void comesBack() throws IOException {
    StatusFile.write(results(), STATUS, results().writeConfiguration("own"));

    assertThat(StatusFile.read(results())).isEqualTo(STATUS);
    assertThat(StatusFile.find(results()).doubt()).isEmpty();
  }

  @Test
  void thatOfAnotherSweepIsRefused() throws IOException {
    String own = results().writeConfiguration("own");
    String other = "e7f2b8".repeat(10) + "abcd";
    StatusFile.write(results(), STATUS, other);
    // Of a driver that is no more, nothing follows.
    Files.writeString(
        folder.resolve("owner.json"),
        """
        {"run":"r","host":"elsewhere","process":1,"configuration":"%s","startedMillis":0,"renewedMillis":1}
        """
            .formatted(other));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StatusFile.read(results()))
        .withMessageContaining("status.json: is of another sweep: ")
        .withMessageContaining(other + ", but sweep.conf there has " + own);
  }

  /** It has the folder, and its configuration is not there yet. */
  @Test
  void thatOfTheDriverThatWritesThereIsRead() throws IOException {
    results().writeConfiguration("before");
    try (SweepOwner owner = SweepOwner.of(results(), "now")) {
      owner.check();
      SweepStatus since =
          new SweepStatus(
              "x",
              SweepStatus.State.RUNNING,
              "",
              9,
              10,
              8,
              7,
              6,
              5,
              4,
              0.5,
              Map.of("prune", 1.5),
              null,
              1,
              System.currentTimeMillis() + 1000);
      StatusFile.write(results(), since, SweepFolder.digest("now"));
      assertThat(StatusFile.find(results()).doubt()).isEmpty();
      // Of a run with the same configuration that ended before the driver began.
      StatusFile.write(results(), STATUS, SweepFolder.digest("now"));
      assertThat(StatusFile.find(results()).doubt())
          .get()
          .asString()
          .startsWith("it is of an earlier run, of 1970-01-01T00:00:00.002Z; the driver that");
    }
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> StatusFile.read(results()));
  }

  @Test
  void whereNothingBindsItThatIsSaid() throws IOException {
    StatusFile.write(results(), STATUS, SweepFolder.digest("own"));
    assertThat(StatusFile.find(results()).doubt()).contains("there is no sweep.conf beside it");

    results().writeConfiguration("own");
    java.nio.file.Path file = folder.resolve("status.json");
    String text = Files.readString(file).replaceFirst(",\\s*\"contentSha256\" : \"[0-9a-f]*\"", "");
    // As earlier versions wrote it.
    Files.writeString(file, text);
    Files.deleteIfExists(folder.resolve(".status.json.crc"));
    assertThat(StatusFile.find(results()).doubt())
        .contains("an earlier version wrote it, and nothing tells whether it was changed");
    Files.writeString(file, text.replaceFirst(",\\s*\"configurationSha256\" : \"[0-9a-f]*\"", ""));
    Files.deleteIfExists(folder.resolve(".status.json.crc"));
    assertThat(StatusFile.find(results()).status()).isEqualTo(STATUS);
    assertThat(StatusFile.find(results()).doubt())
        .get()
        .asString()
        .startsWith("an earlier version");
  }

  @Test
  void changedNumbersAreRefused() throws IOException {
    StatusFile.write(results(), STATUS, results().writeConfiguration("own"));
    java.nio.file.Path file = folder.resolve("status.json");
    String text = Files.readString(file);
    for (String was : new String[] {": 9,", ": 10,", ": 0.5,", ": 1.5", "\"x\"", "RUNNING"}) {
      assertThat(text).contains(was);
      Files.writeString(
          file,
          text.replaceFirst(
              was,
              was.equals("RUNNING")
                  ? "DONE"
                  : was.replaceAll("\\d(?=\\D*$)", "7").replace("x", "y")));
      Files.deleteIfExists(folder.resolve(".status.json.crc"));
      assertThatExceptionOfType(IOException.class)
          .as(was)
          .isThrownBy(() -> StatusFile.read(results()))
          .withMessageContaining("status.json: was changed: its content has SHA-256 ");
    }
    // Other blanks are no other content.
    Files.writeString(file, text.replace("\n", "\n "));
    assertThat(StatusFile.read(results())).isEqualTo(STATUS);
  }

  private SweepFolder results() {
    return new SweepFolder(new Path(folder.toUri()), new Configuration());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(?s).* | null",
        "(?s).* | []",
        "9, | null,",
        "9, | '\"9\",'",
        "9, | 1.5,",
        "\"x\" | null",
        "\"x\" | 5",
        "\"RUNNING\" | null",
        "\"RUNNING\" | 0",
        ": 1.5 | : null",
        ": 1.5 | : \"1.5\""
      })
  void whatIsNullOrOfAnotherTypeIsTold(String was, String now) throws IOException {
    Path out = new Path(folder.toUri());
    StatusFile.write(new SweepFolder(out, new Configuration()), STATUS, "0");
    java.nio.file.Path file = folder.resolve("status.json");
    Files.writeString(file, Files.readString(file).replaceFirst(was, now));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StatusFile.read(new SweepFolder(out, new Configuration())))
        .withMessageContaining("status.json: ")
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("dev.pare", "java.", "fasterxml"));
  }
}
