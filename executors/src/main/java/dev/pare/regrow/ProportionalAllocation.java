package dev.pare.regrow;

/** Whole numbers in proportion to claims. */
final class ProportionalAllocation {
  private ProportionalAllocation() {}

  /**
   * Whole numbers that add up to {@code sum}, in proportion to the claims up to their rounding, but
   * none above its room: what has no room goes to the others, and last to those that claim nothing.
   *
   * @param claims at least 0
   * @param room together at least {@code sum}
   */
  static int[] of(int sum, double[] claims, int[] room) {
    int[] parts = new int[claims.length];
    double[] quotas = new double[claims.length];
    int left = sum;
    boolean full = true;
    while (full) {
      double total = 0;
      for (int l = 0; l < parts.length; l++) {
        total += parts[l] < room[l] ? claims[l] : 0;
      }
      full = false;
      int before = left;
      for (int l = 0; l < parts.length; l++) {
        boolean open = parts[l] < room[l] && claims[l] > 0;
        quotas[l] = open ? before * (claims[l] / total) : 0;
        if (open && quotas[l] >= room[l]) {
          parts[l] = room[l];
          left -= room[l];
          full = true;
        }
      }
    }
    for (int l = 0; l < parts.length; l++) {
      int whole = (int) quotas[l];
      parts[l] += whole;
      left -= whole;
      quotas[l] -= whole;
    }
    while (left > 0) {
      int neediest = -1;
      for (int l = 0; l < parts.length; l++) {
        if (parts[l] < room[l] && (neediest < 0 || quotas[l] > quotas[neediest])) {
          neediest = l;
        }
      }
      // Where nobody claims anything, all that is left goes to whoever has room.
      int given = quotas[neediest] > 0 ? 1 : Math.min(left, room[neediest] - parts[neediest]);
      parts[neediest] += given;
      left -= given;
      quotas[neediest] = 0;
    }
    return parts;
  }
}
