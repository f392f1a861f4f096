package dev.pare.compress;

import static java.util.Objects.requireNonNull;

import dev.pare.data.CsvHead;
import dev.pare.data.DataException;
import dev.pare.spec.SpecBuilder;
import dev.pare.spec.SweepSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Data of which nothing is known but their place: the format goes by the names of files, and what
 * columns of a CSV file are by its first lines.
 *
 * @param settings the keys of {@code data} that follow, as configurations have them
 * @param told what was found, for people
 */
public record FoundData(Map<String, Object> settings, String told) {
  /** Of the training files, where nothing else is there for validation and test. */
  private static final double VALIDATION_SHARE = 0.1;

  private static final double TEST_SHARE = 0.15;

  /** What a column of labels may be called, where nobody says which it is. */
  private static final Set<String> LABELS = Set.of("label", "class", "target", "y");

  /** Names of columns that a message lists. */
  private static final int MOST_NAMED = 20;

  private static final List<String> TABLES = List.of(".csv", ".csv.gz", ".parquet");

  /**
   * Files of features and labels, those of training first, by names that others have made usual.
   */
  private static final List<Pairs> PAIRS =
      List.of(
          new Pairs(
              "idx",
              new String[] {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
              new String[] {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}),
          new Pairs(
              "numpy",
              new String[] {"x_train.npy", "y_train.npy"},
              new String[] {"x_test.npy", "y_test.npy"}),
          new Pairs(
              "numpy",
              new String[] {"train.npy", "train-labels.npy"},
              new String[] {"test.npy", "test-labels.npy"}));

  private record Pairs(String format, String[] train, String[] test) {}

  public FoundData {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    requireNonNull(told, "told is null");
  }

  /** A specification that knows where the data are, for the rest to be said. */
  public SpecBuilder builder() {
    SpecBuilder builder = SweepSpec.builder();
    settings.forEach(builder::set);
    return builder;
  }

  /**
   * Looks at a file or folder.
   *
   * @param location any Hadoop path: a CSV or Parquet file, Keras's .npz, or a folder of files with
   *     usual names, or with a folder of images for each class
   * @param test the same kind of file with test examples; null for those in {@code location}, or if
   *     there are none a share of its examples
   * @param label the name of the label's column, or where columns have none its number from 1; null
   *     if it has one of the usual names
   * @throws DataException saying what to do instead, if nothing is known of such data
   */
  public static FoundData of(
      String location, @Nullable String test, @Nullable String label, Configuration hadoop) {
    try {
      Path path = new Path(location);
      FileSystem files = path.getFileSystem(hadoop);
      return files.getFileStatus(path).isDirectory()
          ? ofFolder(location, test, label, files, hadoop)
          : ofFile(location, test, label, hadoop);
    } catch (FileNotFoundException e) {
      throw new DataException("--data = " + location + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FoundData ofFile(
      String location, @Nullable String test, @Nullable String label, Configuration hadoop) {
    String name = new Path(location).getName().toLowerCase(Locale.ROOT);
    for (String ending : TABLES) {
      if (name.endsWith(ending)) {
        return table(location, ending, test, label, hadoop);
      }
    }
    refuseLabel(label, location);
    if (name.endsWith(".npz")) {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("data.format", "numpy");
      settings.put("data.train.features", location + "#x_train");
      settings.put("data.train.labels", location + "#y_train");
      settings.put("data.test.features", (test == null ? location : test) + "#x_test");
      settings.put("data.test.labels", (test == null ? location : test) + "#y_test");
      settings.put("data.validation-share", VALIDATION_SHARE);
      return new FoundData(settings, "arrays x_train, y_train, x_test and y_test of " + location);
    }
    throw unknown(location);
  }

  private static FoundData ofFolder(
      String location,
      @Nullable String test,
      @Nullable String label,
      FileSystem files,
      Configuration hadoop)
      throws IOException {
    for (Pairs pairs : PAIRS) {
      String features = there(location, pairs.train[0], files);
      String labels = there(location, pairs.train[1], files);
      if (features != null && labels != null) {
        refuseLabel(label, location);
        return pairs(pairs, location, test, features, labels, files);
      }
    }
    for (String ending : TABLES) {
      String train = location + "/train" + ending;
      if (files.exists(new Path(train))) {
        String other = location + "/test" + ending;
        boolean apart = test == null && files.exists(new Path(other));
        return table(train, ending, apart ? other : test, label, hadoop);
      }
    }
    FileStatus[] inside = files.listStatus(new Path(location));
    for (String ending : TABLES) {
      if (inside.length > 0 && all(inside, file -> file.isFile() && isCalled(file, ending))) {
        return table(location, ending, test, label, hadoop);
      }
    }
    refuseLabel(label, location);
    String train = location + "/train";
    if (isFolderOfFolders(train, files)) {
      String other = location + "/test";
      return images(
          train, test == null && isFolderOfFolders(other, files) ? other : test, location);
    }
    if (isFolderOfFolders(location, files)) {
      return images(location, test, location);
    }
    throw unknown(location);
  }

  private static FoundData pairs(
      Pairs pairs,
      String location,
      @Nullable String test,
      String features,
      String labels,
      FileSystem files)
      throws IOException {
    String folder = test == null ? location : test;
    String testFeatures = there(folder, pairs.test[0], files);
    String testLabels = there(folder, pairs.test[1], files);
    boolean apart = testFeatures != null && testLabels != null;
    if (test != null && !apart) {
      throw new DataException(
          "--test = %s: must be a folder with %s and %s"
              .formatted(test, pairs.test[0], pairs.test[1]));
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("data.format", pairs.format);
    settings.put("data.train.features", features);
    settings.put("data.train.labels", labels);
    if (testFeatures != null && testLabels != null) {
      settings.put("data.test.features", testFeatures);
      settings.put("data.test.labels", testLabels);
    }
    return new FoundData(
        shared(settings, apart), pairs.format + " files in " + location + testTold(apart));
  }

  private static FoundData images(String train, @Nullable String test, String location) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("data.format", "images");
    settings.put("data.train.features", train);
    if (test != null) {
      settings.put("data.test.features", test);
    }
    return new FoundData(
        shared(settings, test != null),
        "a folder of images for each class in " + location + testTold(test != null));
  }

  private static FoundData table(
      String location,
      String ending,
      @Nullable String test,
      @Nullable String label,
      Configuration hadoop) {
    Map<String, Object> settings = new LinkedHashMap<>();
    boolean apart = test != null;
    settings.put("data.train.features", location);
    if (test != null) {
      settings.put("data.test.features", test);
    }
    shared(settings, apart);
    if (ending.equals(".parquet")) {
      if (label == null) {
        throw new DataException(
            "--data = " + location + ": --label must name the column of the label");
      }
      settings.put("data.format", "parquet");
      settings.put("data.columns.label", label);
      return new FoundData(
          settings, "a Parquet table, labels in column " + label + testTold(apart));
    }
    CsvHead head = CsvHead.read("--data", location, hadoop);
    String column = label == null ? usualLabel(head, location) : label;
    settings.put("data.format", "csv");
    settings.put("data.csv.header", !head.names().isEmpty());
    settings.put("data.csv.separator", String.valueOf(head.separator()));
    settings.put("data.columns.label", column);
    String kind = labels(head, column, settings);
    return new FoundData(
        settings,
        "CSV %s a line of names, %s in column %s%s"
            .formatted(head.names().isEmpty() ? "without" : "with", kind, column, testTold(apart)));
  }

  private static String usualLabel(CsvHead head, String location) {
    Set<String> found = new TreeSet<>();
    for (String name : head.names()) {
      if (LABELS.contains(name.toLowerCase(Locale.ROOT))) {
        found.add(name);
      }
    }
    if (found.size() == 1) {
      return found.iterator().next();
    }
    List<String> names = head.names().subList(0, Math.min(MOST_NAMED, head.names().size()));
    throw new DataException(
        "--data = %s: --label must say which column the label is in: %s"
            .formatted(
                location,
                names.isEmpty()
                    ? "its number from 1, as columns have no names"
                    : String.join(", ", names)
                        + (names.size() < head.names().size() ? ", …" : "")));
  }

  /** What labels are, by those of the first lines. */
  private static String labels(CsvHead head, String column, Map<String, Object> settings) {
    int index = head.names().indexOf(column);
    if (index < 0 && head.names().isEmpty() && column.matches("\\d{1,6}")) {
      index = Integer.parseInt(column) - 1;
    }
    boolean whole = true;
    boolean numbers = true;
    double least = Double.POSITIVE_INFINITY;
    for (List<String> row : head.rows()) {
      if (index < 0 || index >= row.size()) {
        // The reader says what is wrong.
        return "labels";
      }
      try {
        double value = Double.parseDouble(row.get(index));
        whole &= value == Math.rint(value);
        least = Math.min(least, value);
      } catch (NumberFormatException e) {
        numbers = false;
      }
    }
    if (numbers && !whole) {
      settings.put("data.task", "regression");
      return "numbers to predict";
    }
    boolean counted = numbers && least == 0;
    settings.put("data.classes", counted ? "counted" : "named");
    return counted ? "classes counted from 0" : "names of classes";
  }

  /** Sets apart what has no files of its own. */
  private static Map<String, Object> shared(Map<String, Object> settings, boolean testApart) {
    settings.put("data.validation-share", VALIDATION_SHARE);
    if (!testApart) {
      settings.put("data.test-share", TEST_SHARE);
    }
    return settings;
  }

  private static String testTold(boolean apart) {
    return apart ? "" : ", %.0f%% of them for the test".formatted(100 * TEST_SHARE);
  }

  private static @Nullable String there(String folder, String name, FileSystem files)
      throws IOException {
    for (String ending : List.of("", ".gz")) {
      String file = folder + "/" + name + ending;
      if (files.exists(new Path(file))) {
        return file;
      }
    }
    return null;
  }

  private static boolean isFolderOfFolders(String folder, FileSystem files) throws IOException {
    Path path = new Path(folder);
    if (!files.exists(path) || !files.getFileStatus(path).isDirectory()) {
      return false;
    }
    FileStatus[] inside = files.listStatus(path);
    return inside.length > 1 && all(inside, FileStatus::isDirectory);
  }

  /** Of what is not hidden. */
  private static boolean all(FileStatus[] inside, Predicate<FileStatus> condition) {
    for (FileStatus file : inside) {
      String name = file.getPath().getName();
      if (!name.startsWith(".") && !name.startsWith("_") && !condition.test(file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCalled(FileStatus file, String ending) {
    return file.getPath().getName().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  private static void refuseLabel(@Nullable String label, String location) {
    if (label != null) {
      throw new DataException(
          "--label = " + label + ": --data = " + location + " is no table, which has columns");
    }
  }

  private static DataException unknown(String location) {
    return new DataException(
        ("--data = %s: is none of the kinds that are known by their names: a .csv, .csv.gz or"
                + " .parquet file, or a folder of them; Keras's .npz; a folder with MNIST's files,"
                + " with x_train.npy and y_train.npy, with train.csv, or with a folder of images for"
                + " each class. A configuration with the section data says of all others what they"
                + " are: --data mine.conf")
            .formatted(location));
  }
}
