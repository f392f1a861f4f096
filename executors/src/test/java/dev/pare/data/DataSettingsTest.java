package dev.pare.data;

import static dev.pare.data.TestFiles.PLAIN_CSV;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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
