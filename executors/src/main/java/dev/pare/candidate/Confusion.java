package dev.pare.candidate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How often examples of each class were answered with each: a confusion matrix, of which only what
 * is not zero is held.
 *
 * @param classes how many there are, at most {@link #MOST_CLASSES}
 * @param cells a class, the answer and how often, one after the other, by rising class and answer;
 *     the answer is −1 where a network gives no numbers
 */
public record Confusion(int classes, List<Integer> cells) implements Serializable {
  /** Most classes that are told apart; a report of more would be of little else. */
  public static final int MOST_CLASSES = 100;

  private static final int CELL = 3;

  public Confusion {
    cells = List.copyOf(cells);
    if (classes < 1 || classes > MOST_CLASSES || cells.size() % CELL != 0) {
      throw new IllegalArgumentException(
          cells.size() + " numbers of a confusion matrix of " + classes + " classes");
    }
    int before = -1;
    for (int i = 0; i < cells.size(); i += CELL) {
      int actual = cells.get(i);
      int answer = cells.get(i + 1);
      int place = actual * (classes + 1) + answer + 1;
      if (actual < 0
          || actual >= classes
          || answer < -1
          || answer >= classes
          || place <= before
          || cells.get(i + 2) < 1) {
        throw new IllegalArgumentException("not a confusion matrix: " + cells);
      }
      before = place;
    }
  }

  /**
   * Counts.
   *
   * @param actual the class of each example
   * @param answers the same length, −1 where there is none
   */
  public static Confusion of(int classes, int[] actual, int[] answers) {
    int[][] counts = new int[classes][classes + 1];
    for (int i = 0; i < actual.length; i++) {
      counts[actual[i]][answers[i] + 1]++;
    }
    List<Integer> cells = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      for (int answer = -1; answer < classes; answer++) {
        if (counts[c][answer + 1] > 0) {
          cells.addAll(List.of(c, answer, counts[c][answer + 1]));
        }
      }
    }
    return new Confusion(classes, cells);
  }
}
