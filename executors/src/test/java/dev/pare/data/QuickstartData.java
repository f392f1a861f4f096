package dev.pare.data;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The real MNIST subset that ships in conf/quickstart. */
public final class QuickstartData {
  private QuickstartData() {}

  /** 10,000 training and 2,000 validation examples. */
  public static TrainingData load() {
    Path folder = Path.of(System.getProperty("pare.root", ".."), "conf", "quickstart");
    return DataLoader.loadTraining(
        new DataSettings(
            "idx",
            files(folder, "train"),
            files(folder, "t10k"),
            new CsvLayout(CsvLayout.Header.ABSENT, -1, ','),
            null,
            2000,
            42,
            null),
        new Configuration());
  }

  private static DataSettings.Files files(Path folder, String part) {
    return new DataSettings.Files(
        folder.resolve(part + "-images-idx3-ubyte.gz").toUri().toString(),
        folder.resolve(part + "-labels-idx1-ubyte.gz").toUri().toString());
  }
}
