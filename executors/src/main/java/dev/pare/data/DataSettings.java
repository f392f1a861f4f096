package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where the examples are and how they are divided.
 *
 * @param format what kind of files they are, one of {@link DataFormats#names()}
 * @param train the training data's files
 * @param validationFiles the validation data's files; null where they are drawn from the training
 *     data
 * @param test the test data's files; null where they are a share of the training data
 * @param csv the layout of CSV files; others have no use for it
 * @param shape of one example: for flat features, which have no spatial order otherwise, and for
 *     images, which are brought to it; null to leave them so
 * @param validation how many training examples are set apart for validation, at least 1, unless a
 *     share of them is; 0 where the validation data have files of their own
 * @param seed draws the validation examples
 * @param divisor what raw feature values are divided by before a network's first layer; null for
 *     255 where they are unsigned bytes, and 1 elsewhere. {@link Examples} stay undivided
 * @param table what columns are and become
 * @param shares of the training data for validation and test
 * @param classWeights how much the classes count when networks train
 * @param task what labels are: classes; for regression numbers, of a column, or of an array of rank
 *     1 or 2; for reconstruction 0 for what is normal and 1 for what is not, or none
 */
public record DataSettings(
    String format,
    Files train,
    @Nullable Files validationFiles,
    @Nullable Files test,
    CsvLayout csv,
    @Nullable ExampleShape shape,
    int validation,
    long seed,
    @Nullable Float divisor,
    TableSettings table,
    Shares shares,
    ClassWeights classWeights,
    Task task)
    implements Serializable {
  public DataSettings {
    requireNonNull(format, "format is null");
    requireNonNull(train, "train is null");
    requireNonNull(csv, "csv is null");
    requireNonNull(table, "table is null");
    requireNonNull(shares, "shares is null");
    requireNonNull(classWeights, "classWeights is null");
    requireNonNull(task, "task is null");
    DataFormat reader = DataFormats.of(format);
    check(reader, task, "data.train", train);
    if (validationFiles != null) {
      check(reader, task, "data.validation", validationFiles);
    }
    if (test != null) {
      check(reader, task, "data.test", test);
    }
    if (task != Task.CLASSIFICATION) {
      checkNoClasses(task, table, classWeights);
    }
    if (task == Task.REGRESSION && reader.namesClasses()) {
      throw new IllegalArgumentException(
          "data.format = " + format + ": has classes, not numbers as data.task = " + task);
    }
    if (table.labels().size() > 1 && task != Task.REGRESSION) {
      throw new IllegalArgumentException(
          "data.columns.label = %s: must be one column, as data.task = %s"
              .formatted(table.label(), task));
    }
    if (reader instanceof CsvFormat
        && csv.labelColumn() == null
        && table.labels().isEmpty()
        && task != Task.RECONSTRUCTION) {
      throw new IllegalArgumentException(
          "data.csv.label-column = none: must be a column, as data.task = " + task + " has labels");
    }
    if ((test == null) != (shares.test() > 0)) {
      throw new IllegalArgumentException(
          "data.test-share = " + shares.test() + ": either this or data.test must be set");
    }
    if (validationFiles == null && validation < 1) {
      throw new IllegalArgumentException(
          "data.validation = " + validation + ": must be at least 1");
    }
    if (validationFiles != null && (validation != 0 || shares.validation() > 0)) {
      throw new IllegalArgumentException(
          ("data.validation = " + validation + ", data.validation-share = " + shares.validation())
              + ": must be left out, as data.validation.features names files");
    }
    if (divisor != null && !(divisor > 0 && divisor <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "data.divisor = " + divisor + ": must be positive and finite");
    }
  }

  /** Classes, columns by their places, and as many validation examples as are asked for. */
  public DataSettings(
      String format,
      Files train,
      Files test,
      CsvLayout csv,
      @Nullable ExampleShape shape,
      int validation,
      long seed,
      @Nullable Float divisor) {
    this(
        format,
        train,
        null,
        test,
        csv,
        shape,
        validation,
        seed,
        divisor,
        TableSettings.NONE,
        Shares.NONE,
        ClassWeights.NONE,
        Task.CLASSIFICATION);
  }

  private static void checkNoClasses(Task task, TableSettings table, ClassWeights weights) {
    if (table.classes() == TableSettings.Classes.NAMED) {
      throw new IllegalArgumentException(
          "data.classes = named: must be counted, as data.task = " + task + " has no classes");
    }
    if (weights == ClassWeights.BALANCED) {
      throw new IllegalArgumentException(
          "data.class-weights = balanced: must be none, as data.task = "
              + (task + " has no classes"));
    }
  }

  private static void check(DataFormat format, Task task, String key, Files files) {
    if (files.features().isBlank()) {
      throw new IllegalArgumentException(key + ".features: must name a file");
    }
    String labels = files.labels();
    String within = format.labelSource().orElse(null);
    boolean needed = task != Task.RECONSTRUCTION || labels != null;
    if (within == null && needed && (labels == null || labels.isBlank())) {
      throw new IllegalArgumentException(
          key + ".labels: must name a file, as data.format = " + format.name() + " has them apart");
    }
    if (within != null && labels != null) {
      throw new IllegalArgumentException(
          (key + ".labels = " + labels + ": must be left out, as data.format = " + format.name())
              + (" has them in " + within));
    }
  }

  /** How much the classes count in the loss. */
  public enum ClassWeights {
    /** By their examples, which all count alike. */
    NONE,
    /** All alike, as {@link BalancedExamples} weighs them. */
    BALANCED
  }

  /**
   * All that changes what examples are made of the same bytes, as a text: part of the key of
   * whatever is computed from them.
   */
  public String layoutKey() {
    String key = DataFormats.of(format).key(this);
    if (!table.equals(TableSettings.NONE)) {
      key += table;
    }
    if (!shares.equals(Shares.NONE)) {
      key += shares;
    }
    if (classWeights != ClassWeights.NONE) {
      key += classWeights;
    }
    // Of classes without the task, which sweeps had before there were others.
    return task == Task.CLASSIFICATION ? key : key + " " + task;
  }

  /**
   * The files of one set of examples, at any path that Hadoop's FileSystem understands, or a
   * pattern of such paths.
   *
   * @param labels the files of labels, null where labels are with the features
   */
  public record Files(String features, @Nullable String labels) implements Serializable {
    public Files {
      requireNonNull(features, "features is null");
    }
  }
}
