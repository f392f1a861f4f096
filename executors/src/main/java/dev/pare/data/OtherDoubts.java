package dev.pare.data;

import static dev.pare.data.DataSummary.listed;

import dev.pare.prepare.Column;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How examples of files of their own differ from the training data as if they were other data. */
final class OtherDoubts {
  /** Shares of the examples in which a column lacks a value or a category. */
  private static final double OFTEN_LACKING = 0.5;

  private static final double OFTEN_UNKNOWN = 0.1;

  /** Numbers from here on are shown by their powers of ten. */
  private static final double LONG = 1e6;

  private final String kind;
  private final TrainingData data;
  private final Examples others;
  private final List<ColumnGap> gaps;
  private final List<String> columns;
  private final List<String> doubts = new ArrayList<>();

  /**
   * @param kind what the examples are for
   * @param columns the column of each feature; empty where features are not prepared
   */
  OtherDoubts(
      String kind, TrainingData data, Examples others, List<ColumnGap> gaps, List<String> columns) {
    this.kind = kind;
    this.data = data;
    this.others = others;
    this.gaps = gaps;
    this.columns = columns;
  }

  List<String> doubts() {
    return doubts;
  }

  /**
   * Features of another scale or range.
   *
   * @param features ranges of what is known
   * @param range of all these
   * @param found the range of the examples
   */
  void scales(FeatureRanges features, DataSummary.Range range, DataSummary.Range found) {
    List<Spread.Scale> scales =
        Spread.of(Rows.features(data.train())).others(Spread.of(Rows.features(others)));
    List<Integer> said = new ArrayList<>();
    for (Spread.Scale scale : scales) {
      said.addAll(scale.columns());
      doubts.add(
          "in the %s data %s %s: another scale?"
              .formatted(
                  kind,
                  scale.columns().isEmpty()
                      ? "most features vary"
                      : named(scale.columns(), " varies", " vary"),
                  times(scale.factor())));
    }
    List<Integer> outside =
        features.outside(Rows.features(others)).stream().filter(f -> !said.contains(f)).toList();
    if (!outside.isEmpty()) {
      doubts.add(
          "of most %s examples, %s out of the training data's range"
              .formatted(kind, named(outside, " is", " are")));
    }
    if (scales.isEmpty()) {
      double width = (double) range.most() - range.least();
      if (found.most() - (double) range.most() > width
          || (double) range.least() - found.least() > width) {
        doubts.add(kind + " data go far beyond the training data's range");
      }
    }
  }

  private static String times(double factor) {
    return factor > 1
        ? whole(factor) + " times as much as in the training data"
        : whole(1 / factor) + " times less than in the training data";
  }

  /** Two digits of what is too long to read. */
  private static String whole(double factor) {
    return factor < LONG
        ? String.valueOf(Math.round(factor))
        : new BigDecimal(factor).round(new MathContext(2)).toString();
  }

  /** What the examples lack; returns the columns of which that is said. */
  List<String> gaps() {
    List<String> said = new ArrayList<>();
    int size = others.size();
    int train = data.train().size();
    for (ColumnGap gap : gaps) {
      int before =
          data.gaps().stream()
              .filter(other -> other.column().equals(gap.column()))
              .mapToInt(ColumnGap::missing)
              .findFirst()
              .orElse(0);
      if (gap.unknown() > OFTEN_UNKNOWN * size) {
        doubts.add(
            "column %s has no category of the training examples in %d of %d %s examples, as \"%s\""
                .formatted(gap.column(), gap.unknown(), size, kind, gap.text()));
        said.add(gap.column());
      }
      double share = (double) gap.missing() / size;
      if (share > OFTEN_LACKING && (double) before / train < share / 2) {
        doubts.add(
            "column %s has no value in %d of %d %s examples, in the training data in %d of %d"
                .formatted(gap.column(), gap.missing(), size, kind, before, train));
        said.add(gap.column());
      }
    }
    return said;
  }

  /**
   * Values that may stand for missing ones, beyond all that the training examples have: of others
   * these tell.
   *
   * @param said what is said of already
   */
  void missing(List<FeatureRanges.Outlier> said) {
    Set<Integer> known =
        said.stream().map(FeatureRanges.Outlier::feature).collect(Collectors.toSet());
    FeatureRanges trained = FeatureRanges.of(Rows.columns(data.train()));
    List<String> names = data.preparation().columns().stream().map(Column::name).toList();
    ColumnDoubts.outliers(
            number ->
                "in the %s data, %s"
                    .formatted(
                        kind,
                        names.isEmpty() ? "feature " + number : "column " + names.get(number - 1)),
            FeatureRanges.of(Rows.columns(others)).outliers(data.shape()).stream()
                .filter(each -> !known.contains(each.feature()) && trained.isBeyond(each))
                .toList())
        .ifPresent(doubts::add);
  }

  /** Targets that may stand for missing ones. */
  void outliers() {
    ColumnDoubts.outliers(
            target -> "in the %s data, target %d".formatted(kind, target),
            FeatureRanges.of(Rows.targets(others)).outliers())
        .ifPresent(doubts::add);
  }

  /**
   * Targets of another scale or range.
   *
   * @param known ranges of what is known
   */
  void targets(FeatureRanges known) {
    Rows found = Rows.targets(others);
    Spread trained = Spread.of(Rows.targets(data.train()));
    Spread spread = Spread.of(found);
    for (Spread.Scale scale : trained.others(spread)) {
      doubts.add("the %s targets vary %s: another scale?".formatted(kind, times(scale.factor())));
    }
    if (trained.isOneIn(spread)) {
      doubts.add("most %s targets are one number".formatted(kind));
    }
    if (!known.outside(found).isEmpty()) {
      doubts.add("most %s targets are out of the training data's range".formatted(kind));
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
