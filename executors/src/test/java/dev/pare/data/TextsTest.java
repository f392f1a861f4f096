package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
  private static final String[] RUSSIAN =
      "быстрая лиса прыгает через ленивую собаку каждый день утром".split(" ");

  @TempDir private Path folder;

  private final Random random = new Random(3);

  private DataSummary summary(int steps, IntFunction<String> text) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      lines.append(i % 2 == 0 ? "pos" : "neg").append('\t').append(text.apply(i)).append('\n');
    }
    DataSettings.Files files =
        new DataSettings.Files(TestFiles.write(folder, "texts.txt", lines.toString()), null);
    return DataSummary.of(
        DataLoader.loadTraining(
            new DataSettings(
                "text", files, files, PLAIN_CSV, new ExampleShape(1, steps, 1), 20, 7, null),
            HADOOP));
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append(RUSSIAN[random.nextInt(RUSSIAN.length)]);
    }
    return words.toString();
  }

  /** All of 20 bytes but for every fourth, which is of 40. */
  @Test
  void lengthsAndCutsAreSaid() {
    IntFunction<String> text =
        i -> String.format("%010d", random.nextInt()).substring(0, 10).repeat(i % 4 == 3 ? 4 : 2);
    assertThat(summary(32, text).toString())
        .containsPattern(
            "; texts of a median of 20 bytes, of which 2[0-9][.][0-9]% take all 32 steps, where"
                + " longer ones are cut");
    assertThat(summary(64, text).toString()).contains("of which 0.0% take all 64 steps");
  }

  @Test
  void lettersThatAnotherEncodingLostAreDoubted() {
    // As encode('ascii', 'replace') and decode('utf-8', 'replace') of Python write them.
    Charset cyrillic = Charset.forName("windows-1251");
    IntFunction<String> asked =
        i -> new String(words(9).getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    IntFunction<String> replaced =
        i -> new String(words(9).getBytes(cyrillic), StandardCharsets.UTF_8);
    assertThat(summary(64, asked).doubts())
        .contains(
            "in 180 of 180 training texts more than a fifth is ? or U+FFFD: letters that another"
                + " encoding lost?");
    assertThat(summary(64, replaced).doubts()).anyMatch(doubt -> doubt.contains("U+FFFD"));
    assertThat(summary(64, i -> i % 5 == 0 ? asked.apply(i) : words(9)).doubts())
        .anyMatch(doubt -> doubt.contains("U+FFFD"));
    assertThat(summary(64, i -> words(5) + "? " + i).doubts())
        .noneMatch(doubt -> doubt.contains("U+FFFD"));
    assertThat(summary(64, i -> i % 3 == 0 ? "wh" + i + "??" : words(9)).doubts())
        .noneMatch(doubt -> doubt.contains("U+FFFD"));
  }

  @Test
  void bytesAsPythonPrintsThemAreDoubted() {
    assertThat(summary(64, i -> "b'" + words(3) + "'").doubts())
        .contains("180 of 180 training texts begin with b' or b\": bytes as Python prints them?");
    assertThat(summary(64, i -> (i % 20 == 0 ? "b\"" : "") + words(3)).doubts())
        .anyMatch(doubt -> doubt.contains("Python"));
    assertThat(summary(64, i -> "b " + words(3)).doubts())
        .noneMatch(doubt -> doubt.contains("Python"));
  }
}
