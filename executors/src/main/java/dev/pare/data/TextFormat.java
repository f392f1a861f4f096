package dev.pare.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Lines of a label, a tab and a text in UTF-8, whose bytes are tokens, 0 to 255. A text is cut to
 * as many steps as {@code data.shape} has, or filled up with zeros.
 */
public final class TextFormat implements DataFormat {
  @Override
  public String name() {
    return "text";
  }

  @Override
  public Optional<String> labelSource() {
    return Optional.of("what stands before each line's tab");
  }

  @Override
  public boolean namesClasses() {
    return true;
  }

  @Override
  public String labelPlace(DataSource source) {
    return "what stands before tabs in "
        + (source.key() + ".features = " + source.files().features());
  }

  @Override
  public String key(DataSettings settings) {
    return "bytes " + settings.shape();
  }

  @Override
  public List<ShapedExamples> read(DataSource source) {
    ExampleShape shape = source.settings().shape();
    if (shape == null || shape.channels() != 1 || shape.width() != 1) {
      throw new DataException(
          "data.shape: must be set, as [1, steps, 1], as data.format = text, whose bytes are the"
              + " steps");
    }
    List<ShapedExamples> read = new ArrayList<>();
    for (String location : source.featureFiles(FilePaths.Folders.FILES_IN_THEM)) {
      try (SourceFile file = source.openFeatures(location)) {
        read.add(read(file, shape, source.labels(), source.storage()));
        source.digested(file.digest());
      }
    }
    return read;
  }

  private static ShapedExamples read(
      SourceFile file, ExampleShape shape, ClassLabels allowed, FeatureStorage storage) {
    int steps = shape.height();
    CsvLines lines = new CsvLines(file);
    GrowingLabels labels = new GrowingLabels();
    GrowingBytes tokens = new GrowingBytes(storage);
    byte[] text = new byte[steps];
    while (lines.next()) {
      int tab = 0;
      while (tab < lines.length() && lines.bytes()[tab] != '\t') {
        tab++;
      }
      String place = "line " + lines.number() + ": ";
      if (tab == lines.length()) {
        throw file.malformed(
            lines.start(), place + "has no tab, which must stand between its label and its text");
      }
      String label = new String(lines.bytes(), 0, tab, UTF_8);
      if (label.indexOf('\uFFFD') >= 0) {
        throw file.malformed(lines.start(), place + "the label is not UTF-8");
      }
      labels.add(allowed.check(label, problem -> file.malformed(lines.start(), place + problem)));
      int count = Math.min(steps, lines.length() - tab - 1);
      System.arraycopy(lines.bytes(), tab + 1, text, 0, count);
      Arrays.fill(text, count, steps, (byte) 0);
      tokens.add(text, 0, steps);
    }
    if (labels.size() == 0) {
      throw file.malformed(0, "has no lines");
    }
    int[] codes = labels.toArray();
    return new ShapedExamples(tokens.toExamples(steps, codes, allowed.classes(codes)), shape, 1);
  }
}
