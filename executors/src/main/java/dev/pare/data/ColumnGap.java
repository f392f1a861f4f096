package dev.pare.data;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a table lacks in some examples.
 *
 * @param missing in how many of them it has no value
 * @param unknown in how many it has a text that is no category of the training data
 * @param text the first of these; null if there is none
 */
public record ColumnGap(String column, int missing, int unknown, @Nullable String text) {
  /** Of all columns that lack something, in one pass over raw rows; empty where none may. */
  static List<ColumnGap> of(
      Examples raw, int[] examples, Preparation preparation, TableColumns table) {
    List<Column> columns = preparation.columns();
    if (columns.isEmpty() || table.refuseMissing()) {
      return List.of();
    }
    int[] missing = new int[columns.size()];
    int[] unknown = new int[columns.size()];
    String[] texts = new String[columns.size()];
    List<List<String>> ofCodes = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ofCodes.add(table.isCategorical(i) ? table.texts(i) : List.of());
    }
    float[] row = new float[columns.size()];
    for (int example : examples) {
      raw.copyFeatures(example, row, 0);
      for (int i = 0; i < row.length; i++) {
        if (columns.get(i) instanceof Column.Categorical column) {
          String text = row[i] < 0 ? null : ofCodes.get(i).get((int) row[i]);
          if (text == null) {
            missing[i]++;
          } else if (column.index(text) < 0) {
            unknown[i]++;
            texts[i] = texts[i] == null ? text : texts[i];
          }
        } else if (Float.isNaN(row[i])) {
          missing[i]++;
        }
      }
    }
    List<ColumnGap> gaps = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      if (missing[i] + unknown[i] > 0) {
        gaps.add(new ColumnGap(columns.get(i).name(), missing[i], unknown[i], texts[i]));
      }
    }
    return List.copyOf(gaps);
  }
}
