package dev.pare.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What names of classes or categories may be otherwise than was meant. */
final class NameDoubts {
  /**
   * What pandas writes or reads where there is no value, but for what is one here, too, and for
   * {@link #FAILED}.
   */
  private static final Set<String> NONE =
      Set.of(
          "None",
          "NULL",
          "n/a",
          "<NA>",
          "NaT",
          "-nan",
          "-NaN",
          "#NA",
          "#N/A N/A",
          "1.#QNAN",
          "-1.#QNAN",
          "1.#IND",
          "-1.#IND");

  private static final Pattern FAILED =
      Pattern.compile("#(REF!|N/A|DIV/0!|VALUE!|NAME[?]|NUM!|NULL!|SPILL!|CALC!)");

  private final List<String> names;
  private final int[] counts;
  private final List<String> doubts = new ArrayList<>();

  private NameDoubts(List<String> names, int[] counts) {
    this.names = names;
    this.counts = counts;
  }

  /**
   * Of classes.
   *
   * @param counts how many examples each has
   */
  static List<String> ofClasses(List<String> names, int[] counts) {
    return new NameDoubts(names, counts).all("classes ", "class ", "one class");
  }

  /**
   * Of a column's categories.
   *
   * @param counts how many examples each has
   */
  static List<String> ofCategories(String column, List<String> names, int[] counts) {
    String of = "column " + column + ": ";
    return new NameDoubts(names, counts).all(of, of, "one category");
  }

  private List<String> all(String several, String one, String meant) {
    spellings(several, meant);
    failed(one);
    missing(one);
    return doubts;
  }

  private void spellings(String what, String meant) {
    List<List<Integer>> groups = Spellings.of(names);
    if (!groups.isEmpty()) {
      doubts.add(
          "%s%s differ only by case, spaces or how a number is written: %s?%s"
              .formatted(
                  what,
                  groups.get(0).stream()
                      .map(i -> "\"" + names.get(i) + "\" (" + counts[i] + " examples)")
                      .collect(Collectors.joining(" and ")),
                  meant,
                  groups.size() == 1 ? "" : " (" + groups.size() + " such groups in all)"));
    }
  }

  /** Formulas of spreadsheets that failed. */
  private void failed(String what) {
    IntStream.range(0, names.size())
        .filter(i -> FAILED.matcher(names.get(i)).matches())
        .boxed()
        .findFirst()
        .ifPresent(
            i ->
                doubts.add(
                    "%s\"%s\" (%d examples) is what spreadsheets have where a formula failed"
                        .formatted(what, names.get(i), counts[i])));
  }

  /** Words that pandas takes for missing values, and that are names here: people have such, too. */
  private void missing(String what) {
    List<Integer> words =
        IntStream.range(0, names.size()).filter(i -> NONE.contains(names.get(i))).boxed().toList();
    if (!words.isEmpty()) {
      doubts.add(
          "%s%s, which pandas takes for %s here: NA was meant?"
              .formatted(
                  what,
                  words.stream()
                      .map(i -> "\"%s\" (%d examples)".formatted(names.get(i), counts[i]))
                      .collect(Collectors.joining(" and ")),
                  words.size() == 1 ? "a missing value, is a name" : "missing values, are names"));
    }
  }
}
