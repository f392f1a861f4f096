package dev.pare.data;

import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFormatTest {
  private static final ExampleShape FIVE = new ExampleShape(1, 5, 1);

  @TempDir private Path folder;

  private DataSettings settings(String file, @Nullable ExampleShape shape) {
    DataSettings.Files files = new DataSettings.Files(file, null);
    return new DataSettings("text", files, files, PLAIN_CSV, shape, 1, 7, null);
  }

  private Examples test(DataSettings settings) {
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.divisor()).isEqualTo(1);
    assertThat(data.shape()).isEqualTo(settings.shape());
    return DataLoader.loadTest(settings, data.form(), HADOOP).examples();
  }

  @Test
  void bytesAreTokensCutOrFilledUpWithZeros() {
    String lines = "de\tAbend\nfr\t\u00e9t\u00e9s\r\nde\tab\tc\nfr\t\nde\tzu spät";
    Examples examples = test(settings(TestFiles.write(folder, "words.txt", lines), FIVE));
    assertThat(examples.size()).isEqualTo(5);
    assertThat(examples.classes()).isEqualTo(2);
    float[][] expected = {
      {'A', 'b', 'e', 'n', 'd'},
      {0xC3, 0xA9, 't', 0xC3, 0xA9},
      {'a', 'b', '\t', 'c', 0},
      {0, 0, 0, 0, 0},
      {'z', 'u', ' ', 's', 'p'},
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(features(examples, i)).containsExactly(expected[i]);
      assertThat(examples.label(i)).isEqualTo(i % 2);
    }
  }

  /** Labels may count from 1, and be in several files, some of them gzipped. */
  @Test
  void labelsAreNames() {
    TestFiles.write(folder, "a.txt", "2\tx\n1\ty\n3\tz\n");
    byte[] more = "10\tv\n1\tw\n2\tx\n3\ty\n10\tz\n".getBytes(StandardCharsets.UTF_8);
    TestFiles.write(folder, "b.txt.gz", TestFiles.gzip(more));
    DataSettings settings = settings(folder.toString(), FIVE);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.preparation().classes()).containsExactly("1", "2", "3", "10");
    Examples examples = DataLoader.loadTest(settings, data.form(), HADOOP).examples();
    int[] labels = {1, 0, 2, 3, 0, 1, 2, 3};
    for (int i = 0; i < labels.length; i++) {
      assertThat(examples.label(i)).as("example %d", i).isEqualTo(labels[i]);
    }
    TestFiles.write(folder, "a.txt", "2\tX\n1\ty\n3\tz\n");
    assertThat(DataLoader.loadTraining(settings, HADOOP).digest()).isNotEqualTo(data.digest());
  }

  @Test
  void whatIsNoLineOfLabelAndTextIsNamedByItsPlace() throws IOException {
    String file = TestFiles.write(folder, "bad.txt", "a\tx\nb\ty\nno tab\n");
    refuses(settings(file, FIVE), "line 3: has no tab, which must stand between its label and its");
    String latin = folder.resolve("latin.txt").toString();
    Files.write(Path.of(latin), "a\tx\ncaf\u00e9\ty\n".getBytes(StandardCharsets.ISO_8859_1));
    refuses(settings(latin, FIVE), "line 2: the label is not UTF-8");
    refuses(settings(TestFiles.write(folder, "empty.txt", ""), FIVE), "has no lines");
    refuses(settings(TestFiles.write(folder, "one.txt", "\tx\n"), FIVE), "line 1: ");
    for (ExampleShape shape :
        new ExampleShape[] {null, new ExampleShape(2, 5, 1), new ExampleShape(1, 1, 5)}) {
      refuses(settings(file, shape), "data.shape: must be set, as [1, steps, 1], as data.format");
    }
  }

  private static void refuses(DataSettings settings, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataLoader.loadTraining(settings, HADOOP))
        .withMessageContaining(message);
  }
}
