package dev.pare.importance;

import static java.util.Objects.requireNonNull;

/**
 * A setting that varies, its values numbered from 0.
 *
 * @param values how many there are, from 2 to {@link Factors#MOST_VALUES}
 * @param scale whether the numbers have a meaning
 */
record Factor(String name, int values, Scale scale) {
  /** Whether some values are nearer to each other than others. */
  enum Scale {
    /** Numbers, by rising value. */
    ORDERED,
    /** Words. */
    NOMINAL
  }

  Factor {
    requireNonNull(name, "name is null");
    requireNonNull(scale, "scale is null");
    if (values < 2 || values > Factors.MOST_VALUES) {
      throw new IllegalArgumentException(name + " has " + values + " values");
    }
  }

  /** Every value's bit. */
  long all() {
    return -1L >>> (Long.SIZE - values);
  }
}
