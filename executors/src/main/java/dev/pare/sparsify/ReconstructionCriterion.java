package dev.pare.sparsify;

import dev.pare.candidate.Calibration;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.LayerInputs;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Layer by layer, keeps the layer's outputs on calibration examples (Frantar, Singh and Alistarh
 * 2022). With {@code H} the second moments of a layer's inputs about their means, damped, the
 * squared error of a unit is {@code δᵀHδ}, and its bias takes the error's mean.
 *
 * <p>A weight's score is its error when it leaves its block of the unit's weights, after all that
 * cost less have left, as a share of the energy of the layer's outputs. What stays is the least
 * squares fit over the whole unit, to inputs that come through the layers before as they have
 * become.
 */
final class ReconstructionCriterion implements SaliencyCriterion {
  private final Calibration settings;
  private final Architecture architecture;
  private final MaskedWeights weights;
  private final Examples examples;
  private final List<ParameterTensor> tensors;
  private float[] before = {};
  private boolean[] goneBefore = {};

  ReconstructionCriterion(
      Calibration settings, Architecture architecture, MaskedWeights weights, Examples examples) {
    this.settings = settings;
    this.architecture = architecture;
    this.weights = weights;
    this.examples = examples;
    this.tensors = architecture.weights();
  }

  @Override
  public Combination combination() {
    return Combination.SUM;
  }

  @Override
  public int jumps() {
    return 10;
  }

  @Override
  public void score(float[] scores) {
    before = weights.values().clone();
    goneBefore = new boolean[before.length];
    for (int i = 0; i < before.length; i++) {
      goneBefore[i] = weights.isPruned(i);
    }
    LayerInputs inputs = new LayerInputs(architecture, examples);
    for (ParameterTensor tensor : tensors) {
      double[] matrix = damped(inputs.moments(before, tensor.layer()), tensor.columns());
      double energy = energy(tensor, matrix);
      for (int from = 0; from < tensor.columns(); from += settings.block()) {
        score(tensor, matrix, from, Math.min(from + settings.block(), tensor.columns()), scores);
      }
      if (energy > 0) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          scores[i] = (float) (scores[i] / energy);
        }
      }
    }
  }

  private double[] damped(LayerInputs.Moments moments, int n) {
    double[] matrix = moments.covariance();
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += matrix[i * n + i];
    }
    double damping = settings.damping() * (trace > 0 ? trace / n : 1);
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] += damping;
    }
    return matrix;
  }

  /** The energy of the layer's outputs about their means: {@code ½·Σ wᵀHw} over its units. */
  private double energy(ParameterTensor tensor, double[] matrix) {
    int n = tensor.columns();
    double energy = 0;
    for (int row = 0; row < tensor.rows(); row++) {
      int at = tensor.offset() + row * n;
      for (int r = 0; r < n; r++) {
        double sum = 0;
        for (int c = 0; c < n; c++) {
          sum += matrix[r * n + c] * before[at + c];
        }
        energy += sum * before[at + r] / 2;
      }
    }
    return energy;
  }

  private void score(ParameterTensor tensor, double[] matrix, int from, int to, float[] scores) {
    double[] whole = inverse(matrix, tensor.columns(), IntStream.range(from, to).toArray());
    for (int row = 0; row < tensor.rows(); row++) {
      int at = tensor.offset() + row * tensor.columns();
      int[] alive = IntStream.range(from, to).filter(c -> !goneBefore[at + c]).toArray();
      double[] inverse =
          alive.length == to - from ? whole.clone() : inverse(matrix, tensor.columns(), alive);
      double[] values = Arrays.stream(alive).mapToDouble(c -> before[at + c]).toArray();
      double[] costs = new double[alive.length];
      Elimination.trace(inverse, alive.length, values, costs);
      for (int i = 0; i < alive.length; i++) {
        scores[at + alive[i]] = (float) costs[i];
      }
    }
  }

  private static double[] inverse(double[] matrix, int n, int[] columns) {
    double[] inverse = new double[columns.length * columns.length];
    for (int r = 0; r < columns.length; r++) {
      for (int c = 0; c <= r; c++) {
        inverse[r * columns.length + c] = matrix[columns[r] * n + columns[c]];
      }
    }
    Elimination.invert(inverse, columns.length);
    return inverse;
  }

  @Override
  public void compensate() {
    LayerInputs inputs = new LayerInputs(architecture, examples);
    for (ParameterTensor tensor : tensors) {
      boolean changed =
          IntStream.range(tensor.offset(), tensor.end())
              .anyMatch(i -> weights.isPruned(i) && !goneBefore[i]);
      if (changed) {
        LayerInputs.Moments moments = inputs.moments(weights.values(), tensor.layer());
        double[] matrix = damped(moments, tensor.columns());
        fit(tensor, matrix, moments.mean());
      }
    }
  }

  private void fit(ParameterTensor tensor, double[] matrix, double[] mean) {
    float[] now = weights.values();
    int n = tensor.columns();
    // Of much that stays it is less work to solve for what goes.
    double[] inverse = null;
    for (int row = 0; row < tensor.rows(); row++) {
      int at = tensor.offset() + row * n;
      double[] values = new double[n];
      for (int c = 0; c < n; c++) {
        values[c] = before[at + c];
      }
      int[] staying = IntStream.range(0, n).filter(c -> !weights.isPruned(at + c)).toArray();
      int[] gone =
          IntStream.range(0, n)
              .filter(c -> weights.isPruned(at + c) && !goneBefore[at + c])
              .toArray();
      if (gone.length < staying.length && gone.length + staying.length == n) {
        if (inverse == null) {
          inverse = matrix.clone();
          Elimination.invert(inverse, n);
        }
        Elimination.remove(inverse, n, values, gone);
      } else {
        Elimination.fit(matrix, n, values, staying, gone);
      }
      double bias = now[tensor.end() + row];
      for (int c = 0; c < n; c++) {
        bias += mean[c] * (before[at + c] - values[c]);
      }
      for (int c : staying) {
        now[at + c] = (float) values[c];
      }
      now[tensor.end() + row] = (float) bias;
    }
  }
}
