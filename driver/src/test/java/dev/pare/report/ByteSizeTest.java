package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "30000, 30000",
    "512B, 512",
    "30k, 30000",
    "30K, 30000",
    "30kB, 30000",
    "11.3 KB, 11300",
    "30KiB, 30720",
    "30ki, 30720",
    "1.5M, 1500000",
    "1MiB, 1048576",
    "2g, 2000000000",
    "1.0006k, 1000",
    "999999999999999999g, 9223372036854775807"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "30x", "30 k k", "1e3", "1,5k", "NaN", ".5k"})
  void refusesTheRest(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageStartingWith("\"" + text + "\" is no size");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "812, 812 B",
    "999, 999 B",
    "1000, 1.00 KB",
    "11300, 11.3 KB",
    "11349, 11.3 KB",
    "99960, 100.0 KB",
    "123456, 123 KB",
    "999499, 999 KB",
    "999500, 1.00 MB",
    "1066440, 1.07 MB",
    "5000000000000, 5000 GB"
  })
  void writesWhatPeopleRead(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }
}
