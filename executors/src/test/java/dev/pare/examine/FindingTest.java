package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingTest {
  @ParameterizedTest
  @CsvSource({
    "1.234e-10, 1.234e-10",
    "2500, 2500",
    "0.100, 0.1",
    "0, 0",
    "1e4, 1e+04",
    "1.5e20, 1.5e+20",
    "-30, -30",
    "7.05, 7.05",
    "NaN, ''"
  })
  void numbersLoseTheZerosThatSayNothing(double value, String text) {
    assertThat(Finding.Column.number("value", "value").text(value)).isEqualTo(text);
  }
}
