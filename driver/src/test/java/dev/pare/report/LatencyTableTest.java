package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.evaluate.Latency;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTableTest {
  private static final String HEADER = "sha256,batch,low_ms,median_ms,high_ms,file";

  /** Of the lines below without the last column, by sha256sum. */
  private static final String DIGEST =
      "90d23c4d916063fccb3e7da3dccb998dc36eb28a936b5a93deeffe8a95d05052";

  private static final LatencyTable TABLE =
      new LatencyTable(
          8,
          new LatencyTable.Row("00", "teacher.pare", new Latency(1, 1.5, 2)),
          List.of(new LatencyTable.Row("0a", "best/a.pare", new Latency(0.25, 0.5, 0.75))));

  @Test
  void whatIsWrittenIsRead() throws IOException {
    assertThat(TABLE.csv())
        .isEqualTo(
            (HEADER + ",table_sha256\n")
                + ("00,8,1.000000,1.500000,2.000000,teacher.pare," + DIGEST + "\n")
                + ("0a,8,0.250000,0.500000,0.750000,best/a.pare," + DIGEST + "\n"));
    assertThat(LatencyTable.read(TABLE.csv())).isEqualTo(TABLE);
    assertThat(TABLE.of("0a")).contains(new Latency(0.25, 0.5, 0.75));
    assertThat(TABLE.of("0b")).isEmpty();
  }

  @Test
  void whatWasChangedIsRefused() {
    String csv = TABLE.csv();
    List<String> lines = csv.lines().toList();
    String other =
        new LatencyTable(
                8,
                TABLE.teacher(),
                List.of(new LatencyTable.Row("0a", "best/a.pare", new Latency(0.1, 0.2, 0.3))))
            .csv();
    for (String changed :
        List.of(
            csv.replace("0.500000", "0.300000"),
            csv.replace("0a,8", "0b,8"),
            csv.replace("best/a", "best/b"),
            lines.get(0) + "\n" + lines.get(1) + "\n",
            lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1) + "\n",
            csv + lines.get(2) + "\n",
            lines.get(0) + "\n" + lines.get(1) + "\n" + other.lines().toList().get(2) + "\n")) {
      assertThatThrownBy(() -> LatencyTable.read(changed))
          .as(changed)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("was changed, or has rows of another table or lacks some: ")
          .hasMessageEndingWith("; `pare latency` of the results writes it anew");
    }
  }

  @Test
  void thatOfAnEarlierVersionIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> LatencyTable.read(HEADER + "\n00,1,1,1.5,2,teacher.pare\n"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "was written by an earlier version, and nothing tells whether it was changed since;"
                + " `pare latency` of the results writes it anew");
  }

  private static String sealed(String... lines) {
    return new SealedCsv(HEADER, "latencies", "").of(List.of(lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00,1,1,2|line 2: 4 values",
        "00,1,1,2,x,teacher.pare|line 2: For input",
        "00,1,3,2,1,teacher.pare|line 2: latency of 3.0, 2.0, 1.0 ms",
      })
  void aSpoiledTableIsRefusedWithItsLine(String line, String message) {
    assertThatThrownBy(() -> LatencyTable.read(sealed(line)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> LatencyTable.read(line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must begin with sha256,batch");
  }

  @Test
  void oneBatchIsForAll() {
    assertThatThrownBy(
            () -> LatencyTable.read(sealed("0,1,1,2,3,teacher.pare", "1,2,1,2,3,best/a")))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3: batch 2 after 1");
  }
}
