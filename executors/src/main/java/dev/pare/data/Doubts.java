package dev.pare.data;

import static dev.pare.data.DataSummary.listed;
import static dev.pare.data.DataSummary.text;
import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What in data may be otherwise than was meant, each in some words. Nothing of it is an error: data
 * may be so.
 */
final class Doubts {
  /** Of fewer test examples nothing follows. */
  private static final int FEWEST = 20;

  /** Fewer copies are left unsaid, by their number and as a share. */
  private static final int FEWEST_COPIES = 3;

  private static final double LEAST_COPIED = 0.01;

  /** Where chance explains so many copies, copies say nothing. */
  private static final double LIKELY = 0.5;

  /** Shares of the examples in which a column lacks a value or a category. */
  private static final double OFTEN_LACKING = 0.5;

  private static final double OFTEN_UNKNOWN = 0.1;
  private static final double NEARLY_ALL = 0.9;

  /** What is less likely than this does not happen by chance, for any feature. */
  private static final double IMPOSSIBLE = 1e-9;

  private final TrainingData data;
  private final FeatureRanges features;

  /** Of a regression's targets; null for other tasks. */
  private final @Nullable FeatureRanges targets;

  private final ExampleHashes trained;
  private final double chance;

  /** The column of each feature; empty where features are not prepared. */
  private final List<String> columns;

  private final List<String> doubts = new ArrayList<>();

  private Doubts(TrainingData data, FeatureRanges features) {
    this.data = data;
    this.features = features;
    this.targets =
        data.train().task() == Task.REGRESSION
            ? FeatureRanges.of(Rows.targets(data.train()), Rows.targets(data.validation()))
            : null;
    this.trained = ExampleHashes.of(data.train());
    this.chance = ExampleHashes.chance(data.train());
    this.columns =
        data.preparation().columns().stream()
            .flatMap(column -> Collections.nCopies(column.features(), column.name()).stream())
            .toList();
  }

  /**
   * About training data.
   *
   * @param features ranges of all of them
   */
  static List<String> of(TrainingData data, FeatureRanges features) {
    Doubts doubts = new Doubts(data, features);
    doubts.training();
    doubts.copies(null);
    return doubts.doubts;
  }

  /**
   * About training and test data.
   *
   * @param range of the training and validation data
   * @param tested range of the test data
   */
  static List<String> of(
      TrainingData data,
      FeatureRanges features,
      DataSummary.Range range,
      TestData test,
      DataSummary.Range tested) {
    Doubts doubts = new Doubts(data, features);
    doubts.training();
    if (test.digest().equals(data.validationDigest())) {
      doubts.doubts.add(
          "the test data are the validation data, byte for byte: files are chosen by them");
    }
    if (test.files() == TestData.Files.OWN && data.trainingDigest().equals(test.digest())) {
      doubts.doubts.add(
          "the test data are the training data, byte for byte: test errors say nothing");
      doubts.copies(null);
    } else {
      doubts.copies(test.examples());
    }
    doubts.scales(test.examples(), range, tested);
    doubts.unvaried(test.examples(), doubts.gaps(test));
    if (test.examples().task() == Task.REGRESSION) {
      doubts.targets(test.examples());
    }
    return doubts.doubts;
  }

  private void training() {
    if (data.trainingDigest().equals(data.validationDigest())) {
      doubts.add(
          "the validation data are the training data, byte for byte: validation errors say nothing");
    }
    outliers(this::feature, features);
    if (features.constant() == data.train().features()) {
      doubts.add("no feature varies: there is nothing to learn from");
    }
    rowNumbers(this::feature, Rows.features(data.train()));
    if (data.train().task() == Task.REGRESSION) {
      outliers(target -> "target " + target, requireNonNull(targets, "targets"));
      rowNumbers(target -> "target " + target, Rows.targets(data.train()));
    }
    int size = data.train().size();
    for (ColumnGap gap : data.gaps()) {
      if (gap.missing() > NEARLY_ALL * size) {
        doubts.add(
            "column %s has no value in %d of %d training examples"
                .formatted(gap.column(), gap.missing(), size));
      }
    }
  }

  /** What people call a feature, counted from 1. */
  private String feature(int number) {
    return columns.isEmpty() ? "feature " + number : "column " + columns.get(number - 1);
  }

  private void outliers(IntFunction<String> what, FeatureRanges ranges) {
    List<FeatureRanges.Outlier> outliers = ranges.outliers();
    if (!outliers.isEmpty()) {
      FeatureRanges.Outlier first = outliers.get(0);
      doubts.add(
          "%s holds %s, far from its other values, %s: a missing one?%s"
              .formatted(
                  what.apply(first.feature()),
                  text(first.value()),
                  new DataSummary.Range(first.low(), first.high()),
                  outliers.size() == 1 ? "" : " (" + outliers.size() + " of them in all)"));
    }
  }

  private void rowNumbers(IntFunction<String> what, Rows rows) {
    RowNumbers.of(rows).stream()
        .findFirst()
        .ifPresent(column -> doubts.add(what.apply(column) + " counts the examples: row numbers?"));
  }

  /** Validation and test examples that are training examples, too. */
  private void copies(@Nullable Examples test) {
    ExampleHashes validation = ExampleHashes.of(data.validation());
    int copied = trained.count(validation);
    boolean doubted = tooMany(copied, data.validation());
    String copies = "%d of %d validation".formatted(copied, validation.size());
    if (test != null) {
      ExampleHashes tested = ExampleHashes.of(test);
      int copiedTest = trained.count(tested);
      doubted |= tooMany(copiedTest, test);
      copies += " and %d of %d test".formatted(copiedTest, tested.size());
      int distinct = tested.distinct();
      if (tested.size() >= FEWEST && 2 * distinct <= tested.size() && chance < LIKELY) {
        doubts.add("only %d of %d test examples differ".formatted(distinct, tested.size()));
      }
    }
    if (doubted) {
      doubts.add(copies + " examples are training examples, too: errors on these say little");
    }
  }

  /** Whether chance does not explain so many. */
  private boolean tooMany(int copied, Examples among) {
    return copied >= FEWEST_COPIES
        && copied > Math.max(LEAST_COPIED, chance) * among.size()
        && copied > ExampleHashes.neighbours(data.train(), among, copied);
  }

  private void scales(Examples test, DataSummary.Range range, DataSummary.Range tested) {
    List<Spread.Scale> scales =
        Spread.of(Rows.features(data.train())).others(Spread.of(Rows.features(test)));
    List<Integer> said = new ArrayList<>();
    for (Spread.Scale scale : scales) {
      said.addAll(scale.columns());
      doubts.add(
          "in the test data %s %s: another scale?"
              .formatted(
                  scale.columns().isEmpty()
                      ? "most features vary"
                      : named(scale.columns(), " varies", " vary"),
                  times(scale.factor())));
    }
    List<Integer> outside =
        features.outside(Rows.features(test)).stream().filter(f -> !said.contains(f)).toList();
    if (!outside.isEmpty()) {
      doubts.add(
          "of most test examples, %s out of the training data's range"
              .formatted(named(outside, " is", " are")));
    }
    if (scales.isEmpty()) {
      double width = (double) range.most() - range.least();
      if (tested.most() - (double) range.most() > width
          || (double) range.least() - tested.least() > width) {
        doubts.add("test data go far beyond the training data's range");
      }
    }
  }

  private static String times(double factor) {
    return factor > 1
        ? Math.round(factor) + " times as much as in the training data"
        : Math.round(1 / factor) + " times less than in the training data";
  }

  /**
   * Features that vary, but have one value in all test examples, which chance does not make.
   *
   * @param said columns of which it is known why
   */
  private void unvaried(Examples test, List<String> said) {
    if (test.size() < FEWEST) {
      return;
    }
    ConstantFeatures constant = ConstantFeatures.of(test);
    int[] alike = new int[test.features()];
    float[] row = new float[test.features()];
    Examples train = data.train();
    for (int i = 0; i < train.size() && constant.count() > 0; i++) {
      train.copyFeatures(i, row, 0);
      for (int f = 0; f < row.length; f++) {
        alike[f] += constant.isConstant(f) && row[f] == constant.value(f) ? 1 : 0;
      }
    }
    double impossible = Math.log(IMPOSSIBLE);
    int count = 0;
    int first = -1;
    for (int f = 0; f < row.length; f++) {
      double share = (double) alike[f] / train.size();
      boolean known = !columns.isEmpty() && said.contains(columns.get(f));
      if (!known && constant.isConstant(f) && test.size() * Math.log(share) < impossible) {
        first = count++ == 0 ? f : first;
      }
    }
    if (count > 0) {
      doubts.add(
          "%s is %s in all %d test examples, but only in %d of %d training examples%s"
              .formatted(
                  feature(first + 1),
                  text(constant.value(first)),
                  test.size(),
                  alike[first],
                  train.size(),
                  count == 1 ? "" : " (" + count + " features in all)"));
    }
  }

  /** What test examples lack; returns the columns of which that is said. */
  private List<String> gaps(TestData test) {
    List<String> said = new ArrayList<>();
    int size = test.examples().size();
    int train = data.train().size();
    for (ColumnGap gap : test.gaps()) {
      int before =
          data.gaps().stream()
              .filter(other -> other.column().equals(gap.column()))
              .mapToInt(ColumnGap::missing)
              .findFirst()
              .orElse(0);
      if (gap.unknown() > OFTEN_UNKNOWN * size) {
        doubts.add(
            "column %s has no category of the training examples in %d of %d test examples, as \"%s\""
                .formatted(gap.column(), gap.unknown(), size, gap.text()));
        said.add(gap.column());
      }
      double share = (double) gap.missing() / size;
      if (share > OFTEN_LACKING && (double) before / train < share / 2) {
        doubts.add(
            "column %s has no value in %d of %d test examples, in the training data in %d of %d"
                .formatted(gap.column(), gap.missing(), size, before, train));
        said.add(gap.column());
      }
    }
    return said;
  }

  private void targets(Examples test) {
    Rows tested = Rows.targets(test);
    outliers(target -> "in the test data, target " + target, FeatureRanges.of(tested));
    Spread trained = Spread.of(Rows.targets(data.train()));
    Spread spread = Spread.of(tested);
    for (Spread.Scale scale : trained.others(spread)) {
      doubts.add("the test targets vary " + times(scale.factor()) + ": another scale?");
    }
    if (trained.isOneIn(spread)) {
      doubts.add("most test targets are one number");
    }
    List<Integer> outside = requireNonNull(targets, "targets").outside(tested);
    if (!outside.isEmpty()) {
      doubts.add("most test targets are out of the training data's range");
    }
  }

  private String named(List<Integer> numbers, String one, String several) {
    List<String> names =
        numbers.stream()
            .map(number -> columns.isEmpty() ? "" + number : columns.get(number - 1))
            .distinct()
            .toList();
    String what = columns.isEmpty() ? "feature" : "column";
    return names.size() == 1
        ? what + " " + names.get(0) + one
        : what + "s " + listed(names.stream(), names.size()) + several;
  }
}
