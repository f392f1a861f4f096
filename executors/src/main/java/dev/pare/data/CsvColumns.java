package dev.pare.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What the columns of a CSV file are: features, labels, or nothing. */
final class CsvColumns {
  /** The role of the first label; those of the further ones are below it. */
  static final int LABEL = -2;

  private static final int IGNORED = -1;

  private final int[] roles;
  private final boolean[] categorical;
  private final int labels;

  private CsvColumns(int[] roles, boolean[] categorical, int labels) {
    this.roles = roles;
    this.categorical = categorical;
    this.labels = labels;
  }

  /**
   * The columns of a file.
   *
   * @param names of all of them
   * @param malformed of a file that has not the columns that are asked for
   */
  static CsvColumns of(
      List<String> names,
      CsvLayout layout,
      ClassLabels allowed,
      TableColumns table,
      Function<String, MalformedDataException> malformed) {
    int[] places = allowed.areNone() ? new int[0] : labels(names, layout, table, malformed);
    int[] roles = new int[names.size()];
    boolean[] categorical;
    if (table.arePlain()) {
      int label = places.length == 0 ? roles.length : places[0];
      Arrays.setAll(roles, i -> i < label ? i : i - 1);
      categorical = new boolean[roles.length - places.length];
    } else {
      int[] taken = table.features(names, places, malformed);
      Arrays.fill(roles, IGNORED);
      categorical = new boolean[taken.length];
      for (int i = 0; i < taken.length; i++) {
        roles[taken[i]] = i;
        categorical[i] = table.isCategorical(i);
      }
    }
    for (int i = 0; i < places.length; i++) {
      roles[places[i]] = LABEL - i;
    }
    return new CsvColumns(roles, categorical, places.length);
  }

  private static int[] labels(
      List<String> names,
      CsvLayout layout,
      TableColumns table,
      Function<String, MalformedDataException> malformed) {
    if (table.namesLabels()) {
      return table.labels(names, malformed);
    }
    int columns = names.size();
    Integer configured = layout.labelColumn();
    int label = configured == null ? -1 : configured < 0 ? columns + configured : configured;
    if (label < 0 || label >= columns) {
      throw malformed.apply(
          "has " + columns + " columns, but data.csv.label-column = " + configured);
    }
    return new int[] {label};
  }

  /** For each column which feature it is, from 0, or which label, from {@link #LABEL} down. */
  int[] roles() {
    return roles;
  }

  /** For each feature whether it is a category. */
  boolean[] categorical() {
    return categorical;
  }

  /** How many labels there are. */
  int labels() {
    return labels;
  }
}
