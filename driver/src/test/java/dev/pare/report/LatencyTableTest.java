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
  private static final String HEADER = "file,batch,low_ms,median_ms,high_ms\n";

  @Test
  void whatIsWrittenIsRead() throws IOException {
    LatencyTable table =
        new LatencyTable(
            8,
            new Latency(1, 1.5, 2),
            List.of(new LatencyTable.Row("best/a.pare", new Latency(0.25, 0.5, 0.75))));

    assertThat(table.csv())
        .isEqualTo(
            HEADER
                + "teacher,8,1.000000,1.500000,2.000000\n"
                + "best/a.pare,8,0.250000,0.500000,0.750000\n");
    assertThat(LatencyTable.read(table.csv())).isEqualTo(table);
    assertThat(table.of("best/a.pare")).contains(new Latency(0.25, 0.5, 0.75));
    assertThat(table.of("best/b.pare")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "teacher,1,1,2|line 2: 4 values",
        "teacher,1,1,2,x|line 2: For input",
        "teacher,1,3,2,1|line 2: latency of 3.0, 2.0, 1.0 ms",
        "best/a.pare,1,1,2,3|line 2: \"best/a.pare\" in place of the teacher",
      })
  void aSpoiledTableIsRefusedWithItsLine(String line, String message) {
    assertThatThrownBy(() -> LatencyTable.read(HEADER + line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> LatencyTable.read(line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must begin with file,batch");
  }

  @Test
  void oneBatchIsForAll() {
    assertThatThrownBy(() -> LatencyTable.read(HEADER + "teacher,1,1,2,3\na,2,1,2,3\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3: batch 2 after 1");
  }
}
