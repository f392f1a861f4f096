package dev.pare.data;

import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** What people call what has no class, in lower case; words of {@link #NONE} are said already. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "unknown|unlabell?ed|not labell?ed|no label|none|nan|null|nil|missing|undefined"
              + "|unspecified|not available|todo|tbd|[-?.]+");

  /** Of so many classes at most, -1 is likely one of a pair, or the least of signs. */
  private static final int MOST_SIGNS = 3;

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
    NameDoubts doubts = new NameDoubts(names, counts);
    doubts.all("classes ", "class ", "one class");
    doubts.unknown();
    return doubts.doubts;
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

  /** Classes that say that there is none, by a word or by a number far above the others. */
  private void unknown() {
    List<Integer> found =
        IntStream.range(0, names.size())
            .filter(i -> !NONE.contains(names.get(i)))
            .filter(
                i ->
                    UNKNOWN.matcher(names.get(i).strip().toLowerCase(Locale.ROOT)).matches()
                        || isCode(i))
            .boxed()
            .toList();
    if (!found.isEmpty()) {
      doubts.add(
          "class %s: examples without a label?"
              .formatted(
                  found.stream()
                      .map(i -> "\"%s\" (%d examples)".formatted(names.get(i), counts[i]))
                      .collect(Collectors.joining(" and "))));
    }
  }

  /** Whether all classes are whole numbers, and this one is -1 or 999 and no other is near. */
  private boolean isCode(int which) {
    float own = Preparation.finite(names.get(which));
    MissingCode code = MissingCode.of(own);
    if (names.size() < 2 || code == MissingCode.NONE || code == MissingCode.TYPED) {
      return false;
    }
    float[] others = new float[names.size() - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] = Preparation.finite(names.get(i < which ? i : i + 1));
    }
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float other : others) {
      if (Float.isNaN(other)) {
        return false;
      }
      least = Math.min(least, other);
      most = Math.max(most, other);
    }
    return code == MissingCode.LONG
        ? own < 0 && least >= 0 || own > most && own - most > most - least
        : own < 0 && least >= 0 && names.size() > MOST_SIGNS;
  }
}
