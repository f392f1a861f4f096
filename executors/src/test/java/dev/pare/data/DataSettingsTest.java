package dev.pare.data;

import static dev.pare.data.TestFiles.PLAIN_CSV;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.candidate.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataSettingsTest {
  @Test
  void travelsToExecutors() throws Exception {
    for (DataSettings settings :
        new DataSettings[] {settings("idx", "labels", 5, 255f), settings("csv", null, 1, null)}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(settings);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(settings);
      }
    }
  }

  @Test
  void namesTheSettingThatIsWrong() {
    refuses("idx", null, 5, 255f, "data.train.labels: must name a file");
    refuses("csv", "l", 5, 255f, "data.train.labels = l: must be left out");
    refuses("idx", "l", 0, 255f, "data.validation = 0: must be at least 1");
    refuses("idx", "l", 5, 0f, "data.divisor = 0.0: must be positive");
    refuses("idx", "l", 5, Float.NaN, "data.divisor = NaN: must be positive");
  }

  @Test
  void settingsThatReadOtherExamplesHaveOtherKeys() {
    List<TableSettings> tables =
        List.of(
            table(List.of("y"), List.of("a", "b, c"), List.of(), List.of()),
            table(List.of("y"), List.of("a, b", "c"), List.of(), List.of()),
            table(List.of("y"), List.of("a", "b", "c"), List.of(), List.of()),
            table(List.of("y"), List.of("a, b, c"), List.of(), List.of()),
            table(List.of("y"), List.of("\"a\"", "b", "c"), List.of(), List.of()),
            table(List.of("y"), List.of("a\", \"b", "c"), List.of(), List.of()),
            table(List.of("y"), List.of("a\\", "b\\\""), List.of(), List.of()),
            table(List.of("y"), List.of("a\\\", \"b\""), List.of(), List.of()),
            table(List.of("y"), List.of(), List.of("a, b", "c"), List.of()),
            table(List.of("y"), List.of(), List.of("a", "b, c"), List.of()),
            table(List.of("y"), List.of(), List.of(), List.of("a, b", "c")),
            table(List.of("y"), List.of(), List.of(), List.of("a", "b, c")),
            table(List.of("y"), List.of("a], ignored=[b"), List.of(), List.of()),
            table(List.of("y"), List.of("a"), List.of(), List.of()),
            table(List.of("y"), List.of(" a"), List.of(), List.of()),
            table(List.of("x", "y"), List.of(), List.of(), List.of()),
            table(List.of("[x, y]"), List.of(), List.of(), List.of()),
            table(List.of("x, y"), List.of(), List.of(), List.of()),
            table(List.of(), List.of("a"), List.of(), List.of()),
            table(List.of("null"), List.of("a"), List.of(), List.of()));
    assertThat(tables.stream().map(table -> key("csv", "f", table)).toList())
        .doesNotHaveDuplicates();
    assertThat(
            Stream.of("a.npz#x, y", "a.npz#\"x\"", "a.npz#x", "a.npz#null", "a.npy")
                .map(features -> key("numpy", features, TableSettings.NONE))
                .toList())
        .doesNotHaveDuplicates();
  }

  /** What stores have under these keys is found again. */
  @Test
  void keysOfOrdinaryNamesAreWhatTheyWere() {
    assertThat(
            table(
                    List.of("y"),
                    List.of("Sepal.Length", "größe 2", "x_1", "-"),
                    List.of(),
                    List.of("x_1"))
                .toString())
        .isEqualTo(
            "TableSettings[label=y, features=[Sepal.Length, größe 2, x_1, -], ignored=[],"
                + " categorical=[x_1], classes=COUNTED, missing=Missing[kind=REFUSED,"
                + " constant=0.0], scaling=NONE]");
    assertThat(table(List.of("x", "y"), List.of(), List.of("id"), List.of()).toString())
        .startsWith("TableSettings[label=[x, y], features=[], ignored=[id], categorical=[],");
    assertThat(table(List.of(), List.of("a"), List.of(), List.of()).toString())
        .startsWith("TableSettings[label=null, features=[a], ");
    assertThat(key("numpy", "a.npz#x", TableSettings.NONE)).startsWith("NumPy[x, null]");
  }

  private static TableSettings table(
      List<String> labels, List<String> features, List<String> ignored, List<String> categorical) {
    return new TableSettings(
        labels,
        features,
        ignored,
        categorical,
        TableSettings.Classes.COUNTED,
        TableSettings.Missing.REFUSED,
        TableSettings.Scaling.NONE);
  }

  private static String key(String format, String features, TableSettings table) {
    DataSettings.Files files =
        new DataSettings.Files(features, format.equals("numpy") ? "labels.npy" : null);
    return new DataSettings(
            format,
            files,
            null,
            files,
            PLAIN_CSV,
            null,
            1,
            3,
            null,
            table,
            Shares.NONE,
            DataSettings.ClassWeights.NONE,
            Task.REGRESSION)
        .layoutKey();
  }

  private static void refuses(
      String format,
      @Nullable String labels,
      int validation,
      @Nullable Float divisor,
      String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(format, labels, validation, divisor))
        .withMessageStartingWith(message);
  }

  private static DataSettings settings(
      String format, @Nullable String labels, int validation, @Nullable Float divisor) {
    DataSettings.Files files = new DataSettings.Files("features", labels);
    return new DataSettings(format, files, files, PLAIN_CSV, null, validation, 3, divisor);
  }
}
