package dev.pare.data;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Images of one colour each, as where a viewer drew nothing but its background. */
final class FlatImages {
  /** Smaller ones may be flat by chance. */
  private static final int SHORTEST_SIDE = 8;

  private static final int FEWEST = 10;

  private static final double LEAST_SHARE = 0.05;

  private FlatImages() {}

  /**
   * In some words, where there are many; those of the most frequent colour apart, of which {@link
   * CopyDoubts} tells.
   */
  static Optional<String> doubt(Examples examples, ExampleShape shape) {
    if (Math.min(shape.height(), shape.width()) < SHORTEST_SIDE) {
      return Optional.empty();
    }
    Rows rows = Rows.features(examples);
    Map<Integer, Integer> colours = new HashMap<>();
    float[] row = new float[rows.width()];
    int flat = 0;
    for (int i = 0; i < rows.size(); i++) {
      rows.copy(i, row);
      if (isFlat(row, shape)) {
        flat++;
        colours.merge(colour(row, shape), 1, Integer::sum);
      }
    }
    int most = colours.values().stream().mapToInt(count -> count).max().orElse(0);
    return flat - most < Math.max(FEWEST, LEAST_SHARE * rows.size())
        ? Optional.empty()
        : Optional.of(
            "%d of %d training images are flat, of one colour each and %d colours in all: could they not be read?"
                .formatted(flat, rows.size(), colours.size()));
  }

  private static boolean isFlat(float[] row, ExampleShape shape) {
    int plane = shape.height() * shape.width();
    for (int i = 0; i < row.length; i++) {
      if (row[i] != row[i - i % plane]) {
        return false;
      }
    }
    return true;
  }

  private static int colour(float[] row, ExampleShape shape) {
    int hash = 0;
    for (int i = 0; i < row.length; i += shape.height() * shape.width()) {
      hash = 31 * hash + Float.hashCode(row[i]);
    }
    return hash;
  }
}
