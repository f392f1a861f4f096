package dev.pare.ledger;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.LayerSize;
import dev.pare.result.Column;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Columns as Spark has them; units and meanings are comments of a table's schema. */
public final class SparkTables {
  private static final DataType TENSORS =
      DataTypes.createArrayType(
          new StructType()
              .add("tensor", StringType, false)
              .add("representation", StringType, false)
              .add("weights", LongType, false)
              .add("rows", IntegerType, false)
              .add("columns", IntegerType, false)
              .add("nonzeros", LongType, false)
              .add("distinct_values", IntegerType, false)
              .add("bytes", LongType, false),
          false);

  private static final DataType CONFUSION =
      DataTypes.createArrayType(
          new StructType()
              .add("label", IntegerType, false)
              .add("answer", IntegerType, false)
              .add("examples", IntegerType, false),
          false);

  private SparkTables() {}

  /** The schema of a table. */
  public static StructType schema(List<? extends Column<?>> columns) {
    StructType schema = new StructType();
    for (Column<?> column : columns) {
      schema = schema.add(column.name(), type(column.type()), true, column.comment());
    }
    return schema;
  }

  private static DataType type(Column.Type type) {
    return switch (type) {
      case TEXT -> StringType;
      case WHOLE -> LongType;
      case INTEGER -> IntegerType;
      case REAL -> DoubleType;
      case BITS -> DataTypes.BinaryType;
      case TEXTS -> DataTypes.createArrayType(StringType, false);
      case TEXT_BY_NAME -> DataTypes.createMapType(StringType, StringType, false);
      case REAL_BY_NAME -> DataTypes.createMapType(StringType, DoubleType, false);
      case TENSORS -> TENSORS;
      case CONFUSION -> CONFUSION;
    };
  }

  /** The values of a row. */
  public static <T> List<@Nullable Object> values(List<Column<T>> columns, T row) {
    List<@Nullable Object> values = new ArrayList<>(columns.size());
    for (Column<T> column : columns) {
      values.add(value(column.value().apply(row)));
    }
    return values;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof Confusion confusion) {
      return cells(confusion);
    }
    return value instanceof List<?> list
        ? list.stream().map(e -> e instanceof LayerSize tensor ? row(tensor) : e).toArray()
        : value;
  }

  private static Row row(LayerSize tensor) {
    return RowFactory.create(
        tensor.tensor(),
        tensor.representation(),
        tensor.weights(),
        tensor.rows(),
        tensor.columns(),
        tensor.nonzeros(),
        tensor.distinctValues(),
        tensor.bytes());
  }

  private static Row[] cells(Confusion confusion) {
    List<Integer> cells = confusion.cells();
    Row[] rows = new Row[cells.size() / 3];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = RowFactory.create(cells.get(3 * i), cells.get(3 * i + 1), cells.get(3 * i + 2));
    }
    return rows;
  }
}
