package dev.pare.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lines of values, the label in one of the columns. */
public final class CsvFormat implements DataFormat {
  @Override
  public String name() {
    return "csv";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.of("data.csv.label-column");
  }

  @Override
  public boolean hasColumns() {
    return true;
  }

  @Override
  public boolean isLabelled(DataSettings settings, DataSettings.Files files) {
    return !settings.table().labels().isEmpty() || settings.csv().labelColumn() != null;
  }

  @Override
  public String labelPlace(DataSource source) {
    TableSettings table = source.settings().table();
    return table.labels().isEmpty()
        ? "data.csv.label-column = " + source.settings().csv().labelColumn()
        : "data.columns.label = " + table.label();
  }

  @Override
  public String key(DataSettings settings) {
    return settings.csv().toString();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    List<ShapedExamples> read = new ArrayList<>();
    for (String location : source.featureFiles(FilePaths.Folders.FILES_IN_THEM)) {
      try (SourceFile file = source.openFeatures(location)) {
        read.add(
            CsvFile.read(
                file,
                source.settings().csv(),
                source.labels(),
                source.columns(),
                source.storage()));
        source.digested(file.digest());
      }
    }
    return read;
  }
}
