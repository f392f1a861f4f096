package dev.pare.ledger;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Rows as Parquet knows them, laid out as Spark would: lists and maps have a level more. */
final class ParquetRows {
  private final StructType schema;
  private final MessageType layout;

  ParquetRows(StructType schema) {
    this.schema = schema;
    this.layout = new SparkToParquetSchemaConverter(new SQLConf()).convert(schema);
  }

  /** The layout of a row. */
  MessageType layout() {
    return layout;
  }

  /**
   * A row.
   *
   * @param row values of java.lang, arrays or collections, {@link Map}s and rows, in the schema's
   *     order
   */
  Group group(Row row) {
    Group group = new SimpleGroup(layout);
    addFields(group, schema, row);
    return group;
  }

  private static void addFields(Group group, StructType type, Row row) {
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      add(group, fields[i].name(), fields[i].dataType(), row.get(i));
    }
  }

  private static void add(Group group, String name, DataType type, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (type instanceof StructType fields) {
      addFields(group.addGroup(name), fields, (Row) value);
    } else if (type instanceof ArrayType list) {
      Group elements = group.addGroup(name);
      Collection<?> all =
          value instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) value;
      for (Object element : all) {
        add(elements.addGroup("list"), "element", list.elementType(), element);
      }
    } else if (type instanceof MapType map) {
      Group entries = group.addGroup(name);
      new TreeMap<>((Map<?, ?>) value)
          .forEach(
              (key, mapped) -> {
                Group entry = entries.addGroup("key_value");
                add(entry, "key", map.keyType(), key);
                add(entry, "value", map.valueType(), mapped);
              });
    } else if (value instanceof String text) {
      group.add(name, text);
    } else if (value instanceof Long number) {
      group.add(name, number);
    } else if (value instanceof Integer number) {
      group.add(name, number);
    } else if (value instanceof Double number) {
      group.add(name, number);
    } else if (value instanceof Boolean flag) {
      group.add(name, flag);
    } else if (value instanceof byte[] bytes) {
      group.add(name, Binary.fromConstantByteArray(bytes));
    } else {
      throw new IllegalArgumentException(name + ": no " + type + " is a " + value.getClass());
    }
  }
}
