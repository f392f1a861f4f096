package dev.pare.train;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;

/**
 * The diagonal of a network's empirical Fisher information: for each parameter the mean, over some
 * training examples, of the squared derivative of {@code −log p(label)}; for regression and
 * reconstruction, of the squared error, which is that of a normal distribution but for a factor.
 * Half of it times a small change's square is about what the change adds to the loss (LeCun, Denker
 * and Solla 1990; Theis et al. 2018).
 */
public final class FisherDiagonal {
  private FisherDiagonal() {}

  /**
   * The diagonal, in the layout of the architecture's parameters.
   *
   * <p>Examples are taken one by one. Where some layers need several at once, the squared gradient
   * of a batch's mean loss counts as often as the batch has examples, squared: as large on average,
   * were the gradients independent.
   *
   * @param parameters left as they are
   */
  public static float[] of(Architecture architecture, float[] parameters, Examples examples) {
    float[] diagonal = new float[parameters.length];
    ExampleGradients.forEach(
        architecture,
        parameters,
        examples,
        ExampleGradients.smallestBatch(architecture),
        (gradient, count) ->
            addSquares(gradient, (float) count * count / examples.size(), diagonal));
    return diagonal;
  }

  private static void addSquares(float[] gradient, float share, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += share * gradient[i] * gradient[i];
    }
  }
}
