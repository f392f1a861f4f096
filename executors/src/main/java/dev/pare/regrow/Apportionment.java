package dev.pare.regrow;

/** Whole numbers in proportion to claims. */
final class Apportionment {
  private Apportionment() {}

  /**
   * Whole numbers that add up to {@code sum}, in proportion to the claims up to their rounding, but
   * none above its room: what has no room goes to the others, and last to those that claim nothing.
   *
   * @param claims at least 0
   * @param room together at least {@code sum}
   */
  static int[] of(int sum, double[] claims, int[] room) {
    int[] parts = new int[claims.length];
    int left = sum;
    while (left > 0) {
      double total = 0;
      for (int l = 0; l < parts.length; l++) {
        total += parts[l] < room[l] ? claims[l] : 0;
      }
      if (!(total > 0)) {
        break;
      }
      int given = 0;
      int greatest = -1;
      for (int l = 0; l < parts.length; l++) {
        if (parts[l] < room[l] && claims[l] > 0) {
          int whole = (int) Math.min(left * (claims[l] / total), room[l] - parts[l]);
          parts[l] += whole;
          given += whole;
          if (parts[l] < room[l] && (greatest < 0 || claims[l] > claims[greatest])) {
            greatest = l;
          }
        }
      }
      if (given == 0) {
        // All quotas are below one, and somebody must have it.
        parts[greatest]++;
        given = 1;
      }
      left -= given;
    }
    for (int l = 0; l < parts.length && left > 0; l++) {
      int more = Math.min(left, room[l] - parts[l]);
      parts[l] += more;
      left -= more;
    }
    return parts;
  }
}
