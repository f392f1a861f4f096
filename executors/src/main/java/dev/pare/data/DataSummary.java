package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * @param names of the classes; empty where they are only counted
 * @param untrained the classes without training examples, ascending
 * @param test what the test data are, or null where they are not read
 * @param doubts what may be otherwise than was meant, each in some words
 */
public record DataSummary(
    int training,
    int validation,
    ExampleShape shape,
    Range range,
    Task task,
    int classes,
    List<String> names,
    List<Integer> untrained,
    @Nullable Test test,
    List<String> doubts) {
  private static final int MOST_LISTED = 10;

  public DataSummary {
    requireNonNull(shape, "shape is null");
    requireNonNull(range, "range is null");
    names = List.copyOf(names);
    requireNonNull(task, "task is null");
    untrained = List.copyOf(untrained);
    doubts = List.copyOf(doubts);
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
    return summary(data, null, doubts(data));
  }

  /**
   * Of training and test data, in one pass over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data, TestData test) {
    Range range = range(data.divisor(), test.examples());
    Range trained = range(data.divisor(), data.train(), data.validation());
    FeatureRanges features = FeatureRanges.of(data.train(), data.validation());
    List<String> doubts = doubts(data);
    if (test.digest().equals(data.validationDigest())) {
      doubts.add("the test data are the validation data, byte for byte: files are chosen by them");
    }
    if (test.files() == TestData.Files.OWN && data.trainingDigest().equals(test.digest())) {
      doubts.add("the test data are the training data, byte for byte: test errors say nothing");
    }
    List<Integer> outside = features.outside(test.examples());
    if (!outside.isEmpty()) {
      doubts.add(
          "of most test examples, %s out of the training data's range"
              .formatted(named(outside, " is", " are")));
    }
    double width = (double) trained.most() - trained.least();
    if (range.most() - (double) trained.most() > width
        || (double) trained.least() - range.least() > width) {
      doubts.add("test data go far beyond the training data's range");
    }
    return summary(data, new Test(test.examples().size(), range, missing(test.examples())), doubts);
  }

  private static List<String> doubts(TrainingData data) {
    FeatureRanges features = FeatureRanges.of(data.train(), data.validation());
    List<String> doubts = new ArrayList<>();
    if (data.trainingDigest().equals(data.validationDigest())) {
      doubts.add(
          "the validation data are the training data, byte for byte: validation errors say nothing");
    }
    List<FeatureRanges.Outlier> outliers = features.outliers();
    if (!outliers.isEmpty()) {
      FeatureRanges.Outlier first = outliers.get(0);
      doubts.add(
          "feature %d holds %s, far from its other values, %s: a missing one?%s"
              .formatted(
                  first.feature(),
                  text(first.value()),
                  new Range(first.low(), first.high()),
                  outliers.size() == 1 ? "" : " (" + outliers.size() + " features in all)"));
    }
    if (features.constant() > 0) {
      doubts.add(
          features.constant() == 1
              ? "1 feature is constant"
              : features.constant() + " features are constant");
    }
    return doubts;
  }

  private static String named(List<Integer> features, String one, String several) {
    return features.size() == 1
        ? "feature " + features.get(0) + one
        : "features "
            + listed(features.stream().limit(MOST_LISTED).map(String::valueOf), features.size())
            + several;
  }

  private static DataSummary summary(TrainingData data, @Nullable Test test, List<String> doubts) {
    return new DataSummary(
        data.train().size(),
        data.validation().size(),
        data.shape(),
        range(data.divisor(), data.train(), data.validation()),
        data.train().task(),
        data.classes(),
        data.preparation().classes(),
        missing(data.train()),
        test,
        doubts);
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
    if (!names.isEmpty()) {
      line += " (" + listed(names.stream().limit(MOST_LISTED), names.size()) + ")";
    }
    line += without("training", untrained);
    if (test != null) {
      line += "; %d test examples, %s".formatted(test.examples(), test.range());
      line += without("test", test.missing());
    }
    return line + doubts.stream().map(doubt -> "; " + doubt).collect(Collectors.joining());
  }

  private String without(String kind, List<Integer> absent) {
    return absent.isEmpty()
        ? ""
        : "; without "
            + kind
            + " examples: "
            + listed(
                absent.stream()
                    .limit(MOST_LISTED)
                    .map(label -> names.isEmpty() ? label.toString() : names.get(label)),
                absent.size());
  }

  private static String listed(Stream<String> first, int count) {
    return first.collect(Collectors.joining(", "))
        + (count > MOST_LISTED ? ", … (" + count + " in all)" : "");
  }

  private static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
