package dev.pare.spec;

import static java.util.Map.entry;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Which of the keys there are was probably meant. */
final class NearestKey {
  /** What a section too many or too few counts, in characters: people forget whole sections. */
  private static final int SECTION = 2;

  /** What is longer than any key is compared with none: that takes the product of the lengths. */
  private static final int LONGEST = 100;

  /** What other tools call what is a setting here, by the last part of its key. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          entry("standardize", "scaling"),
          entry("standardise", "scaling"),
          entry("standardization", "scaling"),
          entry("normalize", "scaling"),
          entry("normalise", "scaling"),
          entry("normalization", "scaling"),
          entry("delimiter", "separator"),
          entry("sep", "separator"),
          entry("impute", "missing"),
          entry("target", "label"),
          entry("lr", "learning-rate"),
          entry("weight-decay", "l2"));

  private NearestKey() {}

  /** To follow "is no setting": which key was probably meant, if that can be told. */
  static String hint(Collection<String> keys, String unknown) {
    return unknown.length() > LONGEST ? "" : "; the nearest is " + among(keys, unknown);
  }

  /**
   * The key that another tool's word stands for, if it is at most a section away; or else the one
   * at the smallest distance, the first in their order if several are.
   */
  private static String among(Collection<String> keys, String unknown) {
    int last = unknown.lastIndexOf('.') + 1;
    String here = ELSEWHERE.get(unknown.substring(last));
    if (here != null) {
      String meant = unknown.substring(0, last) + here;
      String nearest = nearest(keys, meant);
      if (distance(nearest, meant) <= SECTION) {
        return nearest;
      }
    }
    return nearest(keys, unknown);
  }

  private static String nearest(Collection<String> keys, String unknown) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String key : keys) {
      int distance = distance(key, unknown);
      if (distance < least) {
        least = distance;
        nearest = key;
      }
    }
    return nearest;
  }

  /** Levenshtein's distance between sections, where replacing one costs the distance of letters. */
  private static int distance(String a, String b) {
    List<String> from = List.of(a.split("\\."));
    List<String> to = List.of(b.split("\\."));
    return distance(from.size(), to.size(), SECTION, (i, j) -> letters(from.get(i), to.get(j)));
  }

  private static int letters(String a, String b) {
    return distance(a.length(), b.length(), 1, (i, j) -> a.charAt(i) == b.charAt(j) ? 0 : 1);
  }

  private static int distance(int rows, int columns, int gap, Replacement replacement) {
    int[] above = new int[columns + 1];
    for (int j = 0; j <= columns; j++) {
      above[j] = j * gap;
    }
    for (int i = 0; i < rows; i++) {
      int[] row = new int[columns + 1];
      row[0] = (i + 1) * gap;
      for (int j = 0; j < columns; j++) {
        int gaps = Math.min(above[j + 1], row[j]) + gap;
        row[j + 1] = Math.min(gaps, above[j] + replacement.cost(i, j));
      }
      above = row;
    }
    return above[columns];
  }

  private interface Replacement {
    int cost(int i, int j);
  }
}
