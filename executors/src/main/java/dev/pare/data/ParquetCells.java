package dev.pare.data;

import dev.pare.prepare.Preparation;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** The values of a Parquet column in one group of rows, row by row. */
final class ParquetCells {
  /** Of a decimal in bytes, which have room for 38 digits, as many as Spark and Hive know. */
  private static final int MOST_DECIMAL_BYTES = 16;

  private static final int MOST_DIGITS = 38;

  private final SourceFile file;
  private final ClassLabels allowed;
  private final TableColumns table;
  private final String name;
  private final PrimitiveTypeName kind;
  private final ParquetColumn column;
  private final ColumnReader cells;
  private final int before;
  private final int defined;
  private final boolean texts;
  private final boolean unsigned;
  private final int scale;
  private boolean hasLarge;

  /** From 1. */
  private long row;

  /** Takes one value of a row. */
  @FunctionalInterface
  interface Taking {
    /**
     * @param row of the group, from 0
     * @param index in the row's list, from 0
     */
    void take(int row, int index);
  }

  /**
   * @param allowed labels
   * @param table that the column is of
   * @param before how many rows there are before the group's
   */
  ParquetCells(
      SourceFile file,
      ClassLabels allowed,
      TableColumns table,
      ParquetColumn column,
      ColumnReader cells,
      int before) {
    this.file = file;
    this.allowed = allowed;
    this.table = table;
    PrimitiveType primitive = column.leaf().getPrimitiveType();
    this.column = column;
    this.before = before;
    this.name = column.name();
    this.kind = primitive.getPrimitiveTypeName();
    this.cells = cells;
    this.defined = column.leaf().getMaxDefinitionLevel();
    LogicalTypeAnnotation logical = primitive.getLogicalTypeAnnotation();
    boolean decimal =
        logical instanceof DecimalLogicalTypeAnnotation of && of.getPrecision() <= MOST_DIGITS;
    boolean known =
        switch (kind) {
          case BOOLEAN, FLOAT, DOUBLE -> logical == null;
          case INT32, INT64 ->
              logical == null
                  || decimal
                  || logical instanceof IntLogicalTypeAnnotation
                  || logical instanceof DateLogicalTypeAnnotation;
          case BINARY ->
              logical == null
                  || decimal
                  || logical.equals(LogicalTypeAnnotation.stringType())
                  || logical.equals(LogicalTypeAnnotation.enumType());
          case FIXED_LEN_BYTE_ARRAY -> decimal;
          case INT96 -> false;
        };
    if (!known) {
      throw malformed(
          ("column %s: is of type %s, of which no features are made; leave it out")
              .formatted(name, primitive));
    }
    this.texts = kind == PrimitiveTypeName.BINARY && !decimal;
    this.unsigned = logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    this.scale = decimal ? ((DecimalLogicalTypeAnnotation) logical).getScale() : 0;
  }

  /** Gives the values of all rows of the group, one after the other. */
  void read(int rows, Taking taking) {
    int length = column.length();
    int[] levels = new int[length];
    for (int i = 0; i < rows; i++) {
      row = before + i + 1L;
      for (int k = 0; k < length; k++) {
        levels[k] = cells.getCurrentRepetitionLevel();
        if (column.isList() && !column.isPresent(cells.getCurrentDefinitionLevel())) {
          throw problem("has no list, or an empty one; all must have " + length + " numbers");
        }
        taking.take(i, k);
        cells.consume();
      }
      if (column.isList() && !column.hasForm(levels)) {
        throw problem("has a list of another form than the others, of " + length + " numbers");
      }
    }
  }

  MalformedDataException problem(String problem) {
    return malformed("row " + row + ", column " + name + ": " + problem);
  }

  private boolean isNull() {
    return cells.getCurrentDefinitionLevel() < defined;
  }

  int label() {
    if (isNull()) {
      throw problem("the label is missing");
    }
    if (texts || kind == PrimitiveTypeName.BOOLEAN && allowed.areNames()) {
      String text = text();
      if (Preparation.isMissing(text)) {
        throw problem("the label is missing");
      }
      return allowed.check(text, this::problem);
    }
    return switch (kind) {
      case FLOAT -> allowed.check(cells.getFloat(), this::problem);
      case DOUBLE -> allowed.check(cells.getDouble(), this::problem);
      case BOOLEAN -> allowed.check(BigDecimal.valueOf(whole()), this::problem);
      default -> allowed.check(decimal(), this::problem);
    };
  }

  private float number() {
    return switch (kind) {
      case FLOAT -> cells.getFloat();
      case DOUBLE -> (float) cells.getDouble();
      case BOOLEAN -> whole();
      default -> scale == 0 && isWhole() && !isLarge() ? whole() : decimal().floatValue();
    };
  }

  /** Whether there was a whole number without a sign that has the highest bit. */
  boolean hasLarge() {
    return hasLarge;
  }

  private boolean isLarge() {
    boolean large =
        unsigned && (kind == PrimitiveTypeName.INT32 ? cells.getInteger() : cells.getLong()) < 0;
    hasLarge |= large;
    return large;
  }

  /** One number of a target. */
  float target() {
    if (texts) {
      throw malformed("column " + name + ": is of texts, but targets are numbers");
    }
    if (isNull()) {
      throw problem("the label is missing");
    }
    float target = number();
    if (!Float.isFinite(target)) {
      throw problem("target " + target + ": is not a finite float");
    }
    return target;
  }

  private long whole() {
    return switch (kind) {
      case BOOLEAN -> cells.getBoolean() ? 1 : 0;
      case INT32 -> cells.getInteger();
      case INT64 -> cells.getLong();
      default -> throw new IllegalStateException("of type " + kind);
    };
  }

  private boolean isWhole() {
    return kind == PrimitiveTypeName.INT32 || kind == PrimitiveTypeName.INT64;
  }

  private BigDecimal decimal() {
    if (isWhole()) {
      return isLarge() ? unsigned() : BigDecimal.valueOf(whole(), scale);
    }
    byte[] bytes = cells.getBinary().getBytesUnsafe();
    if (bytes.length < 1 || bytes.length > MOST_DECIMAL_BYTES) {
      throw problem(
          "a decimal of %d bytes: must be 1 to %d".formatted(bytes.length, MOST_DECIMAL_BYTES));
    }
    return new BigDecimal(new BigInteger(bytes), scale);
  }

  private BigDecimal unsigned() {
    return kind == PrimitiveTypeName.INT32
        ? BigDecimal.valueOf(Integer.toUnsignedLong(cells.getInteger()))
        : new BigDecimal(Long.toUnsignedString(cells.getLong()));
  }

  /**
   * @param place which number of a row it is
   */
  float value(int place) {
    if (texts) {
      throw malformed("column " + name + ": is of texts; data.columns.categorical takes these");
    }
    float value = isNull() ? Float.NaN : number();
    if (Float.isInfinite(value)) {
      throw problem("is not a finite float");
    }
    if (Float.isNaN(value)) {
      checkMissing();
    } else if (Math.abs(value) >= MergedNumbers.INEXACT) {
      table.merged().add(place, exact());
    }
    return value;
  }

  private double exact() {
    return switch (kind) {
      case FLOAT -> cells.getFloat();
      case DOUBLE -> cells.getDouble();
      default -> decimal().doubleValue();
    };
  }

  float code(int feature) {
    if (isNull()) {
      checkMissing();
      return TableColumns.NO_CODE;
    }
    return table.code(feature, text(), this::problem);
  }

  private void checkMissing() {
    if (table.refuseMissing()) {
      throw problem("the value is missing; data.missing says what may stand for it");
    }
  }

  private String text() {
    String text =
        switch (kind) {
          case BOOLEAN -> Boolean.toString(cells.getBoolean());
          case FLOAT -> Float.toString(cells.getFloat());
          case DOUBLE -> Double.toString(cells.getDouble());
          default -> texts ? cells.getBinary().toStringUsingUTF8() : decimal().toPlainString();
        };
    if (text.indexOf('\uFFFD') >= 0) {
      throw problem("is not UTF-8");
    }
    return text.strip();
  }

  private MalformedDataException malformed(String problem) {
    return new MalformedDataException(file.name(), problem, null);
  }
}
