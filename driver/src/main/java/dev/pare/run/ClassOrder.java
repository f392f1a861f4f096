package dev.pare.run;

import dev.pare.candidate.Confusion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether a network from outside has its outputs in another order than the data's classes. Folders
 * 1, 2 and 10 are in this order to Pare; they are 1, 10 and 2 to libraries that sort them as texts.
 */
final class ClassOrder {
  /** Of fewer answers of a kind nothing follows. */
  private static final int FEWEST = 5;

  private static final int MOST_SHOWN = 3;

  private ClassOrder() {}

  /**
   * In which order the outputs fit better, in some words.
   *
   * @param names of the classes, empty if they are numbers
   * @return empty unless at least two outputs are mostly right for a class each that is not theirs,
   *     and in that order the errors are fewer than half
   */
  static Optional<String> doubt(Confusion confusion, List<String> names) {
    int classes = confusion.classes();
    int[][] counts = new int[classes][classes];
    int total = 0;
    for (int i = 0; i < confusion.cells().size(); i += 3) {
      int answer = confusion.cells().get(i + 1);
      int count = confusion.cells().get(i + 2);
      total += count;
      if (answer >= 0) {
        counts[answer][confusion.cells().get(i)] = count;
      }
    }
    int right = 0;
    int better = 0;
    Set<Integer> taken = new HashSet<>();
    List<String> moved = new ArrayList<>();
    for (int answer = 0; answer < classes; answer++) {
      int[] actual = counts[answer];
      int most = answer;
      for (int other = 0; other < classes; other++) {
        most = actual[other] > actual[most] ? other : most;
      }
      boolean mostly = 2 * actual[most] > IntStream.of(actual).sum() && actual[most] >= FEWEST;
      right += actual[answer];
      better += mostly ? actual[most] : actual[answer];
      if (mostly && !taken.add(most)) {
        return Optional.empty();
      }
      if (mostly && most != answer) {
        moved.add("%s for %s".formatted(name(answer, names), name(most, names)));
      }
    }
    return moved.size() < 2 || 2 * (total - better) >= total - right
        ? Optional.empty()
        : Optional.of(
            ("its outputs fit the classes in another order, with %d errors, not %d, in %d validation examples; it says %s%s:"
                    + " was it trained with the classes in the order of texts?")
                .formatted(
                    total - better,
                    total - right,
                    total,
                    moved.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ")),
                    moved.size() > MOST_SHOWN ? ", …" : ""));
  }

  private static String name(int label, List<String> names) {
    return names.isEmpty() ? String.valueOf(label) : names.get(label);
  }
}
