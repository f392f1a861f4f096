package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A column of a Parquet file that has a value in each row, or a list of numbers, as many in each:
 * also a list of lists, up to three deep, as an array has dimensions.
 */
final class ParquetColumn {
  /** Of an image, channels × height × width. */
  private static final int MOST_DEPTH = 3;

  private final ColumnDescriptor leaf;

  /**
   * The definition level from which on there is a number, or a null instead of it; 0 of no list.
   */
  private final int present;

  private final int length;

  /** The repetition level of each number; of the first row that was read, empty before it. */
  private int[] levels = {};

  private ParquetColumn(ColumnDescriptor leaf, int present, int length) {
    this.leaf = leaf;
    this.present = present;
    this.length = length;
  }

  /** What is wrong with a column's type, if no features can be made of what is nested in it. */
  static Optional<String> problem(MessageType schema, Type type) {
    List<String> path = path(type);
    int depth = path.isEmpty() ? 0 : schema.getMaxRepetitionLevel(path.toArray(String[]::new));
    return type.isPrimitive() && depth == 0 || depth > 0 && depth <= MOST_DEPTH
        ? Optional.empty()
        : Optional.of(
            "is nested, but no list of numbers, at most %d deep; leave it out"
                .formatted(MOST_DEPTH));
  }

  /**
   * A column whose type has no problem.
   *
   * @param groups of the file, whose first says how long lists are; 1 where there is none
   * @return none if no list has the length that it says
   */
  static Optional<ParquetColumn> of(MessageType schema, Type type, List<BlockMetaData> groups) {
    String[] path = path(type).toArray(String[]::new);
    ColumnDescriptor leaf = schema.getColumnDescription(path);
    if (leaf.getMaxRepetitionLevel() == 0) {
      return Optional.of(new ParquetColumn(leaf, 0, 1));
    }
    String[] repeated = path;
    while (!schema.getType(repeated).isRepetition(Type.Repetition.REPEATED)) {
      repeated = Arrays.copyOf(repeated, repeated.length - 1);
    }
    long values = 1;
    long rows = 1;
    for (BlockMetaData group : groups.subList(0, Math.min(1, groups.size()))) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        if (chunk.getPath().equals(ColumnPath.get(path))) {
          values = chunk.getValueCount();
          rows = group.getRowCount();
        }
      }
    }
    return rows < 1
            || values < rows
            || values % rows != 0
            || values / rows > FeatureStorage.LONGEST_ARRAY
        ? Optional.empty()
        : Optional.of(
            new ParquetColumn(leaf, schema.getMaxDefinitionLevel(repeated), (int) (values / rows)));
  }

  /** From a column to its numbers; empty where it has parts that are told apart. */
  private static List<String> path(Type type) {
    List<String> path = new ArrayList<>();
    Type at = type;
    path.add(at.getName());
    while (!at.isPrimitive()) {
      GroupType group = at.asGroupType();
      if (group.getFieldCount() != 1
          || group.getLogicalTypeAnnotation()
              instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation) {
        return List.of();
      }
      at = group.getType(0);
      path.add(at.getName());
    }
    return path;
  }

  String name() {
    return leaf.getPath()[0];
  }

  ColumnDescriptor leaf() {
    return leaf;
  }

  ColumnPath columnPath() {
    return ColumnPath.get(leaf.getPath());
  }

  boolean isList() {
    return present > 0;
  }

  /** How many values a row has. */
  int length() {
    return length;
  }

  /** Whether a row's list has a number, or a null instead of it, at a definition level. */
  boolean isPresent(int definition) {
    return definition >= present;
  }

  /** Whether the numbers of a row are in the lists that their repetition levels say. */
  boolean hasForm(int[] found) {
    if (levels.length == 0 && dimensions(found).length > 0) {
      levels = found.clone();
    }
    return Arrays.equals(levels, found);
  }

  /** The lists' lengths, from the outermost on, after the first row. */
  int[] dimensions() {
    return dimensions(levels);
  }

  /** None where lists that are side by side differ in length. */
  private int[] dimensions(int[] found) {
    int depth = leaf.getMaxRepetitionLevel();
    int[] dimensions = new int[depth];
    int inner = 1;
    for (int level = depth; level > 0; level--) {
      // Where the lists of this level end for the first time.
      int end = inner;
      while (end < found.length && found[end] >= level) {
        end += inner;
      }
      if (end > found.length) {
        return new int[0];
      }
      dimensions[level - 1] = end / inner;
      inner = end;
    }
    return inner == found.length && isRegular(found, dimensions) ? dimensions : new int[0];
  }

  private static boolean isRegular(int[] found, int[] dimensions) {
    for (int i = 0; i < found.length; i++) {
      int level = dimensions.length;
      int inner = 1;
      while (level > 0 && i % (inner * dimensions[level - 1]) == 0) {
        inner *= dimensions[--level];
      }
      if (found[i] != level) {
        return false;
      }
    }
    return true;
  }
}
