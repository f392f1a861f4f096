package dev.pare.data;

import java.io.Serializable;

/**
 * Shares of the training files' examples that are drawn from each class alike, for validation and
 * for the test.
 *
 * @param validation 0 where {@link DataSettings#validation()} examples are drawn instead
 * @param test 0 where the test data have files of their own
 */
public record Shares(double validation, double test) implements Serializable {
  private static final long serialVersionUID = 1;

  /** None of either. */
  public static final Shares NONE = new Shares(0, 0);

  public Shares {
    check("validation", validation);
    check("test", test);
    if (validation + test >= 1) {
      throw new IllegalArgumentException(
          ("data.validation-share = " + validation + ", data.test-share = " + test)
              + ": must be below 1 together");
    }
  }

  private static void check(String of, double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "data." + of + "-share = " + share + ": must be above 0 and below 1");
    }
  }
}
