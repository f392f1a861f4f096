package dev.pare.data;

import java.util.List;
import java.util.Optional;

/** As many examples as the file has bytes: the byte is the feature, its lowest bit the label. */
public final class ToyFormat implements DataFormat {
  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.of("the lowest bits");
  }

  @Override
  public String labelPlace(DataSource source) {
    return "the lowest bits of " + source.files().features();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    String location = source.featureFiles(FilePaths.Folders.REFUSED).get(0);
    try (SourceFile file = source.openFeatures(location)) {
      byte[] values = file.readAll(1 << 20);
      int[] labels = new int[values.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = values[i] & 1;
      }
      source.digested(file.digest());
      return List.of(
          new ShapedExamples(
              new ByteExamples(values, 1, labels, 2), new ExampleShape(1, 1, 1), 255));
    }
  }
}
