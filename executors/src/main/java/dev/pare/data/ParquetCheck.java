package dev.pare.data;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/** Looks at Parquet files before what they say of themselves is believed, as by Spark. */
public final class ParquetCheck {
  private ParquetCheck() {}

  /**
   * What is wrong with a file: its footer, the places and lengths of its pages, or their checksums.
   *
   * @param mostRows that it may have
   */
  public static Optional<String> problem(byte[] file, long mostRows) {
    try {
      ParquetFooter.check(file);
      ParquetReadOptions options =
          ParquetReadOptions.builder().usePageChecksumVerification(true).build();
      try (ParquetFileReader reader = ParquetFileReader.open(new ParquetBytes(file), options)) {
        List<BlockMetaData> groups = reader.getRowGroups();
        Optional<String> problem =
            outside(groups, file.length)
                .or(() -> tooMany(groups, mostRows))
                .or(() -> ParquetPageSizes.problem(file, groups, columns(groups)));
        if (problem.isPresent()) {
          return problem;
        }
        while (reader.readNextRowGroup() != null) {
          // Reading compares checksums; nothing is decompressed.
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      // The library has many ways to complain.
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** A chunk of a column that does not lie in the file. */
  static Optional<String> outside(List<BlockMetaData> groups, int fileBytes) {
    for (BlockMetaData group : groups) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        long start = chunk.getStartingPos();
        long size = chunk.getTotalSize();
        if (start < 0 || size < 0 || start > fileBytes || size > fileBytes - start) {
          return Optional.of(
              "column %s: bytes %d to %d are not within the file of %d"
                  .formatted(chunk.getPath(), start, start + size, fileBytes));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> tooMany(List<BlockMetaData> groups, long mostRows) {
    long total = 0;
    for (BlockMetaData group : groups) {
      long rows = group.getRowCount();
      if (rows < 0 || rows > mostRows - total) {
        return Optional.of(
            "a group of %d rows after %d: must be at most %d in all"
                .formatted(rows, total, mostRows));
      }
      total += rows;
    }
    return Optional.empty();
  }

  private static Set<ColumnPath> columns(List<BlockMetaData> groups) {
    Set<ColumnPath> columns = new HashSet<>();
    groups.forEach(group -> group.getColumns().forEach(chunk -> columns.add(chunk.getPath())));
    return columns;
  }
}
