package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where the examples are and how they are divided.
 *
 * @param format what kind of files they are
 * @param train the training data's files
 * @param test the test data's files
 * @param csv the layout of CSV files; IDX files have no use for it
 * @param shape of one example, for CSV files and IDX files of rank 2, whose features have no
 *     spatial order otherwise; null to leave them so
 * @param validation how many training examples are set apart for validation, at least 1
 * @param seed draws the validation examples
 * @param divisor what raw feature values are divided by before a network's first layer; null for
 *     255 where they are unsigned bytes of an IDX file, and 1 elsewhere. {@link Examples} stay
 *     undivided
 * @param task what labels are: classes; for regression numbers, of a CSV file's column or an IDX
 *     file of rank 1 or 2; for reconstruction 0 for what is normal and 1 for what is not, or none
 */
public record DataSettings(
    Format format,
    Files train,
    Files test,
    CsvLayout csv,
    @Nullable ExampleShape shape,
    int validation,
    long seed,
    @Nullable Float divisor,
    Task task)
    implements Serializable {
  public DataSettings {
    requireNonNull(task, "task is null");
    requireNonNull(format, "format is null");
    requireNonNull(train, "train is null");
    requireNonNull(test, "test is null");
    requireNonNull(csv, "csv is null");
    check(format, task, "data.train", train);
    check(format, task, "data.test", test);
    if (format == Format.CSV && csv.labelColumn() == null && task != Task.RECONSTRUCTION) {
      throw new IllegalArgumentException(
          "data.csv.label-column = none: must be a column, as data.task = " + task + " has labels");
    }
    if (validation < 1) {
      throw new IllegalArgumentException(
          "data.validation = " + validation + ": must be at least 1");
    }
    if (divisor != null && !(divisor > 0 && divisor <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "data.divisor = " + divisor + ": must be positive and finite");
    }
  }

  /** Of examples with classes. */
  public DataSettings(
      Format format,
      Files train,
      Files test,
      CsvLayout csv,
      @Nullable ExampleShape shape,
      int validation,
      long seed,
      @Nullable Float divisor) {
    this(format, train, test, csv, shape, validation, seed, divisor, Task.CLASSIFICATION);
  }

  private static void check(Format format, Task task, String key, Files files) {
    if (files.features().isBlank()) {
      throw new IllegalArgumentException(key + ".features: must name a file");
    }
    String labels = files.labels();
    switch (format) {
      case IDX -> {
        boolean needed = task != Task.RECONSTRUCTION || labels != null;
        if (needed && (labels == null || labels.isBlank())) {
          throw new IllegalArgumentException(
              key + ".labels: must name a file, as data.format = idx has labels apart");
        }
      }
      case CSV -> {
        if (labels != null) {
          throw new IllegalArgumentException(
              key
                  + (".labels = " + labels)
                  + ": must be left out, as data.format = csv has them in data.csv.label-column");
        }
      }
    }
  }

  /** Kinds of data files; each may be gzip-compressed, which is seen from its first bytes. */
  public enum Format {
    /** The format of MNIST: features and labels in two files of one array each. */
    IDX,
    /** Lines of numbers, the label in one of the columns. */
    CSV
  }

  /**
   * The files of one set of examples, at any path that Hadoop's FileSystem understands.
   *
   * @param labels the file of labels, null where labels are a column of {@code features}
   */
  public record Files(String features, @Nullable String labels) implements Serializable {
    public Files {
      requireNonNull(features, "features is null");
    }
  }
}
