package dev.pare.importance;

import dev.pare.search.SearchAxis;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Points of candidates as numbers: what varies, and which value of it each point has.
 *
 * <p>A setting that a point does not name is a value of its own, below all numbers. Numbers of more
 * than {@value #MOST_NUMBERS} values are taken in as many groups of about as many points each. The
 * effect of a value cannot be estimated from fewer than {@value #LEAST_POINTS} points: such points
 * are left out, until every value has so many.
 */
final class Factors {
  /** Points that every value must have. */
  static final int LEAST_POINTS = 2;

  /** More numbers are taken in groups. */
  static final int MOST_NUMBERS = 16;

  /** Of more words, those that most points have. */
  static final int MOST_VALUES = Long.SIZE;

  private static final Comparator<String> BY_NUMBER =
      Comparator.comparing((String value) -> new BigDecimal(value))
          .thenComparing(Comparator.naturalOrder());

  private final List<Factor> factors = new ArrayList<>();
  private final List<int[]> codes = new ArrayList<>();
  private final List<Integer> kept;

  private Factors(List<Map<String, String>> points) {
    Set<String> names = new TreeSet<>();
    points.forEach(point -> names.addAll(point.keySet()));
    Map<String, Coding> codings = new TreeMap<>();
    List<Integer> rows = IntStream.range(0, points.size()).boxed().toList();
    int before;
    do {
      before = rows.size();
      for (String name : names) {
        Coding coding = Coding.of(rows.stream().map(row -> points.get(row).get(name)).toList());
        codings.put(name, coding);
        rows = rows.stream().filter(row -> coding.has(points.get(row).get(name))).toList();
      }
    } while (rows.size() < before);
    kept = rows;
    codings.forEach(
        (name, coding) -> {
          if (coding.size() > 1) {
            factors.add(new Factor(name, coding.size(), coding.scale));
            codes.add(
                kept.stream().mapToInt(row -> coding.code(points.get(row).get(name))).toArray());
          }
        });
  }

  /** What varies among points that are given by their values. */
  static Factors of(List<Map<String, String>> points) {
    return new Factors(points);
  }

  /** By their names. */
  List<Factor> list() {
    return List.copyOf(factors);
  }

  /** The positions of the points that are not left out. */
  List<Integer> kept() {
    return kept;
  }

  /** Which value of a factor the points have, by their order among {@link #kept}. */
  int[] codes(int factor) {
    return codes.get(factor).clone();
  }

  /** Whether every combination of values has a point. */
  boolean isGrid() {
    double combinations = factors.stream().mapToDouble(Factor::values).reduce(1, (a, b) -> a * b);
    if (combinations > kept.size()) {
      return false;
    }
    Set<List<Integer>> seen = new HashSet<>();
    for (int row = 0; row < kept.size(); row++) {
      int own = row;
      seen.add(codes.stream().map(of -> of[own]).toList());
    }
    return seen.size() == combinations;
  }

  /** The numbers of a setting's values. */
  private static final class Coding {
    final Factor.Scale scale;
    private final Map<@Nullable String, Integer> codes = new HashMap<>();

    private Coding(Factor.Scale scale) {
      this.scale = scale;
    }

    static Coding of(List<@Nullable String> values) {
      Map<String, Integer> counts = new TreeMap<>();
      int without = 0;
      for (@Nullable String value : values) {
        if (value == null) {
          without++;
        } else {
          counts.merge(value, 1, Integer::sum);
        }
      }
      boolean numeric = counts.keySet().stream().allMatch(SearchAxis::isNumber);
      Coding coding = new Coding(numeric ? Factor.Scale.ORDERED : Factor.Scale.NOMINAL);
      if (without >= LEAST_POINTS) {
        coding.codes.put(null, 0);
      }
      if (numeric) {
        coding.addNumbers(counts);
      } else {
        coding.addWords(counts);
      }
      return coding;
    }

    private void addNumbers(Map<String, Integer> counts) {
      List<String> rising = counts.keySet().stream().sorted(BY_NUMBER).toList();
      int first = codes.size();
      if (rising.size() <= MOST_NUMBERS) {
        for (String value : rising) {
          if (counts.getOrDefault(value, 0) >= LEAST_POINTS) {
            codes.put(value, codes.size());
          }
        }
        return;
      }
      int all = counts.values().stream().mapToInt(Integer::intValue).sum();
      int below = 0;
      int group = -1;
      int last = -1;
      for (String value : rising) {
        // Groups that a frequent value spans have no numbers: the rest close up.
        int own = (int) ((long) below * MOST_NUMBERS / all);
        group += own > last ? 1 : 0;
        last = own;
        codes.put(value, first + group);
        below += counts.getOrDefault(value, 0);
      }
    }

    private void addWords(Map<String, Integer> counts) {
      counts.entrySet().stream()
          .filter(entry -> entry.getValue() >= LEAST_POINTS)
          .sorted(
              Map.Entry.<String, Integer>comparingByValue()
                  .reversed()
                  .thenComparing(Map.Entry.comparingByKey()))
          .limit(MOST_VALUES - codes.size())
          .map(Map.Entry::getKey)
          .sorted()
          .forEach(value -> codes.put(value, codes.size()));
    }

    boolean has(@Nullable String value) {
      return codes.containsKey(value);
    }

    int code(@Nullable String value) {
      Integer code = codes.get(value);
      return code == null ? -1 : code;
    }

    int size() {
      return Math.toIntExact(Arrays.stream(codes.values().toArray()).distinct().count());
    }
  }
}
