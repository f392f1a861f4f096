package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What data are, for people to see whether they are what was meant.
 *
 * @param training how many training examples
 * @param validation how many validation examples
 * @param shape of one
 * @param range of both
 * @param task what is asked of networks
 * @param classes how many classes
 * @param untrained the classes without training examples, ascending
 * @param test what the test data are, or null where they are not read
 */
public record DataSummary(
    int training,
    int validation,
    ExampleShape shape,
    Range range,
    Task task,
    int classes,
    List<Integer> untrained,
    @Nullable Test test) {
  private static final int MOST_LISTED = 10;

  public DataSummary {
    requireNonNull(shape, "shape is null");
    requireNonNull(range, "range is null");
    requireNonNull(task, "task is null");
    untrained = List.copyOf(untrained);
  }

  /** The least and the largest feature value, as the first layer reads them. */
  public record Range(float least, float most) {
    @Override
    public String toString() {
      return text(least) + " to " + text(most);
    }
  }

  /**
   * What test data are.
   *
   * @param examples how many
   * @param missing the classes without test examples, ascending
   */
  public record Test(int examples, Range range, List<Integer> missing) {
    public Test {
      requireNonNull(range, "range is null");
      missing = List.copyOf(missing);
    }
  }

  /**
   * Of training data, in one pass over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data) {
    return summary(data, null);
  }

  /**
   * Of training and test data, in one pass over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data, TestData test) {
    return summary(
        data,
        new Test(
            test.examples().size(),
            range(data.divisor(), test.examples()),
            missing(test.examples())));
  }

  private static DataSummary summary(TrainingData data, @Nullable Test test) {
    return new DataSummary(
        data.train().size(),
        data.validation().size(),
        data.shape(),
        range(data.divisor(), data.train(), data.validation()),
        data.train().task(),
        data.classes(),
        missing(data.train()),
        test);
  }

  private static Range range(float divisor, Examples... parts) {
    float scale = 1 / divisor;
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (Examples examples : parts) {
      float[] row = new float[examples.features()];
      for (int i = 0; i < examples.size(); i++) {
        examples.copyFeatures(i, row, 0);
        for (float value : row) {
          float read = value * scale;
          if (!Float.isFinite(read)) {
            throw new DataException(
                "data.divisor = " + divisor + ": a feature of " + value + " becomes " + read);
          }
          least = Math.min(least, read);
          most = Math.max(most, read);
        }
      }
    }
    return new Range(least, most);
  }

  /** Of the classes that networks tell apart. */
  private static List<Integer> missing(Examples examples) {
    if (examples.task() != Task.CLASSIFICATION) {
      return List.of();
    }
    boolean[] there = new boolean[examples.classes()];
    for (int i = 0; i < examples.size(); i++) {
      there[examples.label(i)] = true;
    }
    return IntStream.range(0, there.length).filter(label -> !there[label]).boxed().toList();
  }

  /** One line. */
  @Override
  public String toString() {
    String line =
        "%d training and %d validation examples of %s, %s at the first layer, %s"
            .formatted(
                training,
                validation,
                shape,
                range,
                task == Task.CLASSIFICATION ? classes + " classes" : task);
    line += without("training", untrained);
    return test == null
        ? line
        : line
            + "; %d test examples, %s".formatted(test.examples(), test.range())
            + without("test", test.missing());
  }

  private static String without(String kind, List<Integer> classes) {
    if (classes.isEmpty()) {
      return "";
    }
    String listed =
        classes.stream().limit(MOST_LISTED).map(String::valueOf).collect(Collectors.joining(", "));
    return "; without "
        + kind
        + " examples: "
        + listed
        + (classes.size() > MOST_LISTED ? ", … (" + classes.size() + " in all)" : "");
  }

  private static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
