package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
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
  /** Of a column's name, in a message. */
  private static final int LONGEST_NAME = 40;

  private DataLoader() {}

  /**
   * Loads the training data and sets some of them apart for validation. There are as many classes
   * as 1 + the largest label, from 2 to 65,536.
   *
   * <p>Refuses labels that are all the same, and those of which more than half of the classes have
   * fewer than two examples: a column that holds something else.
   */
  public static TrainingData loadTraining(DataSettings settings, Configuration hadoop) {
    Loaded loaded =
        load(settings, "data.train", settings.train(), ClassLabels.ofTraining(), hadoop);
    Examples all = loaded.examples();
    int[] counts = counts(all);
    checkVariety(settings, "train", settings.train(), all, counts);
    checkClasses(settings, all, counts);
    if (settings.validation() >= all.size()) {
      throw new DataException(
          ("data.validation = " + settings.validation() + ": must be below " + all.size())
              + ", the number of training examples");
    }
    SubsetExamples.Split split = SubsetExamples.draw(all, settings.validation(), settings.seed());
    return new TrainingData(
        split.rest(), split.drawn(), loaded.shape(), loaded.divisor, loaded.digest);
  }

  /**
   * Loads the test data.
   *
   * @param shape of the training data's examples; these must have it, too
   * @param classes of the training data; labels must be below it
   * @param divisor of the training data; these must be divided by the same
   * @throws DataException if they do not fit the training data, or all have one label; if a line of
   *     names says other columns than the training data's
   */
  public static TestData loadTest(
      DataSettings settings, ExampleShape shape, int classes, float divisor, Configuration hadoop) {
    checkNames(settings, hadoop);
    Loaded loaded =
        load(settings, "data.test", settings.test(), ClassLabels.within(classes), hadoop);
    if (!loaded.shape().equals(shape)) {
      throw new DataException(
          ("data.test.features = " + settings.test().features() + ": has examples of ")
              + (loaded.shape() + ", those of the training data are " + shape));
    }
    if (loaded.divisor != divisor) {
      throw new DataException(
          ("data.test.features = " + settings.test().features() + ": is divided by ")
              + (loaded.divisor + ", the training data by " + divisor)
              + "; data.divisor is for both");
    }
    Examples all = loaded.examples();
    checkVariety(settings, "test", settings.test(), all, counts(all));
    return new TestData(loaded.examples(), loaded.digest);
  }

  /** Columns that have names must have the same in both files, in the same order. */
  private static void checkNames(DataSettings settings, Configuration hadoop) {
    if (settings.format() != DataSettings.Format.CSV
        || settings.csv().header() != CsvLayout.Header.PRESENT) {
      return;
    }
    List<String> trained = names("data.train", settings.train(), settings.csv(), hadoop);
    List<String> tested = names("data.test", settings.test(), settings.csv(), hadoop);
    for (int i = 0; i < Math.max(trained.size(), tested.size()); i++) {
      String own = i < trained.size() ? trained.get(i) : null;
      String other = i < tested.size() ? tested.get(i) : null;
      if (!Objects.equals(own, other)) {
        throw new DataException(
            ("data.test.features = " + settings.test().features() + ": column " + (i + 1) + " ")
                + ((other == null ? "is not there" : "is named " + quoted(other))
                    + (own == null
                        ? ", the training data have no such column"
                        : ", in the training data " + quoted(own)))
                + "; both must have the same columns in the same order");
      }
    }
  }

  private static List<String> names(
      String key, DataSettings.Files files, CsvLayout layout, Configuration hadoop) {
    try (SourceFile file = SourceFile.open(key + ".features", files.features(), hadoop)) {
      return CsvFile.names(file, layout);
    }
  }

  private static String quoted(String name) {
    String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  private static Loaded load(
      DataSettings settings,
      String key,
      DataSettings.Files files,
      ClassLabels allowed,
      Configuration hadoop) {
    Raw raw =
        switch (settings.format()) {
          case IDX -> loadIdx(key, files, allowed, hadoop);
          case CSV -> loadCsv(key, files, allowed, settings.csv(), hadoop);
        };
    Float divisor = settings.divisor();
    return new Loaded(
        raw.data.examples(),
        shape(settings.shape(), raw.data.shape(), key + ".features = " + files.features()),
        divisor == null ? raw.data.usualDivisor() : divisor,
        raw.digest);
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

  private static void checkVariety(
      DataSettings settings, String part, DataSettings.Files files, Examples all, int[] counts) {
    if (counts[all.label(0)] == all.size()) {
      String whose = part.equals("test") ? " of the test data" : "";
      throw new DataException(
          (where(settings, part, files) + ": every label" + whose + " is " + all.label(0))
              + "; there must be at least 2 classes");
    }
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
