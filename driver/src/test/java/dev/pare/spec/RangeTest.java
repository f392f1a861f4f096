package dev.pare.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pare.TestSeed;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges in place of lists. */
class RangeTest {
  private static final String GOOD =
      """
      sweep { name = x, out = "file:///results" }
      data.train { features = a, labels = b }
      data.test { features = c, labels = d }
      teacher.architecture = lenet-300-100
      """;

  @TempDir private Path folder;

  private SweepSpec load(String text, String... overrides) throws IOException {
    Path conf = Files.writeString(folder.resolve("x.conf"), GOOD + text);
    return SweepSpec.load(conf.toString(), List.of(overrides));
  }

  private List<String> values(String dimension, String range) throws IOException {
    return load("space." + dimension + " = " + range).space().get(new Dimension(dimension));
  }

  private List<String> problems(String text) {
    InvalidSpecException thrown =
        catchThrowableOfType(InvalidSpecException.class, () -> load(text));
    assertThat(thrown).as(text).isNotNull();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sparsity | { from = 0.5, to = 0.9, levels = 5 } | 0.5 0.6 0.7 0.8 0.9",
        "sparsity | { from = 0, to = 0.9, scale = linear, levels = 2 } | 0 0.9",
        "temperature | { from = 1, to = 64, scale = log, levels = 7 } | 1 2 4 8 16 32 64",
        "learning-rate | { from = 1e-5, to = 0.1, scale = log, levels = 5 } | 0.00001 0.0001 0.001"
            + " 0.01 0.1",
        // Odds of 1:9, 1:3, 1:1, 3:1 and 9:1.
        "sparsity | { from = 0.1, to = 0.9, scale = logit, levels = 5 } | 0.1 0.25 0.5 0.75 0.9",
        // Thirds, each within a twentieth of a third.
        "alpha | { from = 0, to = 1, levels = 4 } | 0 0.33 0.67 1",
        "bits | { from = 2, to = 6 } | 2 3 4 5 6",
        "group | { from = 16, to = 256, scale = log, levels = 5 } | 16 32 64 128 256",
        "vector-dimension | { from = 2, to = 4, levels = 1000 } | 2 3 4",
      })
  void valuesAreEvenlySpacedOnTheScale(String dimension, String range, String expected)
      throws IOException {
    assertThat(values(dimension, range)).containsExactly(expected.split(" "));
  }

  @Test
  void levelsAre32UnlessSet() throws IOException {
    assertThat(values("sparsity", "{ from = 0.5, to = 0.995, scale = logit }"))
        .hasSize(32)
        .startsWith("0.5")
        .endsWith("0.995")
        .allSatisfy(value -> assertThat(value.length()).isLessThanOrEqualTo("0.9941".length()));
    assertThat(values("group", "{ from = 2, to = 1000 }")).hasSize(32);
  }

  @Test
  void valuesAreAtTheirPlacesWithAsFewDigitsAsThatTakes() {
    SplittableRandom random = TestSeed.random();
    for (int run = 0; run < 200; run++) {
      double from = random.nextDouble(0.001, 0.9);
      double to = random.nextDouble(from, 0.999);
      int levels = random.nextInt(3, 1001);
      List<BigDecimal> values = new Range(from, to, Range.Scale.LOGIT, levels).reals();

      assertThat(values).hasSize(levels).isSorted().doesNotHaveDuplicates();
      double all = StrictMath.log(odds(to) / odds(from));
      for (int i = 1; i < levels - 1; i++) {
        BigDecimal value = values.get(i);
        assertThat(steps(value, from, all, levels)).isBetween(i - 0.0501, i + 0.0501);
        if (value.precision() > 1) {
          BigDecimal shorter = value.round(new MathContext(value.precision() - 1));
          if (shorter.compareTo(value) != 0 && shorter.compareTo(BigDecimal.ONE) < 0) {
            // Cutting a digit off moves it away, but for ties, which the unrounded number decides.
            assertThat(Math.abs(steps(shorter, from, all, levels) - i))
                .isGreaterThan(Math.abs(steps(value, from, all, levels) - i) - 1e-9);
          }
        }
      }
    }
  }

  private static double odds(double share) {
    return share / (1 - share);
  }

  /** Where a value lies, in steps. */
  private static double steps(BigDecimal value, double from, double all, int levels) {
    return StrictMath.log(odds(value.doubleValue()) / odds(from)) / all * (levels - 1);
  }

  @Test
  void aRangeIsAShortWayToWriteAList() throws IOException {
    SweepSpec range =
        load(
            "space { sparsity = { from = 0.1, to = 0.9, scale = logit, levels = 5 }, bits = [2] }");

    assertThat(range)
        .isEqualTo(load("space { sparsity = [0.1, 0.25, 0.5, 0.75, 0.9], bits = [2] }"));
    assertThat(range.render()).doesNotContain("levels", "scale");
    assertThat(load("space.sparsity { from = 0.1, to = 0.9 }", "space.sparsity.levels=3"))
        .isEqualTo(load("space.sparsity = [0.1, 0.5, 0.9]"));
    assertThat(load("space.sparsity { from = 0.1, to = 0.9 }", "space.sparsity=[0.5]"))
        .isEqualTo(load("space.sparsity = [0.5]"));
    assertThat(
            SweepSpec.from(folder.resolve("x.conf").toString())
                .with("space.sparsity { from = 0.1, to = 0.9, levels = 3 }")
                .build())
        .isEqualTo(load("space.sparsity = [0.1, 0.5, 0.9]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sparsity = { from = 0.9, to = 0.5 } | sparsity.to = 0.5 | must be more than from = 0.9",
        "sparsity = { from = 0.9, to = 0.9 } | sparsity.to = 0.9 | must be more than from = 0.9",
        "sparsity = { from = 0, to = 0.5, scale = logit } | sparsity.from = 0 | must be above 0 and"
            + " below 1 where scale = logit",
        "temperature = { from = 1, to = 8, scale = logit } | temperature.from = 1 | must be above 0"
            + " and below 1 where scale = logit",
        "alpha = { from = 0.5, to = 1, scale = logit } | alpha.to = 1 | must be above 0 and below 1"
            + " where scale = logit",
        "strength = { from = 0, to = 1, scale = log } | strength.from = 0 | must be above 0 where"
            + " scale = log",
        "sparsity = { from = 0.5, to = 1 } | sparsity.to = 1 | must be a number, at least 0 and"
            + " below 1",
        "sparsity = { from = a, to = 0.9 } | sparsity.from = \"a\" | must be a number, at least 0"
            + " and below 1",
        "bits = { from = 2.5, to = 4 } | bits.from = 2.5 | must be 1 to 8, or 32 for float",
        "sparsity = { from = 0.5, to = 0.9, levels = 1 } | sparsity.levels = 1 | must be a whole"
            + " number, 2 to 1000",
        "sparsity = { from = 0.5, to = 0.9, levels = 1001 } | sparsity.levels = 1001 | must be a"
            + " whole number, 2 to 1000",
        "sparsity = { from = 0.5, to = 0.9, scale = cubic } | sparsity.scale = \"cubic\" | must be"
            + " one of linear, log, logit",
      })
  void problemsNameKeyPlaceAndRange(String range, String value, String message) {
    assertThat(problems("space." + range))
        .containsExactly("space." + value + " (x.conf:5): " + message);
  }

  @Test
  void whatIsNoRangeIsRefused() {
    assertThat(problems("space.sparsity = { from = 0.5, to = 0.9, step = 0.1 }"))
        .singleElement()
        .asString()
        .startsWith("space.sparsity.step (x.conf:5): is no setting; the nearest is ");
    assertThat(problems("space.sparsity = { to = 0.9 }"))
        .containsExactly(
            "space.sparsity = {\"to\":0.9} (x.conf:5): needs from and to, its least and its"
                + " greatest value");
    assertThat(problems("space.scope = { from = a, to = b }"))
        .singleElement()
        .asString()
        .startsWith("space.scope = ")
        .endsWith("must be a list, as in [layer]");
    assertThat(problems("space.bits = { from = 2, to = 32 }"))
        .containsExactly(
            "space.bits = {\"from\":2,\"to\":32} (x.conf:5): comes to 9: must be 1 to 8, or 32 for"
                + " float");
  }

  @Test
  @Timeout(20)
  void theGridIsBoundedAndOthersHaveRoom() throws IOException {
    List<String> dimensions =
        new ArrayList<>(
            List.of("temperature", "strength", "rate", "rate-distortion", "learning-rate"));
    StringBuilder space = new StringBuilder("space {");
    for (String dimension : dimensions) {
      space.append(" %s = { from = 1, to = 2, levels = 200 },".formatted(dimension));
    }
    // Such as do not go with all others.
    space.append(" output-sparsity = { from = 0.1, to = 0.9, levels = 500 },");
    space.append(" ramp = { from = 0.1, to = 0.9, levels = 500 } }\n");

    assertThat(problems(space.toString()))
        .singleElement()
        .asString()
        .endsWith("has more than 10000000 combinations");
    assertThat(load(space + "search { strategy = random, candidates = 9 }").space()).hasSize(7);
    assertThat(load(space + "search { strategy = random, budget = 9 }").space()).hasSize(7);
    assertThat(
            problems(
                space.toString().replace("200", "1000").replace("500", "1000")
                    + "search { strategy = random, candidates = 9 }"))
        .singleElement()
        .asString()
        .endsWith("has more than 1000000000000000000 combinations");
  }
}
