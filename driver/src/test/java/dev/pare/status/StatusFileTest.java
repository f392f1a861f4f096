package dev.pare.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.folder.SweepFolder;
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
    Path out = new Path(folder.toUri());
    StatusFile.write(new SweepFolder(out, new Configuration()), STATUS);

    assertThat(StatusFile.read(new SweepFolder(out, new Configuration()))).isEqualTo(STATUS);
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
    StatusFile.write(new SweepFolder(out, new Configuration()), STATUS);
    java.nio.file.Path file = folder.resolve("status.json");
    Files.writeString(file, Files.readString(file).replaceFirst(was, now));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StatusFile.read(new SweepFolder(out, new Configuration())))
        .withMessageContaining("status.json: ")
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("dev.pare", "java.", "fasterxml"));
  }
}
