package dev.pare.data;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.Arrays;
import java.util.List;

/** Raw rows of a table as features, made as they are read: no copy of them. */
final class PreparedExamples extends ExamplesView {
  private final List<Column> columns;
  private final int features;

  /** The category of each code, by column; negative where it is none. */
  private final int[][] categories;

  /** A raw row: one a thread, as any number of threads may read. */
  private final ThreadLocal<float[]> rows;

  /**
   * @param raw rows as {@link TableColumns} specifies them
   * @param table the codes of {@code raw}
   * @param place where the rows are from, for messages
   * @throws DataException if the preparation refuses a category
   */
  PreparedExamples(Examples raw, Preparation preparation, TableColumns table, String place) {
    super(raw);
    this.columns = preparation.columns();
    this.features = preparation.features();
    this.categories = new int[columns.size()][];
    for (int i = 0; i < categories.length; i++) {
      if (columns.get(i) instanceof Column.Categorical column) {
        categories[i] = table.texts(i).stream().mapToInt(column::index).toArray();
        if (column.others() == Column.Others.REFUSED) {
          checkKnown(i, table, place);
        }
      }
    }
    this.rows = ThreadLocal.withInitial(() -> new float[columns.size()]);
  }

  private void checkKnown(int column, TableColumns table, String place) {
    if (Arrays.stream(categories[column]).allMatch(category -> category >= 0)) {
      return;
    }
    float[] row = new float[columns.size()];
    for (int example = 0; example < size(); example++) {
      base().copyFeatures(example, row, 0);
      int code = (int) row[column];
      if (categories[column][code] < 0) {
        throw new DataException(
            ("%s: example %d, column %s: \"%s\" is no category of the training examples; where"
                    + " data.missing has a value, it counts as missing")
                .formatted(
                    place, example + 1, columns.get(column).name(), table.texts(column).get(code)));
      }
    }
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int columns() {
    return columns.size();
  }

  @Override
  public void copyRow(int index, float[] row) {
    base().copyFeatures(index, row, 0);
    for (int i = 0; i < row.length; i++) {
      int[] ofCodes = categories[i];
      if (ofCodes != null) {
        int category = row[i] < 0 ? -1 : ofCodes[(int) row[i]];
        row[i] = category < 0 ? Float.NaN : category;
      }
    }
  }

  @Override
  public boolean areBytes() {
    return false;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    float[] row = rows.get();
    base().copyFeatures(index, row, 0);
    int at = offset;
    for (int i = 0; i < row.length; i++) {
      int[] ofCodes = categories[i];
      if (ofCodes == null) {
        target[at++] = ((Column.Numeric) columns.get(i)).feature(row[i]);
      } else {
        int width = columns.get(i).features();
        Arrays.fill(target, at, at + width, 0);
        int category = row[i] < 0 ? -1 : ofCodes[(int) row[i]];
        if (category >= 0) {
          target[at + category] = 1;
        }
        at += width;
      }
    }
  }
}
