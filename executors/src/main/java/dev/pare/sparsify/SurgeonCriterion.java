package dev.pare.sparsify;

import dev.pare.candidate.Calibration;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.ExampleGradients;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Optimal Brain Surgeon with the empirical Fisher matrix {@code Σ g·gᵀ / examples} in blocks of
 * weights that lie side by side in a tensor (Singh and Alistarh 2020).
 *
 * <p>A weight's score is what the loss rises when it leaves its block, after all that cost less
 * have left and those that stay have made up for them (Frantar, Singh and Alistarh 2022).
 */
final class SurgeonCriterion implements SaliencyCriterion {
  private final Calibration settings;
  private final Architecture architecture;
  private final MaskedWeights weights;
  private final Examples examples;
  private final List<ParameterTensor> tensors;

  /** The blocks' matrices one after the other, each as if it were full; only lower triangles. */
  private float[] fisher = {};

  private float[] before = {};

  SurgeonCriterion(
      Calibration settings, Architecture architecture, MaskedWeights weights, Examples examples) {
    this.settings = settings;
    this.architecture = architecture;
    this.weights = weights;
    this.examples = examples;
    this.tensors = architecture.weights();
  }

  private interface BlockReceiver {
    /**
     * @param matrix where the block's begins
     */
    void accept(int from, int to, int matrix);
  }

  private void forEachBlock(BlockReceiver receiver) {
    int size = settings.block();
    int matrix = 0;
    for (ParameterTensor tensor : tensors) {
      for (int from = tensor.offset(); from < tensor.end(); from += size) {
        receiver.accept(from, Math.min(from + size, tensor.end()), matrix);
        matrix += size * size;
      }
    }
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
    int size = settings.block();
    long blocks = tensors.stream().mapToLong(t -> (t.size() - 1) / size + 1).sum();
    fisher = new float[Math.toIntExact(blocks * size * size)];
    int batch = ExampleGradients.smallestBatch(architecture);
    ExampleGradients.forEach(
        architecture,
        weights.values(),
        examples,
        batch,
        (gradient, count) ->
            forEachBlock(
                (from, to, matrix) ->
                    addProducts(
                        gradient,
                        from,
                        to,
                        (float) count * count / examples.size(),
                        fisher,
                        matrix,
                        size)));
    double damping = settings.damping() * meanDiagonal();
    forEachBlock(
        (from, to, matrix) -> {
          int[] alive = alive(from, to);
          double[] inverse = inverse(alive, from, matrix, damping);
          double[] values = values(alive);
          double[] costs = new double[alive.length];
          Elimination.trace(inverse, alive.length, values, costs);
          for (int i = 0; i < alive.length; i++) {
            scores[alive[i]] = (float) costs[i];
          }
        });
  }

  private static void addProducts(
      float[] gradient, int from, int to, float share, float[] target, int matrix, int size) {
    for (int r = from; r < to; r++) {
      float factor = share * gradient[r];
      // Most are zero: of inputs and of units whose output is zero.
      if (factor != 0) {
        int row = matrix + (r - from) * size - from;
        for (int c = from; c <= r; c++) {
          target[row + c] += factor * gradient[c];
        }
      }
    }
  }

  private double meanDiagonal() {
    double[] sum = {0};
    long[] count = {0};
    forEachBlock(
        (from, to, matrix) -> {
          for (int i = 0; i < to - from; i++) {
            sum[0] += fisher[matrix + i * settings.block() + i];
          }
          count[0] += to - from;
        });
    // A network that is never wrong has no gradients; then all weights cost as their squares.
    return sum[0] > 0 ? sum[0] / count[0] : 1;
  }

  private int[] alive(int from, int to) {
    return IntStream.range(from, to).filter(i -> !weights.isPruned(i)).toArray();
  }

  private double[] values(int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> before[i]).toArray();
  }

  private double[] inverse(int[] indices, int from, int matrix, double damping) {
    int n = indices.length;
    double[] inverse = new double[n * n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c <= r; c++) {
        inverse[r * n + c] =
            fisher[matrix + (indices[r] - from) * settings.block() + indices[c] - from];
      }
      inverse[r * n + r] += damping;
    }
    Elimination.invert(inverse, n);
    return inverse;
  }

  /** The remaining weights of each block compensate for the pruned ones. */
  @Override
  public void compensate() {
    double damping = settings.damping() * meanDiagonal();
    float[] now = weights.values();
    forEachBlock(
        (from, to, matrix) -> {
          int[] there =
              IntStream.range(from, to)
                  .filter(i -> before[i] != 0 || !weights.isPruned(i))
                  .toArray();
          int[] gone =
              IntStream.range(0, there.length).filter(i -> weights.isPruned(there[i])).toArray();
          if (gone.length == 0 || gone.length == there.length) {
            return;
          }
          double[] values = values(there);
          Elimination.remove(inverse(there, from, matrix, damping), there.length, values, gone);
          for (int i = 0; i < there.length; i++) {
            if (!weights.isPruned(there[i])) {
              now[there[i]] = (float) values[i];
            }
          }
        });
    fisher = new float[0];
  }
}
