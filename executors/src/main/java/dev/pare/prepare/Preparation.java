package dev.pare.prepare;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a row of raw values becomes a network's features, and what its classes are called. Fitted on
 * training data; applied alike to all data and to whatever the network is used on.
 *
 * <p>{@link #features(List)} and {@link #features(Map)} apply it to a row of texts, as a table has
 * them: missing values filled in, numbers standardized, categories one-hot. Immutable.
 *
 * @param columns of the raw rows, in order; empty where the features are read as they are
 * @param classes their names, in the order of the network's outputs; empty where classes are only
 *     numbers
 */
public record Preparation(List<Column> columns, List<String> classes) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Nothing to do, and classes without names. */
  public static final Preparation NONE = new Preparation(List.of(), List.of());

  /** Most features that columns may become. */
  public static final int MOST_FEATURES = 1 << 20;

  /** Most characters of a name: of a column, a category or a class. */
  public static final int LONGEST_NAME = 1000;

  /** What stands for a missing value in a table, beside nothing at all. */
  private static final Set<String> MISSING = Set.of("", "NA", "N/A", "NaN", "nan", "null", "?");

  public Preparation {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
    Set<String> names = new HashSet<>();
    long features = 0;
    for (Column column : columns) {
      if (!names.add(checked(column.name()))) {
        throw new IllegalArgumentException("column " + column.name() + " is there twice");
      }
      if (column instanceof Column.Categorical categorical) {
        categorical.categories().forEach(Preparation::checked);
      }
      features += column.features();
    }
    if (features > MOST_FEATURES) {
      throw new IllegalArgumentException(
          features + " features of " + columns.size() + " columns: at most " + MOST_FEATURES);
    }
    if (new HashSet<>(classes).size() != classes.size()) {
      throw new IllegalArgumentException("two classes have one name");
    }
    classes.forEach(Preparation::checked);
  }

  private static String checked(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a name of " + name.length() + " characters: at most " + LONGEST_NAME);
    }
    return name;
  }

  /** Whether there is nothing in it. */
  public boolean isNone() {
    return columns.isEmpty() && classes.isEmpty();
  }

  /** How many features the columns become. */
  public int features() {
    int features = 0;
    for (Column column : columns) {
      features += column.features();
    }
    return features;
  }

  /** Whether a text in a table stands for a missing value. */
  public static boolean isMissing(String text) {
    return MISSING.contains(text);
  }

  /**
   * The features of a row.
   *
   * @param row a text for each column, in the order of {@link #columns()}
   * @throws IllegalArgumentException naming the column whose value cannot be used
   */
  public float[] features(List<String> row) {
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(row.size() + " values for " + columns.size() + " columns");
    }
    float[] features = new float[features()];
    int at = 0;
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      String text = row.get(i).strip();
      switch (column.kind()) {
        case NUMERIC -> features[at] = numeric((Column.Numeric) column, text);
        case CATEGORICAL -> {
          int category = category((Column.Categorical) column, text);
          if (category >= 0) {
            features[at + category] = 1;
          }
        }
      }
      at += column.features();
    }
    return features;
  }

  /**
   * The features of a row by its columns' names; others are passed over.
   *
   * @throws IllegalArgumentException naming the column that is not there, or whose value cannot be
   *     used
   */
  public float[] features(Map<String, String> row) {
    return features(
        columns.stream()
            .map(
                column -> {
                  String value = row.get(column.name());
                  if (value == null) {
                    throw new IllegalArgumentException("column " + column.name() + " is not there");
                  }
                  return value;
                })
            .toList());
  }

  private static float numeric(Column.Numeric column, String text) {
    float value = Float.NaN;
    if (!isMissing(text)) {
      value = finite(text);
      if (Float.isNaN(value)) {
        throw new IllegalArgumentException(
            "column " + column.name() + ": \"" + text + "\" is not a finite number");
      }
    } else if (!column.fills()) {
      throw new IllegalArgumentException("column " + column.name() + ": the value is missing");
    }
    return column.feature(value);
  }

  /** The number that a text is in decimals; NaN if it is none, or beyond the range of floats. */
  public static float finite(String text) {
    // Float.parseFloat also reads NaN, Infinity, hexadecimal and type suffixes.
    if (!text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
      return Float.NaN;
    }
    try {
      float value = Float.parseFloat(text);
      return Float.isFinite(value) ? value : Float.NaN;
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  private static int category(Column.Categorical column, String text) {
    int index = isMissing(text) ? -1 : column.index(text);
    if (index < 0 && column.others() == Column.Others.REFUSED) {
      throw new IllegalArgumentException(
          "column " + column.name() + ": \"" + text + "\" is no category of the training data");
    }
    return index;
  }
}
