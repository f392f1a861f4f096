package dev.pare.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Augmentation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.Task;
import dev.pare.data.CsvLayout;
import dev.pare.data.DataException;
import dev.pare.data.DataForm;
import dev.pare.data.DataLoader;
import dev.pare.data.DataSettings;
import dev.pare.data.Examples;
import dev.pare.data.Shares;
import dev.pare.data.TableSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorResourcesTest {
  private final Configuration hadoop = new Configuration();

  @Test
  void filesThatHaveChangedAreReadAnew(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("train.csv");
    DataSettings.Files files = new DataSettings.Files(file.toUri().toString(), null);
    DataSettings settings =
        new DataSettings(
            "csv", files, files, new CsvLayout(CsvLayout.Header.ABSENT, 0, ','), null, 1, 42, null);
    Files.writeString(file, "0,1\n1,2\n0,3\n1,4\n");
    DistillationDataSource before = source(settings);
    Examples first = ExecutorResources.examples(before, hadoop);
    Files.writeString(file, "0,5\n1,6\n0,7\n1,8\n");
    DistillationDataSource after = source(settings);

    Examples second = ExecutorResources.examples(after, hadoop);
    assertThat(sum(first)).isLessThan(10);
    assertThat(sum(second)).isGreaterThan(17);
    Files.writeString(file, "0,5\n1,6\n0,7\n1,9\n");
    assertThat(ExecutorResources.examples(after, hadoop)).isSameAs(second);
    DistillationDataSource other =
        new DistillationDataSource(
            settings,
            after.augmentation(),
            "ef".repeat(32),
            after.teacher(),
            7L,
            after.store(),
            Metric.ERROR,
            "cpu");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> ExecutorResources.examples(other, hadoop))
        .withMessageContaining("on the driver");
  }

  /** Of the same files, which the training data standardize otherwise. */
  @Test
  void testDataArePreparedForTheTrainingDataAtHand(@TempDir Path folder) throws IOException {
    Path train = folder.resolve("train.csv");
    Path test = folder.resolve("test.csv");
    DataSettings settings =
        new DataSettings(
            "csv",
            new DataSettings.Files(train.toUri().toString(), null),
            null,
            new DataSettings.Files(test.toUri().toString(), null),
            new CsvLayout(CsvLayout.Header.ABSENT, 0, ','),
            null,
            1,
            42,
            null,
            new TableSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                TableSettings.Classes.COUNTED,
                TableSettings.Missing.REFUSED,
                TableSettings.Scaling.STANDARD),
            Shares.NONE,
            DataSettings.ClassWeights.NONE,
            Task.CLASSIFICATION);
    Files.writeString(test, "0,10\n1,10\n");
    Files.writeString(train, "0,1\n1,2\n0,1\n1,2\n");
    float before = sum(tested(settings));
    Files.writeString(train, "0,10\n1,20\n0,10\n1,20\n");

    float after = sum(tested(settings));

    assertThat(before).isGreaterThan(10);
    assertThat(after).isLessThan(1);
    DataForm form = DataLoader.loadTraining(settings, hadoop).form();
    String digest = ExecutorResources.loadTest(settings, form, hadoop).digest();
    assertThat(sum(ExecutorResources.test(settings, digest, form, hadoop))).isEqualTo(after);
  }

  private Examples tested(DataSettings settings) {
    DataForm form = ExecutorResources.loadTraining(settings, hadoop).form();
    return ExecutorResources.loadTest(settings, form, hadoop).examples();
  }

  private DistillationDataSource source(DataSettings settings) {
    return new DistillationDataSource(
        settings,
        new Augmentation(0, 1),
        DataLoader.loadTraining(settings, hadoop).digest(),
        new StageKey("ab".repeat(32)),
        7L,
        "file:///store",
        Metric.ERROR,
        "cpu");
  }

  private static float sum(Examples examples) {
    float sum = 0;
    float[] features = new float[examples.features()];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, features, 0);
      for (float feature : features) {
        sum += feature;
      }
    }
    return sum;
  }
}
