package dev.pare.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Metric;
import dev.pare.importance.Importance;
import dev.pare.importance.Importance.Effect;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportanceTableTest {
  private static String text(Importance importance) {
    StringWriter text = new StringWriter();
    ImportanceTable.of(importance, Metric.ERROR).print(new PrintWriter(text));
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void settingsComeFirstThenPairsThatCountThenTheRest() {
    Importance importance =
        new Importance(
            2,
            16,
            3,
            16,
            List.of(
                new Effect(List.of("sparsity"), 0.75, 0.5),
                new Effect(List.of("bits"), 0.25, 0.125)),
            List.of(
                new Effect(List.of("bits", "sparsity"), 0, 0.25),
                new Effect(List.of("bits", "rate"), 0.009, 0.0)));

    assertThat(text(importance))
        .isEqualTo(
            """
            setting                         size %  validation error %
            sparsity                          75.0                50.0
            bits                              25.0                12.5
            bits × sparsity                    0.0                25.0
            other interactions, and chance     0.0                12.5
            """);
    assertThat(ImportanceTable.note(importance, Metric.ERROR))
        .isEqualTo(
            "Shares of the variance of log2(bytes) and of validation error over all combinations of"
                + " values, from 16 measured candidates; 3 with a value that no other has are left"
                + " out.");
  }

  @Test
  void ofWhatDoesNotVaryNothingIsLeft() {
    Importance importance =
        new Importance(
            2,
            4,
            0,
            4,
            List.of(
                new Effect(List.of("sparsity"), 1, 0), new Effect(List.of("temperature"), 0, 0)),
            List.of());
    assertThat(text(importance)).contains("chance     0.0                 0.0\n");
  }
}
