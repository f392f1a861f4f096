package dev.pare.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables in Parquet files, whose columns have names. */
public final class ParquetFormat implements DataFormat {
  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.of("data.columns.label");
  }

  @Override
  public boolean hasColumns() {
    return true;
  }

  @Override
  public boolean isLabelled(DataSettings settings, DataSettings.Files files) {
    return !settings.table().labels().isEmpty();
  }

  @Override
  public String labelPlace(DataSource source) {
    return "data.columns.label = " + source.settings().table().label();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    if (source.settings().table().labels().isEmpty() && !source.labels().areNone()) {
      throw new DataException("data.columns.label: must be set, as data.format = parquet");
    }
    List<ShapedExamples> read = new ArrayList<>();
    for (String location : source.featureFiles(FilePaths.Folders.FILES_IN_THEM)) {
      try (SourceFile file = source.openFeatures(location)) {
        read.add(ParquetTable.read(file, source));
        source.digested(file.digest());
      }
    }
    return read;
  }
}
