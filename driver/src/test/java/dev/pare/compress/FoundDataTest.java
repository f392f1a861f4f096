package dev.pare.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundDataTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text).toString();
  }

  private static FoundData find(String data, @Nullable String label) {
    return FoundData.of(data, null, label, HADOOP);
  }

  /** What a reader makes of it. */
  private TrainingData load(FoundData found, String... more) {
    var builder = found.builder().set("sweep.out", folder + "/out").set("teacher.model", "x");
    for (String each : more) {
      builder.override(each);
    }
    SweepSpec spec = builder.build();
    return DataLoader.loadTraining(spec.data(), HADOOP);
  }

  private static String rows(String separator, String... labels) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      rows.append(0.5 + i).append(separator).append(i * i + 0.25).append(separator);
      rows.append(labels[i % labels.length]).append('\n');
    }
    return rows.toString();
  }

  @Test
  void namesOfColumnsAndClassesAreFound() throws IOException {
    FoundData found =
        find(write("a.csv", "width;height;Class\n" + rows(";", "cat", "dog", "cow")), null);

    assertThat(found.told())
        .isEqualTo(
            "CSV with a line of names, names of classes in column Class, 15% of them for the test");
    TrainingData data = load(found);
    assertThat(data.form().shape().size()).isEqualTo(2);
    assertThat(data.preparation().classes()).containsExactly("cat", "cow", "dog");
    assertThat(data.train().size() + data.validation().size()).isEqualTo(51);
  }

  /** As pandas writes columns without names beside one that has a name. */
  @Test
  void numbersThatCountTheColumnsAreTheirNames() throws IOException {
    String rows = "5,6,7,8,9,cat\n4,4,4,4,4,dog\n1,2,3,4,6,cat\n".repeat(20);
    FoundData found = find(write("a.csv", "0,1,2,3,4,label\n" + rows), null);
    assertThat(found.told())
        .startsWith("CSV with a line of names, names of classes in column label");
    assertThat(load(found).preparation().classes()).containsExactly("cat", "dog");

    // A line like others is an example, whatever it counts.
    FoundData plain = find(write("b.csv", "0,1,2,3,4,dog\n" + rows), "6");
    assertThat(plain.told()).startsWith("CSV without a line of names");
    assertThat(load(plain).preparation().classes()).containsExactly("cat", "dog");
  }

  @Test
  void countedClassesKeepTheirNumbers() throws IOException {
    FoundData found = find(write("a.csv", rows("\t", "2", "0", "1")), "3");

    assertThat(found.told()).startsWith("CSV without a line of names, classes counted from 0 in");
    assertThat(load(found).preparation().classes()).isEmpty();
  }

  @Test
  void classesThatAreCountedFromOneAreNames() throws IOException {
    FoundData found = find(write("a.csv", rows(",", "1", "2", "3")), "3");

    assertThat(load(found).preparation().classes()).containsExactly("1", "2", "3");
  }

  @Test
  void fractionsAreNumbersToPredict() throws IOException {
    FoundData found = find(write("a.csv", "a,b,target\n" + rows(",", "1.5", "2", "3.25")), null);

    assertThat(found.settings()).containsEntry("data.task", "regression");
    assertThat(load(found).train().size()).isPositive();
  }

  @Test
  void whichColumnIsTheLabelIsAskedForWhereNoneHasAUsualName() throws IOException {
    String named = write("a.csv", "width,height,species\n" + rows(",", "cat", "dog"));
    String unnamed = write("b.csv", rows(",", "0", "1"));

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(named, null))
        .withMessage(
            "--data = %s: --label must say which column the label is in: width, height, species",
            named);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(unnamed, null))
        .withMessageContaining("its number from 1, as columns have no names");
    assertThat(load(find(named, "species")).preparation().classes()).containsExactly("cat", "dog");
  }

  @Test
  void testFilesBesideTheTrainingFileAreTaken() throws IOException {
    write("d/train.csv", "a,b,y\n" + rows(",", "0", "1"));
    write("d/test.csv", "a,b,y\n" + rows(",", "0", "1"));
    FoundData found = find(folder + "/d", null);

    assertThat(found.settings())
        .containsEntry("data.test.features", folder + "/d/test.csv")
        .doesNotContainKey("data.test-share");
    assertThat(load(found).train().size() + load(found).validation().size()).isEqualTo(60);
  }

  @Test
  void foldersWithUsualNamesAreFound() throws IOException {
    Path quickstart = Path.of(System.getProperty("pare.root"), "conf/quickstart");
    assertThat(find(quickstart.toString(), null).settings())
        .containsEntry("data.format", "idx")
        .containsEntry("data.train.features", quickstart + "/train-images-idx3-ubyte.gz")
        .containsEntry("data.test.labels", quickstart + "/t10k-labels-idx1-ubyte.gz");

    write("n/x_train.npy", "");
    write("n/y_train.npy", "");
    assertThat(find(folder + "/n", null).settings())
        .containsEntry("data.format", "numpy")
        .containsEntry("data.train.labels", folder + "/n/y_train.npy")
        .containsKey("data.test-share");

    for (String part : new String[] {"train", "test"}) {
      write("i/" + part + "/cat/1.png", "");
      write("i/" + part + "/dog/1.png", "");
    }
    assertThat(find(folder + "/i", null).settings())
        .containsEntry("data.format", "images")
        .containsEntry("data.train.features", folder + "/i/train")
        .containsEntry("data.test.features", folder + "/i/test");
    assertThat(find(folder + "/i/train", null).settings())
        .containsEntry("data.train.features", folder + "/i/train")
        .containsKey("data.test-share");

    assertThat(find(write("mnist.npz", ""), null).settings())
        .containsEntry("data.train.features", folder + "/mnist.npz#x_train")
        .containsEntry("data.test.labels", folder + "/mnist.npz#y_test");
    assertThat(find(write("t.parquet", ""), "kind").settings())
        .containsAllEntriesOf(
            Map.of("data.format", "parquet", "data.columns.label", (Object) "kind"));
    write("rows/part-0.parquet", "");
    assertThat(find(folder + "/rows", "kind").settings()).containsEntry("data.format", "parquet");
  }

  @Test
  void ofAllElseAConfigurationMustSayWhatItIs() throws IOException {
    String unknown = write("x.bin", "?");

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(unknown, null))
        .withMessageStartingWith("--data = " + unknown + ": is none of the kinds that are known")
        .withMessageEndingWith("--data mine.conf");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(folder + "/none", null))
        .withMessage("--data = %s/none: there is no such file or folder", folder);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(write("mnist.npz", ""), "kind"))
        .withMessageContaining("--label = kind: ");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find(write("empty.csv", ""), "kind"))
        .withMessageContaining("the file is empty");
  }
}
