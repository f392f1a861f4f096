package dev.pare.data;

import static dev.pare.data.CsvLayout.Header.ABSENT;
import static dev.pare.data.CsvLayout.Header.PRESENT;
import static dev.pare.data.TestFiles.HADOOP;
import static dev.pare.data.TestFiles.PLAIN_CSV;
import static dev.pare.data.TestFiles.features;
import static dev.pare.data.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pare.candidate.Task;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFormatsTest {
  @TempDir private Path folder;

  @Test
  void formatsAreFoundByTheirNames() {
    assertThat(DataFormats.names())
        .containsExactlyInAnyOrder("idx", "csv", "numpy", "parquet", "images", "text", "toy");
    assertThat(DataFormats.names())
        .allSatisfy(name -> assertThat(DataFormats.of(name).name()).isEqualTo(name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataFormats.of("arff"))
        .withMessageStartingWith("data.format = arff: must be one of ")
        .withMessageContaining("csv, numpy, parquet, images");
  }

  @Test
  void aFormatOfOnesOwnIsOneClassAndOneLine() {
    String file = write(folder, "x", new byte[] {4, 5, 6, 7, 8});
    DataSettings settings = settings("toy", file, null, PLAIN_CSV, null);
    TrainingData data = DataLoader.loadTraining(settings, HADOOP);
    assertThat(data.train().size()).isEqualTo(4);
    Examples test = DataLoader.loadTest(settings, data.form(), HADOOP).examples();
    assertThat(features(test, 3)).containsExactly(7);
    assertThat(test.label(3)).isEqualTo(1);
  }

  @Test
  void ofTheSettingsThoseAreInTheKeyThatChangeWhatIsRead() {
    CsvLayout other = new CsvLayout(PRESENT, -1, ',');
    assertThat(settings("idx", "a", "b", PLAIN_CSV, null).layoutKey())
        .isEqualTo(settings("idx", "c", "d", other, null).layoutKey())
        .isEmpty();
    assertThat(settings("csv", "a", null, PLAIN_CSV, null).layoutKey())
        .isEqualTo(new CsvLayout(ABSENT, -1, ',').toString())
        .isNotEqualTo(settings("csv", "a", null, other, null).layoutKey());
    assertThat(settings("numpy", "a.npz#x", "a.npz#y", PLAIN_CSV, null).layoutKey())
        .isEqualTo(settings("numpy", "b.npz#x", "b.npz#y", PLAIN_CSV, null).layoutKey())
        .isNotEqualTo(settings("numpy", "a.npz#z", "a.npz#y", PLAIN_CSV, null).layoutKey());
    ExampleShape shape = new ExampleShape(1, 8, 8);
    assertThat(settings("images", "a", null, PLAIN_CSV, shape).layoutKey())
        .isNotEqualTo(
            settings("images", "a", null, PLAIN_CSV, new ExampleShape(1, 4, 16)).layoutKey());
  }

  /** One archive may hold the arrays of all. */
  @Test
  void whatIsReadOfValidationFilesIsInTheKeyToo() {
    assertThat(validated("all.npz#xv", "all.npz#yv").layoutKey())
        .isEqualTo(validated("moved.npz#xv", "moved.npz#yv").layoutKey())
        .isNotEqualTo(validated("all.npz#x2", "all.npz#yv").layoutKey())
        .isNotEqualTo(validated("all.npz#xv", "all.npz#y2").layoutKey())
        .isNotEqualTo(validated("xv.npy", "yv.npy").layoutKey());
    // As before there were any: what is in the store stays of use.
    assertThat(validated("xv.npy", "yv.npy").layoutKey())
        .isEqualTo(settings("numpy", "a.npz#x", "a.npz#y", PLAIN_CSV, null).layoutKey())
        .isEqualTo("NumPy[x, y]");
  }

  private static DataSettings validated(String features, String labels) {
    DataSettings.Files train = new DataSettings.Files("a.npz#x", "a.npz#y");
    return new DataSettings(
        "numpy",
        train,
        new DataSettings.Files(features, labels),
        train,
        PLAIN_CSV,
        null,
        0,
        7,
        null,
        TableSettings.NONE,
        Shares.NONE,
        DataSettings.ClassWeights.NONE,
        Task.CLASSIFICATION);
  }

  private static DataSettings settings(
      String format,
      String features,
      @Nullable String labels,
      CsvLayout csv,
      @Nullable ExampleShape shape) {
    DataSettings.Files files = new DataSettings.Files(features, labels);
    return new DataSettings(format, files, files, csv, shape, 1, 7, null);
  }
}
