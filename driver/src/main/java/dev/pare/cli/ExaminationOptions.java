package dev.pare.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How files are examined. */
final class ExaminationOptions {
  @Option(
      names = "--groups",
      paramLabel = "COLUMN",
      description =
          "Errors by what a table has in this column of features: its name, or of a table without"
              + " names its number from 1.")
  private @Nullable String groups;

  /** The column to group examples by; null for none. */
  @Nullable String groups() {
    return groups;
  }
}
