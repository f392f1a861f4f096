package dev.pare.cli;

import dev.pare.data.DataException;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.prepare.Preparation;
import dev.pare.spec.SweepSpec;
import org.apache.hadoop.conf.Configuration;

/** The data that a .pare file is run on. */
final class FileData {
  private FileData() {}

  /**
   * A configuration's training and validation data.
   *
   * @param preparation of the file
   * @param conf the configuration's name
   * @throws DataException if the data are prepared otherwise
   */
  static TrainingData load(
      String file, Preparation preparation, String conf, SweepSpec sweep, Configuration hadoop) {
    TrainingData training = DataLoader.loadTraining(sweep.data(), hadoop);
    check(file, preparation, conf, training);
    return training;
  }

  /**
   * Makes sure that a file reads a configuration's rows as they are prepared.
   *
   * @throws DataException if it does not
   */
  static void check(String file, Preparation preparation, String conf, TrainingData training) {
    if (!preparation.equals(training.preparation())) {
      throw new DataException(
          file + ": prepares rows otherwise than " + conf + " has them; see pare inspect");
    }
  }
}
