package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What training data are, for people to see whether they are what was meant.
 *
 * @param training how many training examples
 * @param validation how many validation examples
 * @param shape of one
 * @param least the least feature value of both, as the first layer reads it
 * @param most the largest one
 * @param classes how many classes
 * @param untrained the classes without training examples, ascending
 */
public record DataSummary(
    int training,
    int validation,
    ExampleShape shape,
    float least,
    float most,
    int classes,
    List<Integer> untrained) {
  private static final int MOST_LISTED = 10;

  public DataSummary {
    requireNonNull(shape, "shape is null");
    untrained = List.copyOf(untrained);
  }

  /**
   * Of some data, in one pass over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data) {
    float scale = 1 / data.divisor();
    float[] row = new float[data.shape().size()];
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (Examples examples : List.of(data.train(), data.validation())) {
      for (int i = 0; i < examples.size(); i++) {
        examples.copyFeatures(i, row, 0);
        for (float value : row) {
          float read = value * scale;
          if (!Float.isFinite(read)) {
            throw new DataException(
                "data.divisor = "
                    + data.divisor()
                    + ": a feature of "
                    + value
                    + " becomes "
                    + read);
          }
          least = Math.min(least, read);
          most = Math.max(most, read);
        }
      }
    }
    boolean[] trained = new boolean[data.classes()];
    for (int i = 0; i < data.train().size(); i++) {
      trained[data.train().label(i)] = true;
    }
    return new DataSummary(
        data.train().size(),
        data.validation().size(),
        data.shape(),
        least,
        most,
        data.classes(),
        IntStream.range(0, trained.length).filter(label -> !trained[label]).boxed().toList());
  }

  /** One line. */
  @Override
  public String toString() {
    String line =
        "%d training and %d validation examples of %s, %s to %s at the first layer, %d classes"
            .formatted(training, validation, shape, text(least), text(most), classes);
    if (untrained.isEmpty()) {
      return line;
    }
    String listed =
        untrained.stream()
            .limit(MOST_LISTED)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return line
        + "; without training examples: "
        + listed
        + (untrained.size() > MOST_LISTED ? ", … (" + untrained.size() + " in all)" : "");
  }

  private static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
