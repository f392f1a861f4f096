package dev.pare.data;

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
    List<String> features = source.featureFiles(FilePaths.Folders.REFUSED);
    List<String> labels = source.labelFiles(features.size());
    List<ShapedExamples> read = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      try (SourceFile labelsFile = source.openLabels(labels.get(i));
          SourceFile featuresFile = source.openFeatures(features.get(i))) {
        int[] codes = IdxFile.readLabels(labelsFile, source.labels());
        read.add(
            IdxFile.readFeatures(
                featuresFile, codes, labelsFile.name(), source.labels().classes(codes)));
        source.digested(featuresFile.digest());
        source.digested(labelsFile.digest());
      }
    }
    return read;
  }
}
