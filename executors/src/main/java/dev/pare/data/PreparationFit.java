package dev.pare.data;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Fits a preparation to the raw rows of training examples. */
final class PreparationFit {
  /** How many values are held beside the rows, to sort them: 64 MiB. */
  private static final int MOST_HELD = 1 << 24;

  private final Examples rows;
  private final TableColumns table;
  private final TableSettings settings;

  private PreparationFit(Examples rows, TableColumns table, TableSettings settings) {
    this.rows = rows;
    this.table = table;
    this.settings = settings;
  }

  /**
   * The columns' preparations. Means are of the values that are there, deviations of all after
   * missing ones are filled in, with n in the denominator; a constant column's deviation counts as
   * 1.
   *
   * @param rows of the training examples alone, as {@link TableColumns} specifies them
   * @throws DataException if a column has no value in any of them, or categories are too many
   */
  static List<Column> columns(Examples rows, TableColumns table, TableSettings settings) {
    return new PreparationFit(rows, table, settings).fit();
  }

  private List<Column> fit() {
    int count = table.names().size();
    int size = rows.size();
    int together = Math.max(1, Math.min(count, MOST_HELD / Math.max(1, size)));
    List<Column> columns = new ArrayList<>();
    float[] row = new float[count];
    float[] held = new float[Math.multiplyExact(together, size)];
    long features = 0;
    for (int first = 0; first < count; first += together) {
      int last = Math.min(count, first + together);
      for (int example = 0; example < size; example++) {
        rows.copyFeatures(example, row, 0);
        for (int i = first; i < last; i++) {
          held[(i - first) * size + example] = row[i];
        }
      }
      for (int i = first; i < last; i++) {
        int from = (i - first) * size;
        Column column = column(i, held, from, from + size);
        features += column.features();
        columns.add(column);
      }
    }
    if (features > Preparation.MOST_FEATURES) {
      throw new DataException(
          "data.columns: become "
              + features
              + " features, at most "
              + Preparation.MOST_FEATURES
              + "; are all of data.columns.categorical categories?");
    }
    return columns;
  }

  private Column column(int index, float[] held, int from, int to) {
    return table.isCategorical(index)
        ? categorical(index, held, from, to)
        : numeric(index, held, from, to);
  }

  private Column categorical(int index, float[] held, int from, int to) {
    List<String> texts = table.texts(index);
    TreeSet<String> categories = new TreeSet<>();
    boolean[] there = new boolean[texts.size()];
    for (int i = from; i < to; i++) {
      if (held[i] >= 0) {
        there[(int) held[i]] = true;
      }
    }
    for (int code = 0; code < there.length; code++) {
      if (there[code]) {
        categories.add(texts.get(code));
      }
    }
    if (categories.isEmpty()) {
      throw empty(index);
    }
    return new Column.Categorical(
        table.names().get(index),
        List.copyOf(categories),
        table.refuseMissing() ? Column.Others.REFUSED : Column.Others.ZEROS);
  }

  private Column numeric(int index, float[] held, int from, int to) {
    if (table.isTokens(index)) {
      return tokens(index, held, from, to);
    }
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (!Float.isNaN(held[i])) {
        sum += held[i];
        count++;
      }
    }
    TableSettings.Missing missing = settings.missing();
    if (count == 0 && missing.kind() != TableSettings.Missing.Kind.CONSTANT) {
      throw empty(index);
    }
    float fill =
        switch (missing.kind()) {
          case REFUSED -> Float.NaN;
          case MEAN -> (float) (sum / count);
          case MEDIAN -> median(held, from, to, count);
          case CONSTANT -> missing.constant();
        };
    String name = table.names().get(index);
    if (settings.scaling() == TableSettings.Scaling.NONE) {
      return new Column.Numeric(name, fill, 0, 1);
    }
    int absent = to - from - count;
    double mean = (sum + (absent == 0 ? 0 : absent * (double) fill)) / (to - from);
    double squares = 0;
    for (int i = from; i < to; i++) {
      double distance = (Float.isNaN(held[i]) ? fill : held[i]) - mean;
      squares += distance * distance;
    }
    float deviation = (float) Math.sqrt(squares / (to - from));
    if (!Float.isFinite((float) mean) || Float.isInfinite(deviation)) {
      throw new DataException("column " + name + ": its values are too large to be standardized");
    }
    return new Column.Numeric(name, fill, (float) mean, deviation > 0 ? deviation : 1);
  }

  /** Tokens have no mean, so there is none that could stand for a missing one. */
  private Column tokens(int index, float[] held, int from, int to) {
    String name = table.names().get(index);
    for (int i = from; i < to; i++) {
      if (!(held[i] >= 0) || held[i] != Math.rint(held[i])) {
        throw new DataException(
            "column %s: %s is no token, as data.columns.tokens has it: must be a whole number from 0"
                .formatted(name, Float.isNaN(held[i]) ? "a missing value" : held[i]));
      }
    }
    return new Column.Numeric(name, Float.NaN, 0, 1);
  }

  /** Of the {@code count} values that are there; the mean of both in the middle. */
  private static float median(float[] held, int from, int to, int count) {
    // What is not a number goes to the end.
    float[] sorted = Arrays.copyOfRange(held, from, to);
    Arrays.sort(sorted);
    return (float) ((sorted[(count - 1) / 2] + (double) sorted[count / 2]) / 2);
  }

  private DataException empty(int index) {
    return new DataException(
        "column " + table.names().get(index) + ": has no value in any training example");
  }
}
