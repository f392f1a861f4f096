package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;

/**
 * Loads examples from files; training and test data apart, as whoever trains never needs the test
 * data.
 *
 * <p>Throws {@link DataException} for files that are not there or do not fit, its subtype {@link
 * MalformedDataException} for what is in them, and {@link java.io.UncheckedIOException} when the
 * storage fails.
 */
public final class DataLoader {
  private DataLoader() {}

  /**
   * Loads the training data and sets some of them apart for validation. There are as many classes
   * as 1 + the largest label, from 2 to 65,536.
   */
  public static TrainingData loadTraining(DataSettings settings, Configuration hadoop) {
    Loaded loaded =
        load(settings, "data.train", settings.train(), ClassLabels.ofTraining(), hadoop);
    Examples all = loaded.data.examples();
    if (settings.validation() >= all.size()) {
      throw new DataException(
          ("data.validation = " + settings.validation() + ": must be below " + all.size())
              + ", the number of training examples");
    }
    SubsetExamples.Split split = SubsetExamples.draw(all, settings.validation(), settings.seed());
    return new TrainingData(split.rest(), split.drawn(), loaded.data.shape(), loaded.digest);
  }

  /**
   * Loads the test data.
   *
   * @param shape of the training data's examples; these must have it, too
   * @param classes of the training data; labels must be below it
   */
  public static TestData loadTest(
      DataSettings settings, ExampleShape shape, int classes, Configuration hadoop) {
    Loaded loaded =
        load(settings, "data.test", settings.test(), ClassLabels.within(classes), hadoop);
    if (!loaded.data.shape().equals(shape)) {
      throw new DataException(
          ("data.test.features = " + settings.test().features() + ": has examples of ")
              + (loaded.data.shape() + ", those of the training data are " + shape));
    }
    return new TestData(loaded.data.examples(), loaded.digest);
  }

  private static Loaded load(
      DataSettings settings,
      String key,
      DataSettings.Files files,
      ClassLabels allowed,
      Configuration hadoop) {
    return switch (settings.format()) {
      case IDX -> loadIdx(key, files, allowed, hadoop);
      case CSV -> loadCsv(key, files, allowed, settings.csv(), hadoop);
    };
  }

  private static Loaded loadIdx(
      String key, DataSettings.Files files, ClassLabels allowed, Configuration hadoop) {
    String location = requireNonNull(files.labels(), "labels is null");
    try (SourceFile labelsFile = SourceFile.open(key + ".labels", location, hadoop);
        SourceFile featuresFile = SourceFile.open(key + ".features", files.features(), hadoop)) {
      int[] labels = IdxFile.readLabels(labelsFile, allowed);
      ShapedExamples data =
          IdxFile.readFeatures(
              featuresFile, labels, labelsFile.name(), allowed.classes(labels, labelsFile));
      return new Loaded(data, combined(featuresFile.digest(), labelsFile.digest()));
    }
  }

  private static Loaded loadCsv(
      String key,
      DataSettings.Files files,
      ClassLabels allowed,
      CsvLayout layout,
      Configuration hadoop) {
    try (SourceFile file = SourceFile.open(key + ".features", files.features(), hadoop)) {
      ShapedExamples data = CsvFile.read(file, layout, allowed);
      return new Loaded(data, combined(file.digest()));
    }
  }

  private static String combined(byte[]... digests) {
    MessageDigest sha256 = StoredBytes.sha256();
    for (byte[] digest : digests) {
      sha256.update(digest);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private record Loaded(ShapedExamples data, String digest) {}
}
