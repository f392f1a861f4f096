package dev.pare.examine;

import dev.pare.data.DataException;
import dev.pare.data.Examples;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Examples in groups by what a table has in a column of features. */
public final class Groups {
  /** Numbers with more values than these are grouped by their quartiles. */
  private static final int MOST_VALUES = 12;

  private static final String MISSING = "(missing or unknown)";

  private final String column;
  private final List<String> names;
  private final int[] groups;

  private Groups(String column, List<String> names, int[] groups) {
    this.column = column;
    this.names = List.copyOf(names);
    this.groups = groups;
  }

  /**
   * Groups examples: by category, by value where there are at most 12, or else by quartile of the
   * values that there are.
   *
   * @param name of the column; of a table without names its number, from 1
   * @throws DataException naming the columns that there are, if it is none
   */
  public static Groups of(Examples examples, Preparation preparation, String name) {
    List<Column> columns = preparation.columns();
    int index = index(columns, examples.columns(), name);
    float[] values = new float[examples.size()];
    float[] row = new float[examples.columns()];
    for (int i = 0; i < values.length; i++) {
      examples.copyRow(i, row);
      values[i] = row[index];
    }
    return !columns.isEmpty() && columns.get(index) instanceof Column.Categorical categorical
        ? byCategory(name, categorical.categories(), values)
        : byValue(name, values);
  }

  private static int index(List<Column> columns, int count, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    if (columns.isEmpty() && name.matches("[1-9][0-9]{0,8}") && Integer.parseInt(name) <= count) {
      return Integer.parseInt(name) - 1;
    }
    String known =
        columns.isEmpty()
            ? "1 to " + count
            : columns.stream()
                    .limit(MOST_VALUES)
                    .map(Column::name)
                    .collect(Collectors.joining(", "))
                + (columns.size() > MOST_VALUES ? ", …" : "");
    throw new DataException("--groups " + name + ": no column of features; there are " + known);
  }

  private static Groups byCategory(String column, List<String> categories, float[] codes) {
    List<String> names = new ArrayList<>(categories);
    names.add(MISSING);
    int[] groups = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      groups[i] = codes[i] >= 0 ? (int) codes[i] : categories.size();
    }
    return new Groups(column, names, groups);
  }

  private static Groups byValue(String column, float[] values) {
    float[] present = new float[values.length];
    int count = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        present[count++] = value;
      }
    }
    float[] sorted = Arrays.copyOf(present, count);
    Arrays.sort(sorted);
    float[] distinct = distinct(sorted);
    boolean each = distinct.length <= MOST_VALUES;
    float[] upper = each ? distinct : quartiles(sorted);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < upper.length; i++) {
      names.add((each ? "" : "at most ") + text(upper[i]));
    }
    names.add(MISSING);
    int[] groups = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      int group = 0;
      while (group < upper.length && !(values[i] <= upper[group])) {
        group++;
      }
      groups[i] = group;
    }
    return new Groups(column, names, groups);
  }

  private static float[] distinct(float[] sorted) {
    float[] distinct = new float[sorted.length];
    int count = 0;
    for (float value : sorted) {
      if (count == 0 || value != distinct[count - 1]) {
        distinct[count++] = value;
      }
    }
    return Arrays.copyOf(distinct, count);
  }

  private static float[] quartiles(float[] sorted) {
    float[] upper = new float[4];
    for (int q = 0; q < 4; q++) {
      upper[q] = sorted[(q + 1) * sorted.length / 4 - 1];
    }
    return distinct(upper);
  }

  private static String text(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString(value);
  }

  /** The column that examples are grouped by. */
  String column() {
    return column;
  }

  /** Names of the groups; some may be of no example. */
  List<String> names() {
    return names;
  }

  /** Which group an example is in. */
  int of(int example) {
    return groups[example];
  }
}
