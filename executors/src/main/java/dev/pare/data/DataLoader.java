package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

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
   *
   * <p>Refuses labels that are all the same, and those of which more than half of the classes have
   * fewer than two examples: a column that holds something else. For reconstruction, what is not
   * normal is validated with, but not trained on.
   */
  public static TrainingData loadTraining(DataSettings settings, Configuration hadoop) {
    Loaded loaded =
        load(settings, "data.train", settings.train(), ClassLabels.ofTraining(), hadoop);
    Examples all = loaded.examples();
    checkLabels(settings, "train", settings.train(), all);
    if (settings.task() == Task.CLASSIFICATION) {
      checkClasses(settings, all, counts(all));
    }
    if (settings.validation() >= all.size()) {
      throw new DataException(
          ("data.validation = " + settings.validation() + ": must be below " + all.size())
              + ", the number of training examples");
    }
    SubsetExamples.Split split = SubsetExamples.draw(all, settings.validation(), settings.seed());
    return new TrainingData(
        trained(settings, split.rest()),
        split.drawn(),
        loaded.shape(),
        loaded.divisor,
        loaded.digest);
  }

  private static Examples trained(DataSettings settings, Examples rest) {
    if (settings.task() != Task.RECONSTRUCTION || rest.classes() == 1) {
      return rest;
    }
    Examples normal = SubsetExamples.ofLabel(rest, 0);
    if (normal.size() == 0) {
      throw new DataException(
          where(settings, "train", settings.train())
              + ": no example that is left for training is normal, labelled 0");
    }
    return normal;
  }

  /**
   * Loads the test data.
   *
   * @param shape of the training data's examples; these must have it, too
   * @param outputs of networks for the training data; labels must be below it, targets have as many
   *     numbers
   * @param divisor of the training data; these must be divided by the same
   * @throws DataException if they do not fit the training data, or all have one label
   */
  public static TestData loadTest(
      DataSettings settings, ExampleShape shape, int outputs, float divisor, Configuration hadoop) {
    Loaded loaded =
        load(settings, "data.test", settings.test(), ClassLabels.within(outputs), hadoop);
    if (!loaded.shape().equals(shape)) {
      throw new DataException(
          ("data.test.features = " + settings.test().features() + ": has examples of ")
              + (loaded.shape() + ", those of the training data are " + shape));
    }
    if (loaded.examples().outputs() != outputs) {
      throw new DataException(
          (where(settings, "test", settings.test()) + ": has targets of ")
              + (loaded.examples().outputs() + " numbers, those of the training data have ")
              + outputs);
    }
    if (loaded.divisor != divisor) {
      throw new DataException(
          ("data.test.features = " + settings.test().features() + ": is divided by ")
              + (loaded.divisor + ", the training data by " + divisor)
              + "; data.divisor is for both");
    }
    checkLabels(settings, "test", settings.test(), loaded.examples());
    return new TestData(loaded.examples(), loaded.digest);
  }

  private static Loaded load(
      DataSettings settings,
      String key,
      DataSettings.Files files,
      ClassLabels classes,
      Configuration hadoop) {
    Raw raw =
        switch (settings.task()) {
          case CLASSIFICATION -> loadLabelled(settings, key, files, classes, hadoop);
          case REGRESSION -> loadWithTargets(settings, key, files, hadoop);
          case RECONSTRUCTION ->
              isLabelled(settings, files)
                  ? loadLabelled(settings, key, files, ClassLabels.ofAnomalies(), hadoop)
                  : loadFeatures(settings, key, files, hadoop);
        };
    Float set = settings.divisor();
    float divisor = set == null ? raw.data.usualDivisor() : set;
    Examples examples = raw.data.examples();
    return new Loaded(
        settings.task() == Task.RECONSTRUCTION
            ? new ReconstructedExamples(examples, divisor)
            : examples,
        shape(settings.shape(), raw.data.shape(), key + ".features = " + files.features()),
        divisor,
        raw.digest);
  }

  private static boolean isLabelled(DataSettings settings, DataSettings.Files files) {
    return switch (settings.format()) {
      case IDX -> files.labels() != null;
      case CSV -> settings.csv().labelColumn() != null;
    };
  }

  private static Raw loadLabelled(
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

  private static Raw loadFeatures(
      DataSettings settings, String key, DataSettings.Files files, Configuration hadoop) {
    return switch (settings.format()) {
      case CSV -> loadCsv(key, files, ClassLabels.none(), settings.csv().withoutLabels(), hadoop);
      case IDX -> {
        try (SourceFile file = SourceFile.open(key + ".features", files.features(), hadoop)) {
          yield new Raw(IdxFile.readFeatures(file), combined(file.digest()));
        }
      }
    };
  }

  private static Raw loadWithTargets(
      DataSettings settings, String key, DataSettings.Files files, Configuration hadoop) {
    Raw raw = loadFeatures(settings, key, files, hadoop);
    return switch (settings.format()) {
      case CSV -> {
        int column = requireNonNull(settings.csv().labelColumn(), "labelColumn is null");
        yield new Raw(split(raw.data, column, key, files), raw.digest);
      }
      case IDX -> {
        String location = requireNonNull(files.labels(), "labels is null");
        try (SourceFile file = SourceFile.open(key + ".labels", location, hadoop)) {
          ShapedExamples data = withTargets(raw.data, IdxFile.readTargets(file), key, location);
          yield new Raw(data, combined(HexFormat.of().parseHex(raw.digest), file.digest()));
        }
      }
    };
  }

  private static ShapedExamples withTargets(
      ShapedExamples data, IdxFile.Targets targets, String key, String location) {
    Examples examples = data.examples();
    if (targets.examples() != examples.size()) {
      throw new DataException(
          (key + ".labels = " + location + ": has targets of " + targets.examples())
              + (" examples, " + key + ".features has " + examples.size() + " examples"));
    }
    return new ShapedExamples(
        new TargetExamples(examples, targets.values()), data.shape(), data.usualDivisor());
  }

  /** Makes one of the columns the target. */
  private static ShapedExamples split(
      ShapedExamples data, int column, String key, DataSettings.Files files) {
    Examples all = data.examples();
    int columns = all.features();
    int target = column < 0 ? columns + column : column;
    if (target < 0 || target >= columns || columns < 2) {
      throw new DataException(
          (key + ".features = " + files.features() + ": has " + columns)
              + ((columns == 1 ? " column" : " columns") + ", but data.csv.label-column = ")
              + column);
    }
    float[] row = new float[columns];
    float[] features = new float[Math.multiplyExact(all.size(), columns - 1)];
    float[] targets = new float[all.size()];
    for (int i = 0; i < all.size(); i++) {
      all.copyFeatures(i, row, 0);
      int from = i * (columns - 1);
      System.arraycopy(row, 0, features, from, target);
      System.arraycopy(row, target + 1, features, from + target, columns - 1 - target);
      targets[i] = row[target];
    }
    return new ShapedExamples(
        new TargetExamples(
            new FloatExamples(features, columns - 1, new int[all.size()], 1), targets),
        new ExampleShape(columns - 1, 1, 1),
        data.usualDivisor());
  }

  /** Flat features take the shape that is set; those that have one of their own must agree. */
  private static ExampleShape shape(@Nullable ExampleShape set, ExampleShape own, String file) {
    if (set == null || set.equals(own)) {
      return own;
    }
    boolean flat = own.height() == 1 && own.width() == 1;
    if (!flat || set.size() != own.size()) {
      throw new DataException(
          ("data.shape = [" + set.channels() + ", " + set.height() + ", " + set.width() + "]: has ")
              + (set.size() + (set.size() == 1 ? " value" : " values") + ", but " + file)
              + (" has examples of " + own));
    }
    return set;
  }

  private static int[] counts(Examples all) {
    int[] counts = new int[all.classes()];
    for (int i = 0; i < all.size(); i++) {
      counts[all.label(i)]++;
    }
    return counts;
  }

  private static String where(DataSettings settings, String part, DataSettings.Files files) {
    return switch (settings.format()) {
      case IDX -> "data." + part + ".labels = " + files.labels();
      case CSV -> "data.csv.label-column = " + settings.csv().labelColumn();
    };
  }

  /** Classes and targets differ; of anomalies there need be none. */
  private static void checkLabels(
      DataSettings settings, String part, DataSettings.Files files, Examples all) {
    String whose = part.equals("test") ? " of the test data" : "";
    if (settings.task() == Task.REGRESSION && !targetsDiffer(all)) {
      throw new DataException(
          where(settings, part, files) + ": the targets" + whose + " are all the same");
    }
    if (settings.task() == Task.CLASSIFICATION && counts(all)[all.label(0)] == all.size()) {
      throw new DataException(
          (where(settings, part, files) + ": every label" + whose + " is " + all.label(0))
              + "; there must be at least 2 classes");
    }
  }

  private static boolean targetsDiffer(Examples all) {
    float[] first = new float[all.outputs()];
    float[] other = new float[all.outputs()];
    all.copyTarget(0, first, 0);
    for (int i = 1; i < all.size(); i++) {
      all.copyTarget(i, other, 0);
      if (!Arrays.equals(first, other)) {
        return true;
      }
    }
    return false;
  }

  private static void checkClasses(DataSettings settings, Examples all, int[] counts) {
    String where = where(settings, "train", settings.train());
    long rare = Arrays.stream(counts).filter(count -> count < 2).count();
    if (2 * rare > counts.length) {
      throw new DataException(
          (where + ": " + rare + " of the " + counts.length + " classes, 0 to the largest label, ")
              + ("have fewer than 2 of the "
                  + all.size()
                  + " training examples; are these labels?"));
    }
  }

  private static Raw loadIdx(
      String key, DataSettings.Files files, ClassLabels allowed, Configuration hadoop) {
    String location = requireNonNull(files.labels(), "labels is null");
    try (SourceFile labelsFile = SourceFile.open(key + ".labels", location, hadoop);
        SourceFile featuresFile = SourceFile.open(key + ".features", files.features(), hadoop)) {
      int[] labels = IdxFile.readLabels(labelsFile, allowed);
      ShapedExamples data =
          IdxFile.readFeatures(featuresFile, labels, labelsFile.name(), allowed.classes(labels));
      return new Raw(data, combined(featuresFile.digest(), labelsFile.digest()));
    }
  }

  private static Raw loadCsv(
      String key,
      DataSettings.Files files,
      ClassLabels allowed,
      CsvLayout layout,
      Configuration hadoop) {
    try (SourceFile file = SourceFile.open(key + ".features", files.features(), hadoop)) {
      ShapedExamples data = CsvFile.read(file, layout, allowed);
      return new Raw(data, combined(file.digest()));
    }
  }

  private static String combined(byte[]... digests) {
    MessageDigest sha256 = StoredBytes.sha256();
    for (byte[] digest : digests) {
      sha256.update(digest);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private record Raw(ShapedExamples data, String digest) {}

  private record Loaded(Examples examples, ExampleShape shape, float divisor, String digest) {}
}
