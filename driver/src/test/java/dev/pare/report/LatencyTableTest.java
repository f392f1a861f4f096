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
  private static final String HEADER = "sha256,batch,low_ms,median_ms,high_ms,file\n";

  @Test
  void whatIsWrittenIsRead() throws IOException {
    LatencyTable table =
        new LatencyTable(
            8,
            new LatencyTable.Row("00", "teacher.pare", new Latency(1, 1.5, 2)),
            List.of(new LatencyTable.Row("0a", "best/a.pare", new Latency(0.25, 0.5, 0.75))));

    assertThat(table.csv())
        .isEqualTo(
            HEADER
                + "00,8,1.000000,1.500000,2.000000,teacher.pare\n"
                + "0a,8,0.250000,0.500000,0.750000,best/a.pare\n");
    assertThat(LatencyTable.read(table.csv())).isEqualTo(table);
    assertThat(table.of("0a")).contains(new Latency(0.25, 0.5, 0.75));
    assertThat(table.of("0b")).isEmpty();
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
    assertThatThrownBy(() -> LatencyTable.read(HEADER + line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> LatencyTable.read(line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must begin with sha256,batch");
  }

  @Test
  void oneBatchIsForAll() {
    assertThatThrownBy(
            () -> LatencyTable.read(HEADER + "0,1,1,2,3,teacher.pare\n1,2,1,2,3,best/a\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3: batch 2 after 1");
  }
}
