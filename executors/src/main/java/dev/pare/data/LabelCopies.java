package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Columns of features that copy what is to be predicted: the label, or a target. */
final class LabelCopies {
  /** What is less likely than this does not happen by chance, in any column. */
  private static final double IMPOSSIBLE = 1e-9;

  /** Rows whose order by a target is compared; of fewer than the fewest nothing follows. */
  private static final int MOST_ROWS = 1024;

  private static final int FEWEST_ROWS = 20;

  private static final int FIRST_OF_SERIES = 64;

  private LabelCopies() {}

  /**
   * Columns, counted from 1, that have one value in all examples of a class, but for mismatches in
   * one of a hundred.
   *
   * @param exact those with another value in each class; and those of which each has one value in a
   *     class and another one in all others, where there is one for each class, or for all but one
   * @param coarse others with several values, which some classes share; but for those that tell one
   *     class from all others, as features may
   */
  record OfClasses(List<Integer> exact, List<Integer> coarse) {
    private static final OfClasses NONE = new OfClasses(List.of(), List.of());
  }

  /** The columns that follow from the label; none where chance makes such columns. */
  static OfClasses ofClasses(Examples examples) {
    int[] counts = new int[examples.classes()];
    int[] first = new int[examples.classes()];
    for (int i = examples.size() - 1; i >= 0; i--) {
      counts[examples.label(i)]++;
      first[examples.label(i)] = i;
    }
    int[] present = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    Rows rows = Rows.columns(examples);
    if (!isBeyondChance(counts, rows)) {
      return OfClasses.NONE;
    }
    int[] left = varying(sameInClasses(examples, rows, first, counts), rows, first, present);
    List<Integer> copies = new ArrayList<>();
    List<Integer> coarse = new ArrayList<>();
    List<Integer> indicators = new ArrayList<>();
    Set<Integer> indicated = new HashSet<>();
    float[][] ofClasses = new float[left.length][present.length];
    float[] row = new float[rows.width()];
    for (int c = 0; c < present.length; c++) {
      rows.copy(first[present[c]], row);
      for (int k = 0; k < left.length; k++) {
        ofClasses[k][c] = row[left[k]];
      }
    }
    for (int k = 0; k < left.length; k++) {
      Map<Float, List<Integer>> classes = new HashMap<>();
      for (int c = 0; c < present.length; c++) {
        classes.computeIfAbsent(ofClasses[k][c], value -> new ArrayList<>()).add(c);
      }
      List<List<Integer>> single = classes.values().stream().filter(c -> c.size() == 1).toList();
      if (classes.size() == present.length) {
        copies.add(left[k] + 1);
      } else if (classes.size() == 2 && single.size() == 1) {
        indicators.add(left[k] + 1);
        indicated.addAll(single.get(0));
      } else if (isBeyondChance(List.copyOf(classes.values()), present, counts, rows)) {
        coarse.add(left[k] + 1);
      }
    }
    if (indicated.size() >= present.length - 1) {
      copies.addAll(indicators);
    }
    return new OfClasses(copies, coarse);
  }

  /** Without the columns that have one value in all classes. */
  private static int[] varying(int[] columns, Rows rows, int[] first, int[] present) {
    float[] one = new float[rows.width()];
    float[] other = new float[rows.width()];
    rows.copy(first[present[0]], one);
    boolean[] varies = new boolean[rows.width()];
    for (int label : present) {
      rows.copy(first[label], other);
      for (int column : columns) {
        varies[column] |= other[column] != one[column];
      }
    }
    return IntStream.of(columns).filter(column -> varies[column]).toArray();
  }

  /** Whether a column that has each value as often as the labels do is not one by chance. */
  private static boolean isBeyondChance(int[] counts, Rows rows) {
    // Which of the classes of one size has which value is free.
    Map<Integer, Integer> classesBySize = new TreeMap<>();
    IntStream.of(counts).filter(n -> n > 0).forEach(n -> classesBySize.merge(n, 1, Integer::sum));
    double free = classesBySize.values().stream().mapToDouble(LabelCopies::logFactorial).sum();
    return isBeyondChance(counts, free, counts, rows);
  }

  /**
   * The same of a column that classes share values of.
   *
   * @param groups of classes, as indices of those present
   */
  private static boolean isBeyondChance(
      List<List<Integer>> groups, int[] present, int[] counts, Rows rows) {
    int[] sizes =
        groups.stream()
            .mapToInt(group -> group.stream().mapToInt(c -> counts[present[c]]).sum())
            .toArray();
    // Which class has which value is free.
    return isBeyondChance(sizes, present.length * Math.log(groups.size()), counts, rows);
  }

  /**
   * @param sizes how often there is each value
   * @param chosen logarithm of the number of ways to give classes these values
   * @param counts of each class
   */
  private static boolean isBeyondChance(int[] sizes, double chosen, int[] counts, Rows rows) {
    int mismatches = IntStream.of(counts).map(LabelCopies::mostMismatches).sum();
    // Which examples they are in, and which value each has there.
    double free = chosen + logArrangements(IntStream.of(mismatches, rows.size() - mismatches));
    free += mismatches * Math.log(IntStream.of(sizes).filter(n -> n > 0).count());
    return logArrangements(IntStream.of(sizes)) - free > Math.log(rows.width() / IMPOSSIBLE);
  }

  /** Of a class of so many examples. */
  private static int mostMismatches(int examples) {
    return examples / 100;
  }

  /** Counts one more. */
  private static int mismatches(int[][] mismatches, int label, int column, Rows rows) {
    if (mismatches[label] == null) {
      mismatches[label] = new int[rows.width()];
    }
    return ++mismatches[label][column];
  }

  /** The logarithm of the number of ways to arrange values of which each is there so often. */
  static double logArrangements(IntStream counts) {
    int[] each = counts.toArray();
    return logFactorial(IntStream.of(each).sum())
        - IntStream.of(each).mapToDouble(LabelCopies::logFactorial).sum();
  }

  /** By Stirling's series where that is exact to 12 digits; there may be millions of examples. */
  static double logFactorial(int n) {
    if (n >= FIRST_OF_SERIES) {
      double x = n;
      return x * Math.log(x)
          - x
          + Math.log(2 * Math.PI * x) / 2
          + (1 - 1 / (30 * x * x)) / (12 * x);
    }
    double sum = 0;
    for (int i = 2; i <= n; i++) {
      sum += Math.log(i);
    }
    return sum;
  }

  /**
   * The columns that have the value of the first example of a class in all of it, but for a few
   * mismatches.
   */
  private static int[] sameInClasses(Examples examples, Rows rows, int[] first, int[] counts) {
    int[] left = IntStream.range(0, rows.width()).toArray();
    int count = left.length;
    int[][] mismatches = new int[counts.length][];
    float[] row = new float[rows.width()];
    float[] before = new float[rows.width()];
    int known = -1;
    for (int i = 0; i < rows.size() && count > 0; i++) {
      if (examples.label(i) != known) {
        known = examples.label(i);
        rows.copy(first[known], before);
      }
      rows.copy(i, row);
      int most = mostMismatches(counts[examples.label(i)]);
      int still = 0;
      for (int k = 0; k < count; k++) {
        int column = left[k];
        boolean mismatch = row[column] != before[column];
        if (!mismatch || mismatches(mismatches, examples.label(i), column, rows) <= most) {
          left[still++] = column;
        }
      }
      count = still;
    }
    return Arrays.copyOf(left, count);
  }

  /**
   * The columns, counted from 1, that are in the order of a number of the target, or in the
   * opposite one, in all of the examples that are compared.
   *
   * @param target from 0
   */
  static List<Integer> ofTarget(Examples examples, int target) {
    Rows rows = Rows.columns(examples);
    float[] all = new float[examples.outputs()];
    int[] some = Spread.spaced(Math.min(MOST_ROWS, examples.size()), examples.size());
    float[] targets = new float[some.length];
    for (int i = 0; i < some.length; i++) {
      examples.copyTarget(some[i], all, 0);
      targets[i] = all[target];
    }
    int[] order =
        IntStream.range(0, some.length)
            .boxed()
            .sorted(Comparator.comparing(i -> targets[i]))
            .mapToInt(i -> i)
            .toArray();
    int[] steps = new int[rows.width()];
    int[] left = IntStream.range(0, rows.width()).toArray();
    int count = left.length;
    float[] before = new float[rows.width()];
    float[] row = new float[rows.width()];
    rows.copy(some[order[0]], before);
    for (int i = 1; i < order.length && count > 0; i++) {
      rows.copy(some[order[i]], row);
      boolean differs = targets[order[i]] > targets[order[i - 1]];
      int still = 0;
      for (int k = 0; k < count; k++) {
        int column = left[k];
        int step = Float.compare(row[column], before[column]);
        boolean turns = step != 0 && (!differs || steps[column] * step < 0);
        if (!turns && !Float.isNaN(row[column])) {
          left[still++] = column;
          steps[column] += step;
        }
      }
      count = still;
      System.arraycopy(row, 0, before, 0, row.length);
    }
    return IntStream.of(left)
        .limit(count)
        .filter(column -> Math.abs(steps[column]) >= FEWEST_ROWS)
        .mapToObj(column -> column + 1)
        .toList();
  }
}
