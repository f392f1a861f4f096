package dev.pare.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Parquet file: columns of truth values, numbers, dates and texts, and lists of numbers, of
 * as many in each row. A null is a missing value, and so is NaN; a date is the number of days since
 * 1970-01-01. A list of numbers that is the only feature is an example as arrays have them; others
 * become a column for each number. A file is held in memory while it is read, so has at most 2 GiB;
 * of several files each is.
 */
final class ParquetTable {
  /**
   * Runs of one value take next to nothing: how many values a byte may stand for, beyond a start.
   */
  private static final long VALUES_A_BYTE = 1 << 12;

  private static final long FIRST_VALUES = 1 << 24;

  /** Tells examples from those of the same files that were once read with a sign. */
  private static final byte[] LARGE = "unsigned".getBytes(StandardCharsets.US_ASCII);

  private final SourceFile file;
  private final ClassLabels allowed;
  private final TableColumns table;
  private final GrowingFloats values;
  private final GrowingLabels labels = new GrowingLabels();
  private boolean hasLarge;

  private ParquetTable(
      SourceFile file, ClassLabels allowed, TableColumns table, FeatureStorage storage) {
    this.file = file;
    this.values = new GrowingFloats(storage);
    this.allowed = allowed;
    this.table = table;
  }

  /** Reads labels and features from the same rows. */
  static ShapedExamples read(SourceFile file, DataSource source) {
    TableColumns table = source.columns();
    ClassLabels allowed = source.labels();
    ParquetTable parquet = new ParquetTable(file, allowed, table, source.storage());
    List<ParquetColumn> columns = parquet.readFile(file.readAll(FeatureStorage.LONGEST_ARRAY - 1));
    if (parquet.hasLarge) {
      source.digested(LARGE);
    }
    int features = numbers(columns);
    int[] labels = parquet.labels.toArray();
    return new ShapedExamples(
        parquet.values.toExamples(features, labels, allowed.classes(labels)),
        columns.size() == 1 && table.names().isEmpty()
            ? shape(columns.get(0).dimensions())
            : new ExampleShape(features, 1, 1),
        columns.size() == 1 && table.names().isEmpty() && areBytes(columns.get(0)) ? 255 : 1);
  }

  private static ExampleShape shape(int[] dimensions) {
    int[] array = new int[dimensions.length + 1];
    System.arraycopy(dimensions, 0, array, 1, dimensions.length);
    return ExampleShape.ofArray(array).orElseThrow();
  }

  private static boolean areBytes(ParquetColumn column) {
    return LogicalTypeAnnotation.intType(8, false)
        .equals(column.leaf().getPrimitiveType().getLogicalTypeAnnotation());
  }

  /** How many numbers some columns have in each row. */
  private static int numbers(List<ParquetColumn> columns) {
    return columns.stream().mapToInt(ParquetColumn::length).reduce(0, Math::addExact);
  }

  /** Returns the columns that are features. */
  private List<ParquetColumn> readFile(byte[] bytes) {
    try {
      ParquetFooter.check(bytes);
    } catch (IllegalArgumentException e) {
      throw malformed("the file is damaged or no Parquet: " + e.getMessage(), e);
    }
    ParquetReadOptions options =
        ParquetReadOptions.builder()
            .withCodecFactory(new ParquetPages())
            .usePageChecksumVerification(true)
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetBytes(bytes), options)) {
      return readRows(reader, bytes);
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // All of the file is in memory: no storage fails here. The library has many ways to complain.
      throw malformed(ParquetProblem.of(e), e);
    }
  }

  private List<ParquetColumn> readRows(ParquetFileReader reader, byte[] bytes) throws IOException {
    MessageType schema = reader.getFileMetaData().getSchema();
    Function<String, MalformedDataException> malformed = problem -> malformed(problem, null);
    List<String> names = schema.getFields().stream().map(Type::getName).toList();
    int[] labelled = allowed.areNone() ? new int[0] : table.labels(names, malformed);
    List<BlockMetaData> groups = reader.getRowGroups();
    List<ParquetColumn> labelColumns = new ArrayList<>();
    for (int place : labelled) {
      labelColumns.add(column(schema, schema.getType(place), groups));
    }
    if (numbers(labelColumns) > 1 && !allowed.areNumbers()) {
      throw malformed("has " + numbers(labelColumns) + " labels a row: must be one", null);
    }
    int[] lengths = new int[names.size()];
    List<ParquetColumn> columns = new ArrayList<>();
    for (int place : table.columns(names, labelled, malformed)) {
      ParquetColumn column = column(schema, schema.getType(place), groups);
      columns.add(column);
      lengths[place] = column.isList() ? column.length() : 0;
    }
    table.name(names, lengths, malformed);
    List<ParquetColumn> read = new ArrayList<>(labelColumns);
    read.addAll(columns);
    MessageType projection =
        new MessageType(
            schema.getName(), read.stream().map(of -> schema.getType(of.name())).toList());
    problem(groups, read, numbers(read), bytes.length)
        .or(() -> ParquetCheck.outside(groups, bytes.length))
        .or(
            () ->
                ParquetPageSizes.problem(
                    bytes,
                    groups,
                    read.stream().map(ParquetColumn::columnPath).collect(Collectors.toSet())))
        .ifPresent(
            problem -> {
              throw malformed(problem, null);
            });
    reader.setRequestedSchema(projection);
    PageReadStore rows = reader.readNextRowGroup();
    while (rows != null) {
      readGroup(reader, projection, new CheckedPages(rows), labelColumns, columns);
      rows = reader.readNextRowGroup();
    }
    if (labels.size() == 0) {
      throw malformed("has no rows", null);
    }
    return columns;
  }

  private ParquetColumn column(MessageType schema, Type type, List<BlockMetaData> groups) {
    ParquetColumn.problem(schema, type)
        .ifPresent(
            problem -> {
              throw malformed("column " + type.getName() + ": " + problem, null);
            });
    ParquetColumn column =
        ParquetColumn.of(schema, type, groups)
            .orElseThrow(
                () ->
                    malformed(
                        "column " + type.getName() + ": has lists of different lengths, or none",
                        null));
    LogicalTypeAnnotation logical = column.leaf().getPrimitiveType().getLogicalTypeAnnotation();
    table.date(
        column.name(),
        LogicalTypeAnnotation.dateType().equals(logical),
        problem -> malformed(problem, null));
    return column;
  }

  /**
   * What is wrong with what a file says of itself, before the library makes room for that.
   *
   * @param columns that are read
   * @param numbers that they have in a row
   */
  static Optional<String> problem(
      List<BlockMetaData> groups, List<ParquetColumn> columns, int numbers, int fileBytes) {
    long most = FIRST_VALUES + VALUES_A_BYTE * fileBytes;
    Map<ColumnPath, ParquetColumn> read = new HashMap<>();
    columns.forEach(column -> read.put(column.columnPath(), column));
    long total = 0;
    for (BlockMetaData group : groups) {
      long rows = group.getRowCount();
      if (rows < 1 || rows > most / numbers - total) {
        return Optional.of(
            ("a group of %d rows of %d numbers after %d rows: must have 1 at least, and a file of %d"
                    + " bytes at most %d values")
                .formatted(rows, numbers, total, fileBytes, most));
      }
      total += rows;
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        ParquetColumn column = read.get(chunk.getPath());
        if (column != null && chunk.getValueCount() != rows * column.length()) {
          return Optional.of(
              ("column %s: %d values in a group of %d rows of %d each")
                  .formatted(chunk.getPath(), chunk.getValueCount(), rows, column.length()));
        }
      }
    }
    return Optional.empty();
  }

  private void readGroup(
      ParquetFileReader reader,
      MessageType projection,
      PageReadStore pages,
      List<ParquetColumn> labelColumns,
      List<ParquetColumn> featureColumns) {
    ColumnReadStore columns =
        new ColumnReadStoreImpl(
            pages, new NoRecords(projection), projection, reader.getFileMetaData().getCreatedBy());
    int rows = (int) pages.getRowCount();
    int first = numbers(labelColumns);
    int features = numbers(featureColumns);
    if ((long) rows * features > FeatureStorage.LONGEST_ARRAY) {
      throw malformed(
          "a group of %d rows of %d values: more than %d together"
              .formatted(rows, features, FeatureStorage.LONGEST_ARRAY),
          null);
    }
    values.addRow(rows * features);
    float[] targets = new float[first > 1 ? Math.multiplyExact(rows, first) : 0];
    int before = labels.size();
    int at = 0;
    for (ParquetColumn column : labelColumns) {
      checkCount(column, pages);
      ParquetCells cells = cells(column, columns, before);
      int place = at;
      if (first > 1) {
        cells.read(rows, (row, i) -> targets[row * first + place + i] = cells.target());
      } else {
        cells.read(rows, (row, i) -> labels.add(cells.label()));
      }
      hasLarge |= cells.hasLarge();
      at += column.length();
    }
    if (first > 1) {
      for (int label : allowed.check(targets, rows, problem -> malformed(problem, null))) {
        labels.add(label);
      }
    }
    for (int row = 0; row < rows && first == 0; row++) {
      labels.add(0);
    }
    at = 0;
    for (ParquetColumn column : featureColumns) {
      checkCount(column, pages);
      ParquetCells cells = cells(column, columns, before);
      int place = at;
      boolean categorical = !table.names().isEmpty() && table.isCategorical(place);
      cells.read(
          rows,
          (row, i) ->
              values.set(
                  (rows - row) * features - place - i,
                  categorical ? cells.code(place) : cells.value(place + i)));
      hasLarge |= cells.hasLarge();
      at += column.length();
    }
  }

  private ParquetCells cells(ParquetColumn column, ColumnReadStore columns, int before) {
    return new ParquetCells(
        file, allowed, table, column, columns.getColumnReader(column.leaf()), before);
  }

  private void checkCount(ParquetColumn column, PageReadStore pages) {
    long count = pages.getPageReader(column.leaf()).getTotalValueCount();
    if (count != pages.getRowCount() * column.length()) {
      throw malformed(
          "column %s: %d values in its pages, not %d in each of %d rows"
              .formatted(column.name(), count, column.length(), pages.getRowCount()),
          null);
    }
  }

  private MalformedDataException malformed(String problem, @Nullable Throwable cause) {
    return new MalformedDataException(file.name(), problem, cause);
  }

  /** Values are read column by column: no records are made. */
  private static final class NoRecords extends GroupConverter {
    private final Converter[] columns;

    NoRecords(GroupType schema) {
      columns = new Converter[schema.getFieldCount()];
      Arrays.setAll(
          columns,
          i ->
              schema.getType(i).isPrimitive()
                  ? new PrimitiveConverter() {}
                  : new NoRecords(schema.getType(i).asGroupType()));
    }

    @Override
    public Converter getConverter(int column) {
      return columns[column];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
