package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of tables are, and how they become features.
 *
 * @param label the label's column by name; null where the format says it otherwise
 * @param features the columns that are features, by name and in this order; empty for all others
 *     than the label, {@code ignored} left out
 * @param ignored columns to leave out, by name
 * @param categorical columns whose values are texts, each a category
 * @param classes what labels are
 * @param missing what becomes of missing values
 * @param scaling of numeric columns
 */
public record TableSettings(
    @Nullable String label,
    List<String> features,
    List<String> ignored,
    List<String> categorical,
    Classes classes,
    Missing missing,
    Scaling scaling)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Columns by their place, all of them numbers. */
  public static final TableSettings NONE =
      new TableSettings(
          null, List.of(), List.of(), List.of(), Classes.COUNTED, Missing.REFUSED, Scaling.NONE);

  public TableSettings {
    features = List.copyOf(features);
    ignored = List.copyOf(ignored);
    categorical = List.copyOf(categorical);
    requireNonNull(classes, "classes is null");
    requireNonNull(missing, "missing is null");
    requireNonNull(scaling, "scaling is null");
    check("features", features, label);
    check("ignore", ignored, label);
    check("categorical", categorical, label);
    if (!features.isEmpty() && !ignored.isEmpty()) {
      throw new IllegalArgumentException(
          "data.columns.ignore: must be left out where data.columns.features is set");
    }
  }

  private static void check(String key, List<String> names, @Nullable String label) {
    for (String name : names) {
      if (name.equals(label)) {
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
    return label != null || !features.isEmpty() || !ignored.isEmpty() || !categorical.isEmpty();
  }

  /** Whether columns need a preparation. */
  public boolean preparesColumns() {
    return namesColumns() || missing.kind() != Missing.Kind.REFUSED || scaling != Scaling.NONE;
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
