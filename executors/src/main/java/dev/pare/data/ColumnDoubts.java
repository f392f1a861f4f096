package dev.pare.data;

import dev.pare.candidate.Task;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What in single columns of training data, or in their labels, may be otherwise than was meant: as
 * the files have them, not standardized.
 */
final class ColumnDoubts {
  private static final double NEARLY_ALL = 0.9;

  /** Of fewer examples nothing follows from categories. */
  private static final int FEWEST = 20;

  /** Numbers of targets that columns are compared with: each takes a pass over some. */
  private static final int MOST_TARGETS = 16;

  private static final Pattern FRACTION = Pattern.compile("[-+]?[0-9]*[.][0-9]*[1-9][0-9]*");

  /** As pandas calls an index in Parquet, and one of CSV when it is read again. */
  private static final Pattern INDEX =
      Pattern.compile("__index_level_[0-9]+__|Unnamed: [0-9]+([.][0-9]+)?");

  private final TrainingData data;
  private final List<Column> columns;
  private final List<String> doubts = new ArrayList<>();

  private ColumnDoubts(TrainingData data) {
    this.data = data;
    this.columns = data.preparation().columns();
  }

  /**
   * @param features ranges of the training and validation data's features
   * @param targets ranges of a regression's targets; null for other tasks
   */
  static List<String> of(
      TrainingData data, FeatureRanges features, @Nullable FeatureRanges targets) {
    ColumnDoubts doubts = new ColumnDoubts(data);
    doubts.columns(features);
    if (targets != null) {
      doubts.targets(targets);
    } else if (data.train().task() == Task.CLASSIFICATION) {
      doubts.labels();
    }
    if (!doubts.columns.isEmpty()) {
      doubts.named();
    }
    return doubts.doubts;
  }

  /** What people call a column, counted from 1. */
  private String column(int number) {
    return columns.isEmpty() ? "feature " + number : "column " + columns.get(number - 1).name();
  }

  private void columns(FeatureRanges features) {
    Rows train = Rows.columns(data.train());
    FeatureRanges ranges =
        columns.isEmpty() ? features : FeatureRanges.of(train, Rows.columns(data.validation()));
    outliers(this::column, ranges.outliers(data.shape())).ifPresent(doubts::add);
    coarse(this::column, ranges);
    // Codes of categories follow their texts.
    List<Integer> ascending =
        RowNumbers.of(train).stream().filter(number -> !isCategorical(number)).toList();
    rowNumbers(this::column, ascending);
    if (ascending.isEmpty()) {
      RowNumbers.inAnyOrder(train).stream()
          .filter(number -> !isCategorical(number))
          .findFirst()
          .ifPresent(
              number ->
                  doubts.add(
                      column(number) + " has another whole number in each example: row numbers?"));
    }
  }

  private boolean isCategorical(int number) {
    return !columns.isEmpty() && columns.get(number - 1) instanceof Column.Categorical;
  }

  /** The values that may stand for missing ones, in some words. */
  static Optional<String> outliers(IntFunction<String> what, List<FeatureRanges.Outlier> outliers) {
    return outliers.stream()
        .findFirst()
        .map(
            first ->
                "%s holds %s, far from its other values, %s: %s?%s"
                    .formatted(
                        what.apply(first.feature()),
                        first.values().stream()
                            .map(DataSummary::text)
                            .collect(Collectors.joining(", ")),
                        new DataSummary.Range(first.low(), first.high()),
                        first.values().size() == 1 ? "a missing one" : "missing ones",
                        outliers.size() == 1 ? "" : " (" + outliers.size() + " of them in all)"));
  }

  /** Numbers that floats cannot tell apart. */
  private void coarse(IntFunction<String> what, FeatureRanges ranges) {
    List<FeatureRanges.Coarse> coarse = ranges.coarse();
    coarse.stream()
        .findFirst()
        .ifPresent(
            first ->
                doubts.add(
                    "%s holds numbers up to %s, where floats are %s apart, and they differ by %s at most: subtract what they have in common%s"
                        .formatted(
                            what.apply(first.feature()),
                            DataSummary.text(first.most()),
                            DataSummary.text(first.step()),
                            DataSummary.text((float) first.width()),
                            coarse.size() == 1 ? "" : " (" + coarse.size() + " of them in all)")));
  }

  private void rowNumbers(IntFunction<String> what, List<Integer> numbers) {
    numbers.stream()
        .findFirst()
        .ifPresent(number -> doubts.add(what.apply(number) + " counts the examples: row numbers?"));
  }

  private void targets(FeatureRanges ranges) {
    IntFunction<String> what = target -> "target " + target;
    outliers(what, ranges.outliers()).ifPresent(doubts::add);
    coarse(what, ranges);
    rowNumbers(what, RowNumbers.of(Rows.targets(data.train())));
    if (data.outputs() == 1 && ranges.hasTwoValues()) {
      doubts.add("the targets are two numbers alone: classes?");
    } else if (areOneHot(Rows.targets(data.train()))) {
      doubts.add("the targets are 0 but for one of each example, which is 1: one-hot classes?");
    }
    if (data.outputs() <= MOST_TARGETS) {
      ranges.constants().forEach(target -> doubts.add("target " + target + " never varies"));
      ColumnCopies.of(Rows.targets(data.train())).stream()
          .filter(copy -> !ranges.constants().contains(copy.copy()))
          .forEach(
              copy ->
                  doubts.add(
                      "target %d has the values of target %d: a copy?"
                          .formatted(copy.copy(), copy.original())));
    }
    for (int target = 0; target < Math.min(MOST_TARGETS, data.outputs()); target++) {
      List<Integer> copies = LabelCopies.ofTarget(data.train(), target);
      if (!copies.isEmpty()) {
        doubts.add(
            "%s puts the examples into the order of target %d: a copy of it?"
                .formatted(column(copies.get(0)), target + 1));
      } else if (data.shape().height() == 1 && data.shape().width() == 1) {
        // The last step of a series may well be nearly the next one.
        told(LabelTells.ofTarget(data.train(), target), "target " + (target + 1));
      }
    }
  }

  static boolean areOneHot(Rows targets) {
    float[] row = new float[targets.width()];
    for (int i = 0; i < targets.size(); i++) {
      targets.copy(i, row);
      int ones = 0;
      for (float target : row) {
        if (target != 0 && target != 1) {
          return false;
        }
        ones += (int) target;
      }
      if (ones != 1) {
        return false;
      }
    }
    return targets.width() > 1;
  }

  private void labels() {
    LabelCopies.OfClasses copies = LabelCopies.ofClasses(data.train());
    copies(copies.exact(), "a value of its own for each class", "a copy of the label?");
    copies(
        copies.coarse(),
        "one value in each class, which some classes share",
        "a coarser copy of the label?");
    told(
        LabelTells.ofClasses(data.train()).stream()
            .filter(c -> !copies.exact().contains(c) && !copies.coarse().contains(c))
            .toList(),
        "the label");
    int[] counts = new int[data.classes()];
    for (Examples part : List.of(data.train(), data.validation())) {
      for (int i = 0; i < part.size(); i++) {
        counts[part.label(i)]++;
      }
    }
    List<String> names = data.preparation().classes();
    doubts.addAll(NameDoubts.ofClasses(names, counts));
    if (2L * names.stream().filter(name -> FRACTION.matcher(name).matches()).count()
        > names.size()) {
      doubts.add("most classes are numbers with fractions: targets of a regression?");
    }
    Missing missing = Missing.of(data.train());
    missing
        .byClass()
        .ifPresent(
            number ->
                doubts.add(
                    column(number)
                        + " has a value in all examples of some classes, and in none of the"
                        + " others: is it known before the label?"));
  }

  /** Columns that are no copies. */
  private void told(List<Integer> columns, String what) {
    if (!columns.isEmpty()) {
      doubts.add(
          "%s alone tells %s of nearly all examples: is it made of it?%s"
              .formatted(
                  column(columns.get(0)),
                  what,
                  columns.size() == 1 ? "" : " (" + columns.size() + " such columns in all)"));
    }
  }

  private void copies(List<Integer> copies, String values, String meant) {
    if (!copies.isEmpty()) {
      doubts.add(
          "%s has %s%s: %s"
              .formatted(
                  copies.stream().limit(3).map(this::column).collect(Collectors.joining(", ")),
                  values,
                  copies.size() > 3 ? " (" + copies.size() + " such columns in all)" : "",
                  meant));
    }
  }

  /** How many examples of each class have no value in a column. */
  private record Missing(int[][] counts, int[] sizes) {
    static Missing of(Examples examples) {
      Rows rows = Rows.columns(examples);
      int[][] counts = new int[rows.width()][examples.classes()];
      int[] sizes = new int[examples.classes()];
      float[] row = new float[rows.width()];
      for (int i = 0; i < rows.size(); i++) {
        rows.copy(i, row);
        int label = examples.label(i);
        sizes[label]++;
        for (int column = 0; column < row.length; column++) {
          counts[column][label] += Float.isNaN(row[column]) ? 1 : 0;
        }
      }
      return new Missing(counts, sizes);
    }

    /** The first column, counted from 1, that by having a value tells classes from others. */
    OptionalInt byClass() {
      return IntStream.range(0, counts.length)
          .filter(c -> tells(counts[c]))
          .map(c -> c + 1)
          .findFirst();
    }

    private boolean tells(int[] missing) {
      long without = 0;
      long with = 0;
      for (int label = 0; label < sizes.length; label++) {
        if (missing[label] != 0 && missing[label] != sizes[label]) {
          return false;
        }
        without += missing[label];
        with += sizes[label] - missing[label];
      }
      return Math.min(without, with) >= FEWEST;
    }
  }

  /** Numbers of rows that were written as if they were a column. */
  private void index() {
    for (int c = 0; c < columns.size(); c++) {
      String name = columns.get(c).name();
      boolean unnamed = c == 0 && name.equals("1") && columns.size() > 1;
      if (INDEX.matcher(name).matches()
          || unnamed && Float.isNaN(Preparation.finite(columns.get(1).name()))) {
        doubts.add(
            "column %s is %s, as an index of pandas or R: row numbers?"
                .formatted(name, unnamed ? "the first and has no other name" : "called so"));
      }
    }
  }

  /** What only tables have, whose columns have names. */
  private void named() {
    Examples train = data.train();
    int size = train.size();
    for (ColumnGap gap : data.gaps()) {
      if (gap.missing() > NEARLY_ALL * size) {
        doubts.add(
            "column %s has no value in %d of %d training examples"
                .formatted(gap.column(), gap.missing(), size));
      }
    }
    List<ColumnCopies.Copy> copies = ColumnCopies.of(Rows.columns(train));
    if (!copies.isEmpty()) {
      doubts.add(
          "%s has the values of %s: a copy?"
              .formatted(column(copies.get(0).copy()), column(copies.get(0).original())));
    }
    index();
    categories();
  }

  /** In one pass, however many columns have categories. */
  private void categories() {
    int[] places = IntStream.range(0, columns.size()).filter(c -> isCategorical(c + 1)).toArray();
    int[][] counts = new int[places.length][];
    for (int k = 0; k < places.length; k++) {
      counts[k] = new int[((Column.Categorical) columns.get(places[k])).categories().size()];
    }
    float[] row = new float[columns.size()];
    for (int i = 0; i < data.train().size() && places.length > 0; i++) {
      data.train().copyRow(i, row);
      for (int k = 0; k < places.length; k++) {
        float code = row[places[k]];
        if (!Float.isNaN(code)) {
          counts[k][(int) code]++;
        }
      }
    }
    for (int k = 0; k < places.length; k++) {
      categories((Column.Categorical) columns.get(places[k]), counts[k]);
    }
  }

  private void categories(Column.Categorical column, int[] counts) {
    int size = data.train().size();
    if (size >= FEWEST && 2L * counts.length > size) {
      doubts.add(
          "column %s has %d categories in %d training examples: names or texts?"
              .formatted(column.name(), counts.length, size));
    }
    doubts.addAll(NameDoubts.ofCategories(column.name(), column.categories(), counts));
    int own = column.categories().indexOf(column.name());
    if (own >= 0) {
      doubts.add(
          "column %s has its own name in %d examples: a line of names among them?"
              .formatted(column.name(), counts[own]));
    }
  }
}
