package dev.pare.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file's validation error is once it is told that the file was chosen by it.
 *
 * @param among candidates that the file is the best of: all that have no more bytes, itself
 *     included
 * @param error of such a choice on validation examples that it was not made by, 0 to 1
 */
public record Selection(int among, double error) {
  /** In the order of tables. */
  public static final List<Column<Selection>> COLUMNS =
      List.of(
          Column.whole(
              "chosen_among",
              "candidates",
              "candidates that the file is the best of: those of no more bytes, and of no more of a third"
                  + " objective, itself included",
              selection -> (long) selection.among()),
          Column.real(
              "error_after_choice",
              "share",
              "error of such a choice on validation examples that it was not made by: bootstrap bias"
                  + " corrected (Tsamardinos et al. 2018)",
              Selection::error));

  public Selection {
    if (among < 1) {
      throw new IllegalArgumentException("chosen_among = " + among + ": must be at least 1");
    }
    if (!(error >= 0 && error <= 1)) {
      throw new IllegalArgumentException("error_after_choice = " + error + ": must be 0 to 1");
    }
  }

  /** What a row of a table tells; null where it is not known. */
  public static @Nullable Selection read(Values row) {
    Long among = row.wholeOrNull("chosen_among");
    return among == null
        ? null
        : new Selection(Math.toIntExact(among), row.real("error_after_choice"));
  }
}
