package dev.pare.data;

import static dev.pare.data.DataSummary.listed;
import static dev.pare.data.DataSummary.text;
import static java.util.Objects.requireNonNull;

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

  /** Fewer copies are left unsaid, by their number and as a share. */
  private static final int FEWEST_COPIES = 3;

  private static final double LEAST_COPIED = 0.01;

  /** Where chance explains so many copies, copies say nothing. */
  private static final double LIKELY = 0.5;

  /** Shares of the examples in which a column lacks a value or a category. */
  private static final double OFTEN_LACKING = 0.5;

  private static final double OFTEN_UNKNOWN = 0.1;

  /** What is less likely than this does not happen by chance, for any feature. */
  private static final double IMPOSSIBLE = 1e-9;

  private final TrainingData data;
  private final FeatureRanges features;

  /** Of a regression's targets; null for other tasks. */
  private final @Nullable FeatureRanges targets;

  private final ExampleHashes trained;
  private final double chance;
  private final ConstantFeatures constant;

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
    List<String> said = doubts.gaps(test);
    Examples tests = test.examples();
    doubts.unvaried(ConstantFeatures.of(tests), tests, "test", data.train(), "training", said);
    doubts.unvaried(doubts.constant, data.train(), "training", tests, "test", said);
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
    if (features.constant() == data.train().features()) {
      doubts.add("no feature varies: there is nothing to learn from");
    }
    doubts.addAll(ColumnDoubts.of(data, features, targets));
    Examples train = data.train();
    Examples validation = data.validation();
    unvaried(
        ConstantFeatures.of(validation), validation, "validation", train, "training", List.of());
    unvaried(constant, train, "training", validation, "validation", List.of());
  }

  /** What people call a feature, counted from 1. */
  private String feature(int number) {
    return columns.isEmpty() ? "feature " + number : "column " + columns.get(number - 1);
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
    ColumnDoubts.outliers(target -> "in the test data, target " + target, FeatureRanges.of(tested))
        .ifPresent(doubts::add);
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
