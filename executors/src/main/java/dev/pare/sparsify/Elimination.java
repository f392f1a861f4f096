package dev.pare.sparsify;

import java.util.Arrays;

/**
 * Optimal Brain Surgeon (Hassibi and Stork 1993) on small matrices: weights leave a quadratic
 * {@code ½·δᵀHδ}, and the others make up for them as well as they can. Matrices are row-major.
 */
public final class Elimination {
  private Elimination() {}

  /**
   * The inverse of a symmetric positive definite matrix, by Cholesky's decomposition.
   *
   * @param matrix {@code n×n}, of which the lower triangle is read; overwritten by the inverse
   * @throws ArithmeticException if it is not positive definite
   */
  static void invert(double[] matrix, int n) {
    decompose(matrix, n);
    // L to its inverse, then L⁻ᵀ·L⁻¹, both in place.
    for (int c = 0; c < n; c++) {
      matrix[c * n + c] = 1 / matrix[c * n + c];
      for (int r = c + 1; r < n; r++) {
        double sum = 0;
        for (int k = c; k < r; k++) {
          sum -= matrix[r * n + k] * matrix[k * n + c];
        }
        matrix[r * n + c] = sum / matrix[r * n + r];
      }
    }
    for (int r = 0; r < n; r++) {
      double[] row = new double[r + 1];
      for (int k = r; k < n; k++) {
        double factor = matrix[k * n + r];
        for (int c = 0; c <= r; c++) {
          row[c] += factor * matrix[k * n + c];
        }
      }
      System.arraycopy(row, 0, matrix, r * n, r + 1);
    }
    for (int r = 0; r < n; r++) {
      for (int c = r + 1; c < n; c++) {
        matrix[r * n + c] = matrix[c * n + r];
      }
    }
  }

  /**
   * Puts {@code L} of {@code L·Lᵀ} into the lower triangle.
   *
   * @throws ArithmeticException if the matrix is not positive definite
   */
  public static void decompose(double[] matrix, int n) {
    for (int r = 0; r < n; r++) {
      for (int c = 0; c <= r; c++) {
        double sum = matrix[r * n + c];
        for (int k = 0; k < c; k++) {
          sum -= matrix[r * n + k] * matrix[c * n + k];
        }
        if (r > c) {
          matrix[r * n + c] = sum / matrix[c * n + c];
        } else if (sum > 0) {
          matrix[r * n + r] = Math.sqrt(sum);
        } else {
          throw new ArithmeticException("not positive definite: pivot " + r + " is " + sum);
        }
      }
    }
  }

  /**
   * Solves {@code matrix · x = right}.
   *
   * @param matrix {@code n×n}, symmetric positive definite; overwritten
   * @param right of which the first {@code n} are overwritten by {@code x}
   */
  static void solve(double[] matrix, int n, double[] right) {
    decompose(matrix, n);
    for (int r = 0; r < n; r++) {
      double sum = right[r];
      for (int k = 0; k < r; k++) {
        sum -= matrix[r * n + k] * right[k];
      }
      right[r] = sum / matrix[r * n + r];
    }
    for (int r = n - 1; r >= 0; r--) {
      right[r] /= matrix[r * n + r];
      for (int k = 0; k < r; k++) {
        right[k] -= matrix[r * n + k] * right[r];
      }
    }
  }

  /**
   * Lets the weight whose leaving costs least leave, again and again, until none is left.
   *
   * @param inverse of the quadratic's matrix, {@code n×n}; destroyed
   * @param weights as many; destroyed
   * @param costs written: {@code w²/(2·[H⁻¹]ᵢᵢ)} of each when it left, or of one before it if that
   *     was more, so that they rise in the order of leaving
   */
  static void trace(double[] inverse, int n, double[] weights, double[] costs) {
    boolean[] left = new boolean[n];
    double most = 0;
    for (int round = 0; round < n; round++) {
      int next = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        if (!left[i]) {
          double cost = weights[i] * weights[i] / (2 * inverse[i * n + i]);
          if (next < 0 || cost < least) {
            next = i;
            least = cost;
          }
        }
      }
      most = Math.max(most, least);
      costs[next] = most;
      left[next] = true;
      double pivot = inverse[next * n + next];
      double moved = weights[next] / pivot;
      for (int i = 0; i < n; i++) {
        weights[i] -= moved * inverse[i * n + next];
      }
      for (int i = 0; i < n; i++) {
        double factor = inverse[i * n + next] / pivot;
        if (!left[i] && factor != 0) {
          subtract(inverse, i * n, next * n, factor, n);
        }
      }
    }
  }

  private static void subtract(double[] matrix, int target, int source, double factor, int n) {
    for (int c = 0; c < n; c++) {
      matrix[target + c] -= factor * matrix[source + c];
    }
  }

  /**
   * Takes several weights away at once: {@code δ = −H⁻¹_{·Q}·(H⁻¹_{QQ})⁻¹·w_Q}.
   *
   * @param inverse of the quadratic's matrix, {@code n×n}
   * @param weights all of them; what stays is changed, what goes becomes zero
   * @param gone indices of what goes
   */
  static void remove(double[] inverse, int n, double[] weights, int[] gone) {
    int count = gone.length;
    double[] matrix = new double[count * count];
    double[] multipliers = new double[count];
    for (int r = 0; r < count; r++) {
      multipliers[r] = weights[gone[r]];
      for (int c = 0; c < count; c++) {
        matrix[r * count + c] = inverse[gone[r] * n + gone[c]];
      }
    }
    solve(matrix, count, multipliers);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        sum += inverse[i * n + gone[k]] * multipliers[k];
      }
      weights[i] -= sum;
    }
    for (int i : gone) {
      weights[i] = 0;
    }
  }

  /**
   * Fits what stays to all of it: {@code w_S ← w_S + H_SS⁻¹·H_SQ·w_Q}, which is the same.
   *
   * @param matrix the quadratic's, {@code n×n}
   * @param weights of which those that stay are changed and the others read
   * @param staying indices of what stays
   * @param gone indices of what goes
   */
  static void fit(double[] matrix, int n, double[] weights, int[] staying, int[] gone) {
    int count = staying.length;
    double[] among = new double[count * count];
    double[] right = new double[count];
    for (int r = 0; r < count; r++) {
      for (int c = 0; c <= r; c++) {
        among[r * count + c] = matrix[staying[r] * n + staying[c]];
      }
      for (int q : gone) {
        right[r] += matrix[staying[r] * n + q] * weights[q];
      }
    }
    solve(among, count, right);
    for (int r = 0; r < count; r++) {
      weights[staying[r]] += right[r];
    }
    Arrays.stream(gone).forEach(q -> weights[q] = 0);
  }
}
