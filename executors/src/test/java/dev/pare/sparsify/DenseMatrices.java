package dev.pare.sparsify;

/** Plain linear algebra to compare with. */
final class DenseMatrices {
  private DenseMatrices() {}

  /** Solves {@code a·x = b} by Gauss and Jordan's elimination with pivots. */
  static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    double[][] m = new double[n][];
    for (int r = 0; r < n; r++) {
      m[r] = java.util.Arrays.copyOf(a[r], n + 1);
      m[r][n] = b[r];
    }
    for (int c = 0; c < n; c++) {
      int pivot = c;
      for (int r = c; r < n; r++) {
        pivot = Math.abs(m[r][c]) > Math.abs(m[pivot][c]) ? r : pivot;
      }
      double[] swapped = m[c];
      m[c] = m[pivot];
      m[pivot] = swapped;
      for (int r = 0; r < n; r++) {
        double factor = r == c ? 0 : m[r][c] / m[c][c];
        for (int k = c; k <= n && factor != 0; k++) {
          m[r][k] -= factor * m[c][k];
        }
      }
    }
    double[] x = new double[n];
    for (int r = 0; r < n; r++) {
      x[r] = m[r][n] / m[r][r];
    }
    return x;
  }

  static double[][] inverse(double[][] a) {
    int n = a.length;
    double[][] inverse = new double[n][n];
    for (int c = 0; c < n; c++) {
      double[] unit = new double[n];
      unit[c] = 1;
      double[] column = solve(a, unit);
      for (int r = 0; r < n; r++) {
        inverse[r][c] = column[r];
      }
    }
    return inverse;
  }

  static double[] flat(double[][] a) {
    return java.util.Arrays.stream(a).flatMapToDouble(java.util.Arrays::stream).toArray();
  }
}
