package dev.pare.data;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What data are, for people to see whether they are what was meant.
 *
 * @param training those that networks are trained on
 * @param shape of an example
 * @param task what is asked of networks
 * @param classes how many classes
 * @param names of the classes; empty where they are only counted
 * @param test what the test data are, or null where they are not read
 * @param constant how many features have one value in all training and validation examples, which
 *     is usual: dark borders of images have
 * @param onDisk how many bytes of them are on the local disk, as they do not fit into memory
 * @param texts what they are, in some words; null where they are none
 * @param doubts what may be otherwise than was meant, each in some words
 */
public record DataSummary(
    Part training,
    Part validation,
    ExampleShape shape,
    Task task,
    int classes,
    List<String> names,
    @Nullable Part test,
    int constant,
    long onDisk,
    @Nullable String texts,
    List<String> doubts) {
  private static final int MOST_LISTED = 10;

  /** Of fewer examples of a class no error of it can be told. */
  private static final int FEW = 5;

  public DataSummary {
    requireNonNull(training, "training is null");
    requireNonNull(validation, "validation is null");
    requireNonNull(shape, "shape is null");
    names = List.copyOf(names);
    requireNonNull(task, "task is null");
    doubts = List.copyOf(doubts);
  }

  /** The least and the largest of some numbers. */
  public record Range(float least, float most) {
    @Override
    public String toString() {
      return text(least) + " to " + text(most);
    }

    Range and(Range other) {
      return new Range(Math.min(least, other.least), Math.max(most, other.most));
    }
  }

  /**
   * Some of the data.
   *
   * @param examples how many
   * @param range of features, as the first layer reads them
   * @param targets range of the targets; null where there are none but features
   * @param counts how many examples each class has; empty for other tasks
   */
  public record Part(int examples, Range range, @Nullable Range targets, List<Integer> counts) {
    public Part {
      requireNonNull(range, "range is null");
      counts = List.copyOf(counts);
    }

    /** The classes without examples, ascending. */
    List<Integer> missing() {
      return which(count -> count == 0);
    }

    /** The classes with some examples, but fewer than five, ascending. */
    List<Integer> few() {
      return which(count -> count > 0 && count < FEW);
    }

    private static Part of(Examples examples, float divisor) {
      boolean classes = examples.task() == Task.CLASSIFICATION;
      int[] counts = new int[classes ? examples.classes() : 0];
      for (int i = 0; i < examples.size() && classes; i++) {
        counts[examples.label(i)]++;
      }
      return new Part(
          examples.size(),
          rangeOf(divisor, Rows.features(examples)),
          examples.task() == Task.REGRESSION ? rangeOf(1, Rows.targets(examples)) : null,
          IntStream.of(counts).boxed().toList());
    }

    private List<Integer> which(IntPredicate condition) {
      return IntStream.range(0, counts.size())
          .filter(label -> condition.test(counts.get(label)))
          .boxed()
          .toList();
    }
  }

  /**
   * Of training data, in a few passes over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data) {
    return summary(data, null);
  }

  /**
   * Of training and test data, in a few passes over them.
   *
   * @throws DataException if the first layer would read values that are not finite
   */
  public static DataSummary of(TrainingData data, TestData test) {
    return summary(data, test);
  }

  private static DataSummary summary(TrainingData data, @Nullable TestData test) {
    Part training = Part.of(data.train(), data.divisor());
    Part validation = Part.of(data.validation(), data.divisor());
    Part tested = test == null ? null : Part.of(test.examples(), data.divisor());
    FeatureRanges features =
        FeatureRanges.of(Rows.features(data.train()), Rows.features(data.validation()));
    Texts texts = Texts.of(data);
    return new DataSummary(
        training,
        validation,
        data.shape(),
        data.train().task(),
        data.classes(),
        data.preparation().classes(),
        tested,
        features.constant(),
        data.train().diskBytes()
            + data.validation().diskBytes()
            + (test == null ? 0 : test.examples().diskBytes()),
        texts == null ? null : texts.toString(),
        test == null || tested == null
            ? Doubts.of(data, features, training.range(), validation.range())
            : Doubts.of(
                data, features, training.range(), validation.range(), test, tested.range()));
  }

  private static Range rangeOf(float divisor, Rows rows) {
    float scale = 1 / divisor;
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    float[] row = new float[rows.width()];
    for (int i = 0; i < rows.size(); i++) {
      rows.copy(i, row);
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
    return new Range(least, most);
  }

  /** One line. */
  @Override
  public String toString() {
    String line =
        "%d training and %d validation examples of %s, %s at the first layer, %s"
            .formatted(
                training.examples(),
                validation.examples(),
                shape,
                training.range().and(validation.range()),
                task == Task.CLASSIFICATION ? classes + " classes" : task);
    if (!names.isEmpty()) {
      line += " (" + listed(names.stream(), names.size()) + ")";
    }
    line += sizes();
    if (training.targets() != null) {
      line +=
          " of targets from %s, %s in validation"
              .formatted(training.targets(), validation.targets());
    }
    line += without("training", training) + without("validation", validation);
    line += few("validation", validation);
    if (test != null) {
      line += "; %d test examples, %s".formatted(test.examples(), test.range());
      line += test.targets() == null ? "" : ", targets from " + test.targets();
      line += without("test", test) + few("test", test);
    }
    if (texts != null) {
      line += "; " + texts;
    }
    if (constant > 0) {
      line += "; for information: %d of %d features never vary".formatted(constant, shape.size());
    }
    if (onDisk > 0) {
      line += String.format(Locale.ROOT, "; %,d MB of them on the local disk", onDisk / 1_000_000);
    }
    return line + doubts.stream().map(doubt -> "; " + doubt).collect(Collectors.joining());
  }

  /** The fewest and the most training examples that a class has, of those that have any. */
  private String sizes() {
    List<Integer> counts = training.counts();
    Comparator<Integer> bySize = Comparator.comparing(counts::get);
    List<Integer> present =
        IntStream.range(0, counts.size()).filter(label -> counts.get(label) > 0).boxed().toList();
    if (present.size() < 2) {
      return "";
    }
    int smallest = Collections.min(present, bySize);
    int largest = Collections.max(present, bySize);
    return counts.get(smallest).equals(counts.get(largest))
        ? " of %d training examples each".formatted(counts.get(smallest))
        : " of %d (%s) to %d (%s) training examples"
            .formatted(counts.get(smallest), name(smallest), counts.get(largest), name(largest));
  }

  private String name(int label) {
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  private String without(String kind, Part part) {
    return listed("; without " + kind + " examples: ", part.missing());
  }

  private String few(String kind, Part part) {
    return listed("; fewer than " + FEW + " " + kind + " examples: ", part.few());
  }

  private String listed(String before, List<Integer> labels) {
    return labels.isEmpty() ? "" : before + listed(labels.stream().map(this::name), labels.size());
  }

  /** The first of some. */
  static String listed(Stream<String> all, int count) {
    return all.limit(MOST_LISTED).collect(Collectors.joining(", "))
        + (count > MOST_LISTED ? ", … (" + count + " in all)" : "");
  }

  static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
