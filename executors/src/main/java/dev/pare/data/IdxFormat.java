package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The format of MNIST: features and labels in two files of one array each. */
public final class IdxFormat implements DataFormat {
  @Override
  public String name() {
    return "idx";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.empty();
  }

  @Override
  public String labelPlace(DataSource source) {
    return source.key() + ".labels = " + source.files().labels();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    DataSettings.Files files = source.files();
    List<ShapedExamples> read = new ArrayList<>();
    if (source.labels().areNone()) {
      for (String location : source.featureFiles(FilePaths.Folders.REFUSED)) {
        try (SourceFile file = source.openFeatures(location)) {
          read.add(IdxFile.readFeatures(file, null, "", 1, source.storage()));
          source.digested(file.digest());
        }
      }
      return read;
    }
    String labels = requireNonNull(files.labels(), "labels is null");
    for (DataSource.Pair pair : source.pairs(files.features(), labels)) {
      try (SourceFile labelsFile = source.openLabels(pair.labels());
          SourceFile featuresFile = source.openFeatures(pair.features())) {
        int[] codes = IdxFile.readLabels(labelsFile, source.labels());
        read.add(
            IdxFile.readFeatures(
                featuresFile,
                codes,
                labelsFile.name(),
                source.labels().classes(codes),
                source.storage()));
        source.digested(featuresFile.digest());
        source.digested(labelsFile.digest());
      }
    }
    return read;
  }
}
