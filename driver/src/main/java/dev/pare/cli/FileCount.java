package dev.pare.cli;

import dev.pare.pipeline.StoredFile;
import dev.pare.report.ByteSize;

/** Files and their bytes, counted. */
final class FileCount {
  private long files;
  private long bytes;

  void add(StoredFile file) {
    files++;
    bytes += file.bytes();
  }

  String line(String title) {
    return "%-10s %8d %s %9s"
        .formatted(title, files, files == 1 ? "file " : "files", ByteSize.format(bytes));
  }
}
