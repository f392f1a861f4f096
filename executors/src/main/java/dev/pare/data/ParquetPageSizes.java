package dev.pare.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/**
 * How long pages say they are, in the headers before them: looked at before Parquet reads them,
 * which makes room for a page that goes beyond the end of its chunk, as long as it says it is.
 */
final class ParquetPageSizes {
  private ParquetPageSizes() {}

  /**
   * What is wrong with the pages of some columns. What else is wrong with them Parquet says.
   *
   * @param file the whole file
   */
  static Optional<String> problem(
      byte[] file, List<BlockMetaData> groups, Set<ColumnPath> columns) {
    for (BlockMetaData group : groups) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        if (columns.contains(chunk.getPath())) {
          Optional<String> problem = problem(file, chunk);
          if (problem.isPresent()) {
            return problem;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(byte[] file, ColumnChunkMetaData chunk) {
    long start = chunk.getStartingPos();
    long end = start + chunk.getTotalSize();
    if (start < 0 || start > file.length || end < start) {
      return Optional.empty();
    }
    ByteArrayInputStream in =
        new ByteArrayInputStream(file, (int) start, file.length - (int) start);
    try {
      while (file.length - in.available() < end && in.available() > 0) {
        PageHeader header = Util.readPageHeader(in);
        int size = header.getCompressed_page_size();
        if (size < 0 || size > in.available()) {
          return Optional.of(
              "column %s: a page of %d bytes before the last %d of the file"
                  .formatted(chunk.getPath().toDotString(), size, in.available()));
        }
        int content = header.getUncompressed_page_size();
        if (content < 0 || content > ParquetPages.most(size)) {
          return Optional.of(
              "column %s: a page of %d bytes in %d: at most %d"
                  .formatted(
                      chunk.getPath().toDotString(), content, size, ParquetPages.most(size)));
        }
        in.skipNBytes(size);
      }
    } catch (IOException | RuntimeException e) {
      // No header: Parquet finds the same.
      return Optional.empty();
    }
    return Optional.empty();
  }
}
