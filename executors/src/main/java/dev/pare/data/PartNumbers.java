package dev.pare.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The numbers in the names of files that are parts of one whole: features and labels of a part have
 * the same, however names are sorted.
 */
final class PartNumbers {
  private static final Pattern NUMBER = Pattern.compile("0*([0-9]+)");

  private PartNumbers() {}

  /**
   * The first place at which two files whose numbers differ are paired. Nothing where either side's
   * names do not tell its parts apart by numbers, or by another count of them.
   *
   * @param features paths
   * @param labels paths, as many
   */
  static Optional<Integer> mismatch(List<String> features, List<String> labels) {
    List<List<String>> ofFeatures = telling(features);
    List<List<String>> ofLabels = telling(labels);
    for (int i = 0; i < features.size(); i++) {
      if (ofFeatures.get(i).size() == ofLabels.get(i).size()
          && !ofFeatures.get(i).equals(ofLabels.get(i))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** Of each name, those of its numbers that are not the same in all names. */
  private static List<List<String>> telling(List<String> names) {
    List<List<String>> all = names.stream().map(PartNumbers::numbers).toList();
    int count = all.get(0).size();
    if (all.stream().anyMatch(numbers -> numbers.size() != count)) {
      return names.stream().map(name -> List.<String>of()).toList();
    }
    List<List<String>> telling = new ArrayList<>();
    names.forEach(name -> telling.add(new ArrayList<>()));
    for (int place = 0; place < count; place++) {
      int at = place;
      if (all.stream().map(numbers -> numbers.get(at)).distinct().count() > 1) {
        for (int i = 0; i < names.size(); i++) {
          telling.get(i).add(all.get(i).get(place));
        }
      }
    }
    return telling;
  }

  private static List<String> numbers(String name) {
    return NUMBER.matcher(name).results().map((MatchResult number) -> number.group(1)).toList();
  }
}
