package dev.pare.data;

import static dev.pare.data.DataSummary.text;

import dev.pare.candidate.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What in data may be otherwise than was meant, each in some words. Nothing of it is an error: data
 * may be so.
 */
final class Doubts {
  /** Of fewer test examples nothing follows. */
  private static final int FEWEST = 20;

  /** Of an image: colours and how opaque it is. */
  private static final int MOST_CHANNELS = 4;

  /** What unsigned bytes are divided by. */
  private static final float OF_PIXELS = 255;

  /** The largest share of it that is so little that others were meant. */
  private static final float DARK = 0.25f;

  /** What is less likely than this does not happen by chance, for any feature. */
  private static final double IMPOSSIBLE = 1e-9;

  private final TrainingData data;
  private final FeatureRanges features;
  private final DataSummary.Range trained;
  private final DataSummary.Range validated;

  /** Of a regression's targets; null for other tasks. */
  private final @Nullable FeatureRanges targets;

  private final ConstantFeatures constant;

  /** The column of each feature; empty where features are not prepared. */
  private final List<String> columns;

  private final List<String> doubts = new ArrayList<>();

  private Doubts(
      TrainingData data,
      FeatureRanges features,
      DataSummary.Range trained,
      DataSummary.Range validated) {
    this.data = data;
    this.features = features;
    this.trained = trained;
    this.validated = validated;
    this.targets =
        data.train().task() == Task.REGRESSION
            ? FeatureRanges.of(Rows.targets(data.train()), Rows.targets(data.validation()))
            : null;
    this.constant = ConstantFeatures.of(data.train());
    this.columns =
        data.preparation().columns().stream()
            .flatMap(column -> Collections.nCopies(column.features(), column.name()).stream())
            .toList();
  }

  /**
   * About training data.
   *
   * @param features ranges of all of them
   * @param trained range of those that networks are trained on
   * @param validated range of the others
   */
  static List<String> of(
      TrainingData data,
      FeatureRanges features,
      DataSummary.Range trained,
      DataSummary.Range validated) {
    Doubts doubts = new Doubts(data, features, trained, validated);
    doubts.training();
    doubts.doubts.addAll(CopyDoubts.of(data, null));
    return doubts.doubts;
  }

  /**
   * About training and test data.
   *
   * @param features ranges of the training and validation data
   * @param trained range of those that networks are trained on
   * @param validated range of the validation data
   * @param tested range of the test data
   */
  static List<String> of(
      TrainingData data,
      FeatureRanges features,
      DataSummary.Range trained,
      DataSummary.Range validated,
      TestData test,
      DataSummary.Range tested) {
    Doubts doubts = new Doubts(data, features, trained, validated);
    doubts.training();
    doubts.testing(test, tested);
    return doubts.doubts;
  }

  private void training() {
    if (features.constant() == data.train().features()) {
      doubts.add("no feature varies: there is nothing to learn from");
    }
    float most = Math.max(trained.most(), validated.most());
    if (data.divisor() == OF_PIXELS && most > 0 && most < DARK) {
      float raw = Math.round(most * OF_PIXELS);
      doubts.add(
          "features of at most %s are divided by 255: of fewer bits? data.divisor = %s would make 1 of the largest"
              .formatted(text(raw), text(raw)));
    }
    if (isLikeChannelsLast()) {
      ExampleShape shape = data.shape();
      doubts.add(
          "examples of %s are read as %d channels of %d×%d: images with channels last? They are to be transposed to %d×%d×%d"
              .formatted(
                  shape,
                  shape.channels(),
                  shape.height(),
                  shape.width(),
                  shape.width(),
                  shape.channels(),
                  shape.height()));
    }
    doubts.addAll(data.doubts());
    doubts.addAll(LayoutDoubts.of(data));
    FlatImages.doubt(data.train(), data.shape()).ifPresent(doubts::add);
    Texts texts = Texts.of(data);
    if (texts != null) {
      doubts.addAll(texts.doubts());
    }
    doubts.addAll(ColumnDoubts.of(data, features, targets));
    Examples train = data.train();
    Examples validation = data.validation();
    List<String> said = List.of();
    if (data.validationDigest() != null) {
      OtherDoubts own =
          new OtherDoubts("validation", data, validation, data.validationGaps(), columns);
      own.scales(FeatureRanges.of(Rows.features(train)), trained, validated);
      own.missing(
          FeatureRanges.of(Rows.columns(train), Rows.columns(validation)).outliers(data.shape()));
      said = own.gaps();
      if (targets != null) {
        own.targets(FeatureRanges.of(Rows.targets(train)));
      }
      doubts.addAll(own.doubts());
    }
    unvaried(ConstantFeatures.of(validation), validation, "validation", train, "training", said);
    unvaried(constant, train, "training", validation, "validation", said);
  }

  /** Two sides of an image, and behind them as few as images have channels. */
  private boolean isLikeChannelsLast() {
    ExampleShape shape = data.shape();
    boolean pixels = data.divisor() == OF_PIXELS;
    boolean square = shape.channels() == shape.height();
    return Math.min(shape.channels(), shape.height()) > MOST_CHANNELS
        && switch (shape.width()) {
          case 3, MOST_CHANNELS -> square || pixels;
          // Steps in time may well be as many as their channels, unless they are pixels.
          case 1 -> square && pixels;
          default -> false;
        };
  }

  private void testing(TestData test, DataSummary.Range tested) {
    Examples examples = test.examples();
    doubts.addAll(CopyDoubts.of(data, test));
    OtherDoubts other = new OtherDoubts("test", data, examples, test.gaps(), columns);
    other.scales(features, trained.and(validated), tested);
    other.missing(List.of());
    List<String> said = other.gaps();
    FeatureRanges known = targets;
    if (known != null) {
      other.outliers();
      other.targets(known);
    }
    doubts.addAll(other.doubts());
    unvaried(ConstantFeatures.of(examples), examples, "test", data.train(), "training", said);
    unvaried(constant, data.train(), "training", examples, "test", said);
  }

  /** What people call a feature, counted from 1. */
  private String feature(int number) {
    return columns.isEmpty() ? "feature " + number : "column " + columns.get(number - 1);
  }

  /**
   * Features that vary in some examples, but have one value in all of others, which chance does not
   * make.
   *
   * @param constant features in {@code examples}
   * @param said columns of which it is known why
   */
  private void unvaried(
      ConstantFeatures constant,
      Examples examples,
      String kind,
      Examples others,
      String otherKind,
      List<String> said) {
    if (examples.size() < FEWEST) {
      return;
    }
    int[] alike = new int[examples.features()];
    float[] row = new float[examples.features()];
    for (int i = 0; i < others.size() && constant.count() > 0; i++) {
      others.copyFeatures(i, row, 0);
      for (int f = 0; f < row.length; f++) {
        alike[f] += constant.isConstant(f) && row[f] == constant.value(f) ? 1 : 0;
      }
    }
    double impossible = Math.log(IMPOSSIBLE);
    int count = 0;
    int first = -1;
    for (int f = 0; f < row.length; f++) {
      boolean known = !columns.isEmpty() && said.contains(columns.get(f));
      if (!known
          && constant.isConstant(f)
          && logChance(others.size() - alike[f], others.size(), examples.size()) < impossible) {
        first = count++ == 0 ? f : first;
      }
    }
    if (count > 0) {
      doubts.add(
          "%s is %s in all %d %s examples, but only in %d of %d %s examples%s"
              .formatted(
                  feature(first + 1),
                  text(constant.value(first)),
                  examples.size(),
                  kind,
                  alike[first],
                  others.size(),
                  otherKind,
                  count == 1 ? "" : " (" + count + " features in all)"));
    }
  }

  /**
   * The logarithm of the chance that all of so many examples are among the {@code others}, if these
   * and {@code more} are drawn from one set.
   */
  private static double logChance(int examples, int others, int more) {
    double sum = 0;
    for (int i = 0; i < examples; i++) {
      sum += Math.log((others - i) / ((double) others + more - i));
    }
    return sum;
  }
}
