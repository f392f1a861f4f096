package dev.pare.prepare;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/** One column of raw values, and what features it becomes. */
public sealed interface Column extends Serializable {
  /** Its name in tables; unique among the columns of a preparation. */
  String name();

  /** Which record it is. */
  Kind kind();

  /** How many features it becomes. */
  int features();

  /** The kinds of columns. */
  enum Kind {
    NUMERIC,
    CATEGORICAL
  }

  /**
   * Numbers, which become one feature: {@code (x − mean) / deviation} in floats.
   *
   * @param fill what stands for missing values; NaN if they are refused
   * @param mean finite; 0 where the column is not standardized
   * @param deviation finite and above 0; 1 where the column is not standardized
   */
  record Numeric(String name, float fill, float mean, float deviation) implements Column {
    private static final long serialVersionUID = 1;

    public Numeric {
      requireNonNull(name, "name is null");
      if (Float.isInfinite(fill)) {
        throw new IllegalArgumentException(name + ": fill = " + fill + ": must be finite");
      }
      if (!Float.isFinite(mean) || !(deviation > 0) || Float.isInfinite(deviation)) {
        throw new IllegalArgumentException(
            ("%s: mean = %s, deviation = %s: must be finite, the deviation above 0")
                .formatted(name, mean, deviation));
      }
    }

    @Override
    public Kind kind() {
      return Kind.NUMERIC;
    }

    @Override
    public int features() {
      return 1;
    }

    /** Whether there is a value for missing ones. */
    public boolean fills() {
      return !Float.isNaN(fill);
    }

    /** The feature of a value, NaN being a missing one. */
    public float feature(float value) {
      return ((Float.isNaN(value) ? fill : value) - mean) / deviation;
    }
  }

  /**
   * Texts, one of which each row has: as many features, all 0 but that of the row's own, which is 1
   * (one-hot).
   *
   * @param categories at least one, strictly ascending
   * @param others what becomes of missing and unknown ones
   */
  record Categorical(String name, List<String> categories, Others others) implements Column {
    private static final long serialVersionUID = 1;

    public Categorical {
      requireNonNull(name, "name is null");
      requireNonNull(others, "others is null");
      categories = List.copyOf(categories);
      if (categories.isEmpty()) {
        throw new IllegalArgumentException(name + ": has no categories");
      }
      for (int i = 1; i < categories.size(); i++) {
        if (categories.get(i - 1).compareTo(categories.get(i)) >= 0) {
          throw new IllegalArgumentException(name + ": categories must ascend strictly");
        }
      }
    }

    @Override
    public Kind kind() {
      return Kind.CATEGORICAL;
    }

    @Override
    public int features() {
      return categories.size();
    }

    /** Which of the categories a text is; negative if it is none. */
    public int index(String text) {
      return Collections.binarySearch(categories, text);
    }
  }

  /** What becomes of a missing category, and of one that the training data did not have. */
  enum Others {
    /** An error. */
    REFUSED,
    /** All features of the column are 0. */
    ZEROS
  }
}
