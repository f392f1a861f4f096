package dev.pare.sparsify;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.train.ExampleGradients;
import dev.pare.train.MaskedWeights;
import java.util.Arrays;

/**
 * What the loss of each example changes without an item, to first order, {@code Σ w·∂L/∂w} over the
 * item's weights. Of each example the magnitude or the square is taken first and then the mean over
 * examples: at a trained network the changes of different examples cancel, and their mean is noise.
 *
 * <p>The mean magnitude is the criterion of Molchanov et al. (2017). The mean square is that of
 * Molchanov et al. (2019) and, halved, the second-order change of the loss with the empirical
 * Fisher information of a gate on the item (Theis et al. 2018); of a single weight it is {@code
 * ½·F·w²}.
 *
 * <p>Where some layers need several examples at once, the change of a batch's summed loss stands
 * for one example's, over the root of the batch's size: as large on average, were the examples
 * independent.
 */
final class TaylorCriterion implements SaliencyCriterion {
  private final Combination combination;
  private final float factor;
  private final Architecture architecture;
  private final MaskedWeights weights;
  private final Examples examples;

  private TaylorCriterion(
      Combination combination,
      float factor,
      Architecture architecture,
      MaskedWeights weights,
      Examples examples) {
    this.combination = combination;
    this.factor = factor;
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.weights = requireNonNull(weights, "weights is null");
    this.examples = requireNonNull(examples, "examples is null");
  }

  static TaylorCriterion ofMagnitudes(
      Architecture architecture, MaskedWeights weights, Examples examples) {
    return new TaylorCriterion(Combination.ABSOLUTE_SUM, 1, architecture, weights, examples);
  }

  static TaylorCriterion ofHalvedSquares(
      Architecture architecture, MaskedWeights weights, Examples examples) {
    return new TaylorCriterion(Combination.SQUARED_SUM, 0.5f, architecture, weights, examples);
  }

  @Override
  public Combination combination() {
    return combination;
  }

  @Override
  public int jumps() {
    return 10;
  }

  @Override
  public void score(float[] scores) {
    mean(combination::ofEach, scores, new float[scores.length]);
  }

  @Override
  public void score(PruningGroups items, float[] itemScores, float[] scratch) {
    mean((changes, combined) -> items.combine(changes, combination, combined), itemScores, scratch);
  }

  private interface Step {
    void combine(float[] changes, float[] combined);
  }

  private void mean(Step step, float[] scores, float[] changes) {
    float[] values = weights.values();
    float[] combined = new float[scores.length];
    Arrays.fill(scores, 0);
    ExampleGradients.forEach(
        architecture,
        values,
        examples,
        ExampleGradients.smallestBatch(architecture),
        (gradient, count) -> {
          float root = (float) Math.sqrt(count);
          for (int i = 0; i < changes.length; i++) {
            changes[i] = root * values[i] * gradient[i];
          }
          step.combine(changes, combined);
          float share = factor * count / examples.size();
          for (int i = 0; i < scores.length; i++) {
            scores[i] += share * combined[i];
          }
        });
  }
}
