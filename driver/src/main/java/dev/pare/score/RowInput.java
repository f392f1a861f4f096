package dev.pare.score;

import static java.util.Objects.requireNonNull;

import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.prepare.Column;
import dev.pare.task.ScalaSequences;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Where in a row a predictor's raw values are.
 *
 * @param form what they are
 * @param columns their indices in a row: of the one with all, or of one each
 */
record RowInput(Form form, List<Integer> columns) implements Serializable {
  private static final long serialVersionUID = 1;

  /** What raw values are in rows. */
  enum Form {
    /** A vector, or an array of numbers, in one column. */
    VECTOR,
    /** A column each, all of numbers. */
    NUMBERS,
    /** A column each, some of texts. */
    TEXTS
  }

  RowInput {
    requireNonNull(form, "form is null");
    columns = List.copyOf(columns);
  }

  /**
   * One column with all raw values.
   *
   * @throws IllegalArgumentException if it is not there, or of another type
   */
  static RowInput vector(Predictor predictor, StructType schema, String name) {
    DataType type = type(schema, name);
    boolean isVector =
        type.equals(SQLDataTypes.VectorType())
            || type instanceof ArrayType array && array.elementType() instanceof NumericType;
    if (!isVector) {
      throw new IllegalArgumentException(
          "column %s is of type %s: must be a vector or an array of numbers"
              .formatted(name, type.simpleString()));
    }
    for (Column column : predictor.preparation().columns()) {
      if (column.kind() == Column.Kind.CATEGORICAL) {
        throw new IllegalArgumentException(
            "column %s: the file prepares texts (%s), which no vector has: name a column for each"
                .formatted(name, column.name()));
      }
    }
    return new RowInput(Form.VECTOR, List.of(schema.fieldIndex(name)));
  }

  /**
   * A column for each raw value, in the order of the file's.
   *
   * @throws IllegalArgumentException if one is not there or of another type, or they are not as
   *     many as the file reads
   */
  static RowInput columns(Predictor predictor, StructType schema, List<String> names) {
    if (names.size() != predictor.inputs()) {
      throw new IllegalArgumentException(
          "%d columns: the file reads %d".formatted(names.size(), predictor.inputs()));
    }
    Form form = Form.NUMBERS;
    List<Integer> indices = new ArrayList<>();
    List<Column> columns = predictor.preparation().columns();
    for (int i = 0; i < names.size(); i++) {
      DataType type = type(schema, names.get(i));
      boolean isNumber = type instanceof NumericType;
      if (!isNumber && !(type instanceof BooleanType) && !type.equals(DataTypes.StringType)) {
        throw new IllegalArgumentException(
            "column %s is of type %s: must be numbers, texts or booleans"
                .formatted(names.get(i), type.simpleString()));
      }
      boolean isText = type.equals(DataTypes.StringType) || isCategory(columns, i);
      form = isText ? Form.TEXTS : form;
      indices.add(schema.fieldIndex(names.get(i)));
    }
    return new RowInput(form, indices);
  }

  /**
   * Columns of the names that the file has.
   *
   * @throws IllegalArgumentException if it has none, or one is not there or of another type
   */
  static RowInput byNames(Predictor predictor, StructType schema) {
    List<String> names = predictor.preparation().columns().stream().map(Column::name).toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "the file has no names of columns: must be a vector or an array of numbers");
    }
    return columns(predictor, schema, names);
  }

  private static DataType type(StructType schema, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "there is no column %s, only %s".formatted(name, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(name).dataType();
  }

  /** What a predictor makes of rows. */
  List<Prediction> predictions(Predictor predictor, List<Row> rows) {
    return switch (form) {
      case VECTOR ->
          predictor.predictAll(rows.stream().map(row -> vector(row.get(columns.get(0)))).toList());
      case NUMBERS -> predictor.predictAll(rows.stream().map(this::numbers).toList());
      case TEXTS -> {
        List<Column> of = predictor.preparation().columns();
        yield predictor.predictAllTexts(rows.stream().map(row -> texts(row, of)).toList());
      }
    };
  }

  private float[] numbers(Row row) {
    float[] numbers = new float[columns.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(row.get(columns.get(i)));
    }
    return numbers;
  }

  private List<String> texts(Row row, List<Column> of) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      texts.add(text(row.get(columns.get(i)), isCategory(of, i)));
    }
    return texts;
  }

  private static boolean isCategory(List<Column> columns, int index) {
    return !columns.isEmpty() && columns.get(index).kind() == Column.Kind.CATEGORICAL;
  }

  /** As tables spell it that networks are trained on. */
  private static String text(@Nullable Object value, boolean isCategory) {
    if (value == null) {
      return "";
    }
    if (value instanceof Boolean flag && !isCategory) {
      return flag ? "1" : "0";
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  /**
   * The numbers of a vector or an array.
   *
   * @throws IllegalArgumentException if there is none
   */
  static float[] vector(@Nullable Object value) {
    if (value instanceof Vector vector) {
      double[] elements = vector.toArray();
      float[] numbers = new float[elements.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) elements[i];
      }
      return numbers;
    }
    if (value instanceof Seq<?> sequence) {
      List<?> elements = ScalaSequences.javaList(sequence);
      float[] numbers = new float[elements.size()];
      int next = 0;
      for (Object element : elements) {
        numbers[next++] = number(element);
      }
      return numbers;
    }
    throw new IllegalArgumentException(
        value == null
            ? "null in place of a vector or an array of numbers: filter such rows out"
            : value.getClass().getName() + " is not a vector or an array of numbers");
  }

  /** NaN for none, which stands for a missing one; 1 and 0 for true and false. */
  private static float number(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value != null && !(value instanceof Number)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a number");
    }
    return value == null ? Float.NaN : ((Number) value).floatValue();
  }
}
