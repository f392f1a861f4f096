package dev.pare.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FunctionalAnovaTest {
  private static final double EXACT = 1e-12;

  /** All combinations of x, y and z, each one of so many values. */
  private static List<Map<String, String>> grid(int values) {
    List<Map<String, String>> points = new ArrayList<>();
    for (int i = 0; i < values * values * values; i++) {
      points.add(
          Map.of(
              "x", String.valueOf(i / values / values),
              "y", String.valueOf(i / values % values),
              "z", String.valueOf(i % values)));
    }
    return points;
  }

  private static FunctionalAnova anova(
      List<Map<String, String>> points, ToDoubleFunction<Map<String, String>> function) {
    Factors factors = Factors.of(points);
    assertThat(factors.kept()).hasSameSizeAs(points);
    return FunctionalAnova.of(factors, points.stream().mapToDouble(function).toArray());
  }

  private static double number(Map<String, String> point, String name) {
    return Double.parseDouble(point.get(name));
  }

  @Test
  void ofAGridItIsThePlainAnalysisOfVariance() {
    // Means of the rows are 3 and 5, of the columns 2, 5 and 5, of all 4: variances of 1, 2, 17/3.
    double[][] table = {{1, 2, 6}, {3, 8, 4}};
    List<Map<String, String>> points = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        points.add(
            Map.of("row", String.valueOf(row), "column", List.of("a", "b", "c").get(column)));
      }
    }
    Factors factors = Factors.of(twice(points));
    FunctionalAnova anova =
        FunctionalAnova.of(
            factors,
            twice(points).stream()
                .mapToDouble(
                    point -> table[(int) number(point, "row")][point.get("column").charAt(0) - 'a'])
                .toArray());

    assertThat(factors.list()).extracting(Factor::name).containsExactly("column", "row");
    assertThat(anova.alone(0)).isEqualTo(6 / 17.0, within(EXACT));
    assertThat(anova.alone(1)).isEqualTo(3 / 17.0, within(EXACT));
    assertThat(anova.together(0, 1)).isEqualTo(8 / 17.0, within(EXACT));
    assertThat(anova.together(1, 0)).isEqualTo(anova.together(0, 1));
  }

  private static List<Map<String, String>> twice(List<Map<String, String>> points) {
    List<Map<String, String>> both = new ArrayList<>(points);
    both.addAll(points);
    return both;
  }

  @Test
  void aProductOfThreeHasTheSharesThatFollowFromItsFactors() {
    // Of (1 ± 1)(1 ± 1/2)(1 ± 1/4) the variance is 2 · 5/4 · 17/16 − 1 = 53/32, of which a factor
    // alone has the square of its number, and two have the product of their squares.
    FunctionalAnova anova =
        anova(
            grid(2),
            point ->
                (1 + (2 * number(point, "x") - 1))
                    * (1 + (2 * number(point, "y") - 1) / 2)
                    * (1 + (2 * number(point, "z") - 1) / 4));

    double variance = 53 / 32.0;
    assertThat(anova.alone(0)).isEqualTo(1 / variance, within(EXACT));
    assertThat(anova.alone(1)).isEqualTo(1 / 4.0 / variance, within(EXACT));
    assertThat(anova.alone(2)).isEqualTo(1 / 16.0 / variance, within(EXACT));
    assertThat(anova.together(0, 1)).isEqualTo(1 / 4.0 / variance, within(EXACT));
    assertThat(anova.together(0, 2)).isEqualTo(1 / 16.0 / variance, within(EXACT));
    assertThat(anova.together(1, 2)).isEqualTo(1 / 64.0 / variance, within(EXACT));
  }

  @Test
  void aSampleHasAboutTheSharesOfTheWhole() {
    // Sobol indices of Ishigami's function (Ishigami and Homma 1990, a = 7, b = 0.1): 0.3139 of x,
    // 0.4424 of y, 0 of z, 0.2437 of x and z together, nothing else.
    List<Map<String, String>> points = new ArrayList<>(grid(16));
    Collections.shuffle(points, new Random(1));
    FunctionalAnova anova = anova(points.subList(0, 2000), FunctionalAnovaTest::ishigami);

    assertThat(anova.alone(0)).isEqualTo(0.3139, within(0.03));
    assertThat(anova.alone(1)).isEqualTo(0.4424, within(0.03));
    assertThat(anova.alone(2)).isLessThan(0.02);
    assertThat(anova.together(0, 2)).isEqualTo(0.2437, within(0.03));
    assertThat(anova.together(0, 1)).isLessThan(0.02);
    assertThat(anova.together(1, 2)).isLessThan(0.02);
  }

  /** At the middles of 16 equal parts of −π to π. */
  private static double ishigami(Map<String, String> point) {
    double[] at =
        List.of("x", "y", "z").stream()
            .mapToDouble(name -> Math.PI * ((number(point, name) + 0.5) / 8 - 1))
            .toArray();
    return Math.sin(at[0])
        + 7 * Math.sin(at[1]) * Math.sin(at[1])
        + 0.1 * Math.pow(at[2], 4) * Math.sin(at[0]);
  }

  @Test
  void whatDoesNotVaryIsExplainedByNothing() {
    FunctionalAnova anova = anova(grid(3), point -> 0.1);
    assertThat(anova.alone(0)).isZero();
    assertThat(anova.together(0, 1)).isZero();
  }

  @Test
  void theTreesOfASampleAreTheSameEveryTime() {
    List<Map<String, String>> points = new ArrayList<>(grid(4));
    Collections.shuffle(points, new Random(2));
    List<Map<String, String>> some = points.subList(0, 40);
    assertThat(anova(some, FunctionalAnovaTest::ishigami).alone(0))
        .isEqualTo(anova(some, FunctionalAnovaTest::ishigami).alone(0))
        .isBetween(0.01, 0.99);
  }

  @Test
  void wordsHaveNoOrder() {
    // Whatever they are called, two of four words do the same.
    List<String> words = List.of("d", "b", "c", "a");
    List<Map<String, String>> points = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      points.add(Map.of("word", words.get(i % 4), "number", String.valueOf(i / 4 % 4)));
    }
    FunctionalAnova anova = anova(points, point -> "ad".contains(point.get("word")) ? 1 : 0);
    Factors factors = Factors.of(points);

    assertThat(factors.list())
        .containsExactly(
            new Factor("number", 4, Factor.Scale.ORDERED),
            new Factor("word", 4, Factor.Scale.NOMINAL));
    assertThat(anova.alone(1)).isEqualTo(1, within(EXACT));
  }

  @Test
  void numbersAreTakenByTheirValueAndManyInGroups() {
    List<Map<String, String>> points =
        IntStream.range(0, 160)
            .mapToObj(i -> Map.of("many", String.valueOf(i), "few", i % 2 == 0 ? "9" : "10"))
            .toList();
    Factors factors = Factors.of(points);

    assertThat(factors.list())
        .containsExactly(
            new Factor("few", 2, Factor.Scale.ORDERED),
            new Factor("many", Factors.MOST_NUMBERS, Factor.Scale.ORDERED));
    assertThat(factors.codes(0)).startsWith(0, 1, 0, 1);
    assertThat(factors.codes(1)).isEqualTo(IntStream.range(0, 160).map(i -> i / 10).toArray());
  }

  @Test
  void whatOnePointAloneHasLeavesThatPointOut() {
    List<Map<String, String>> points = new ArrayList<>(twice(grid(2)));
    points.add(Map.of("other", "7"));
    points.add(Map.of("x", "0", "y", "1", "z", "0.5"));
    Factors factors = Factors.of(points);

    assertThat(factors.kept()).isEqualTo(IntStream.range(0, 16).boxed().toList());
    assertThat(factors.list()).extracting(Factor::name).containsExactly("x", "y", "z");
    assertThat(factors.isGrid()).isTrue();
  }

  @Test
  void aSettingThatSomeDoNotHaveIsAValueOfItsOwn() {
    List<Map<String, String>> points = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String bits = String.valueOf(i % 3 + 2);
      points.add(i < 6 ? Map.of("bits", bits) : Map.of("bits", bits, "rate", "-1.5"));
    }
    Factors factors = Factors.of(points);

    assertThat(factors.list())
        .containsExactly(
            new Factor("bits", 3, Factor.Scale.ORDERED),
            new Factor("rate", 2, Factor.Scale.ORDERED));
    assertThat(Arrays.stream(factors.codes(1)).sum()).isEqualTo(6);
    assertThat(factors.codes(1)[0]).isZero();
    assertThat(factors.isGrid()).isTrue();
  }
}
