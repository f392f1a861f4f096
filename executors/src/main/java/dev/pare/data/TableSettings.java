package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/**
 * What the columns of tables are, and how they become features.
 *
 * @param labels the label's column by name, or several, which are numbers of one target; empty
 *     where the format says it otherwise
 * @param features the columns that are features, by name and in this order; empty for all others
 *     than the label, {@code ignored} left out
 * @param ignored columns to leave out, by name
 * @param categorical columns whose values are texts, each a category
 * @param tokens columns whose values are tokens, whole numbers from 0 that stay as they are, by
 *     name
 * @param classes what labels are
 * @param missing what becomes of missing values
 * @param scaling of numeric columns
 */
public record TableSettings(
    List<String> labels,
    List<String> features,
    List<String> ignored,
    List<String> categorical,
    List<String> tokens,
    Classes classes,
    Missing missing,
    Scaling scaling)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Columns by their place, all of them numbers. */
  public static final TableSettings NONE =
      new TableSettings(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Classes.COUNTED,
          Missing.REFUSED,
          Scaling.NONE);

  public TableSettings {
    labels = List.copyOf(labels);
    features = List.copyOf(features);
    ignored = List.copyOf(ignored);
    categorical = List.copyOf(categorical);
    tokens = List.copyOf(tokens);
    requireNonNull(classes, "classes is null");
    requireNonNull(missing, "missing is null");
    requireNonNull(scaling, "scaling is null");
    check("label", labels, List.of());
    check("features", features, labels);
    check("ignore", ignored, labels);
    check("categorical", categorical, labels);
    check("tokens", tokens, labels);
    for (String name : tokens) {
      if (categorical.contains(name)) {
        throw new IllegalArgumentException(
            "data.columns.tokens: " + name + " is among data.columns.categorical, too");
      }
    }
    if (!features.isEmpty() && !ignored.isEmpty()) {
      throw new IllegalArgumentException(
          "data.columns.ignore: must be left out where data.columns.features is set");
    }
  }

  /** Without tokens. */
  public TableSettings(
      List<String> labels,
      List<String> features,
      List<String> ignored,
      List<String> categorical,
      Classes classes,
      Missing missing,
      Scaling scaling) {
    this(labels, features, ignored, categorical, List.of(), classes, missing, scaling);
  }

  /** Of one label's column. */
  public TableSettings(
      String label,
      List<String> features,
      List<String> ignored,
      List<String> categorical,
      Classes classes,
      Missing missing,
      Scaling scaling) {
    this(List.of(label), features, ignored, categorical, classes, missing, scaling);
  }

  private static void check(String key, List<String> names, List<String> labels) {
    for (String name : names) {
      if (labels.contains(name)) {
        throw new IllegalArgumentException(
            "data.columns." + key + ": " + name + " is the label's column");
      }
    }
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("data.columns." + key + ": has a name twice");
    }
  }

  /** Whether columns are named. */
  public boolean namesColumns() {
    return !labels.isEmpty()
        || !features.isEmpty()
        || !ignored.isEmpty()
        || !categorical.isEmpty()
        || !tokens.isEmpty();
  }

  /** Whether columns need a preparation. */
  public boolean preparesColumns() {
    return namesColumns() || missing.kind() != Missing.Kind.REFUSED || scaling != Scaling.NONE;
  }

  /** The label as it is written: a name, or a list of names. */
  String label() {
    return labels.size() == 1 ? labels.get(0) : labels.toString();
  }

  /** Part of keys, in which one label is a name: settings that differ have texts that differ. */
  @Override
  public String toString() {
    return "TableSettings[label=%s, features=%s, ignored=%s, categorical=%s%s, classes=%s, missing=%s, scaling=%s]"
        .formatted(
            labels.size() > 1
                ? KeyText.of(labels)
                : KeyText.of(labels.stream().findFirst().orElse(null)),
            KeyText.of(features),
            KeyText.of(ignored),
            KeyText.of(categorical),
            tokens.isEmpty() ? "" : ", tokens=" + KeyText.of(tokens),
            classes,
            missing,
            scaling);
  }

  /** What labels are. */
  public enum Classes {
    /** Whole numbers that count the classes from 0. */
    COUNTED,
    /** Any whole numbers or texts: the classes are those that the training data have, sorted. */
    NAMED
  }

  /** What numeric columns are brought to. */
  public enum Scaling {
    /** They stay as they are. */
    NONE,
    /** Mean 0 and deviation 1 over the training examples. */
    STANDARD
  }

  /**
   * What becomes of missing values in numeric columns.
   *
   * @param constant what stands for them, if the kind is that; 0 otherwise
   */
  public record Missing(Kind kind, float constant) implements Serializable {
    private static final long serialVersionUID = 1;

    /** They are errors. */
    public static final Missing REFUSED = new Missing(Kind.REFUSED, 0);

    public Missing {
      requireNonNull(kind, "kind is null");
      if (!Float.isFinite(constant) || kind != Kind.CONSTANT && constant != 0) {
        throw new IllegalArgumentException("data.missing = " + constant + ": must be finite");
      }
    }

    /** The kinds of values that stand for missing ones. */
    public enum Kind {
      REFUSED,
      /** The mean of the column's values in the training examples. */
      MEAN,
      /** Their median. */
      MEDIAN,
      CONSTANT
    }
  }
}
