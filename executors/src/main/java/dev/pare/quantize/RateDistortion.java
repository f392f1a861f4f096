package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.quantize.LevelCost.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for each weight, among the value nearest to it, those beside that and zero, the one of
 * least {@code (w − c)²/σ² + λ·bits}, as video coders and DeepCABAC do (Wiedemann et al. 2020):
 * greedily in the order of coding, at what each costs after the choices before. σ² is the mean
 * square of the tensor's weights that are not zero, so that one λ means the same for all tensors.
 *
 * <p>A codebook's centroids then move to the means of their weights, and the choice is made again.
 */
public final class RateDistortion {
  /** Most levels to choose among at a place. */
  static final int MOST_CHOICES = 5;

  private static final int ROUNDS = 3;
  private static final double LEAST_IMPORTANCE = 0.1;

  private final double lambda;
  private final LevelCost cost;

  /** How much each weight's error counts; null if all count alike. */
  private final @Nullable Importance importance;

  /**
   * @param ofWeights what a weight's squared error is multiplied by
   * @param unit the error that λ is relative to
   */
  private record Importance(float[] ofWeights, double unit) {}

  /** The values that levels stand for. */
  public interface Grid {
    /** The value of a level at a place of the row-major tensor. */
    double value(int index, int level);
  }

  /** What there is to choose among. */
  interface Choices {
    /**
     * Puts the levels that a place may have, and the squared errors they make, into arrays of at
     * least {@value #MOST_CHOICES}.
     *
     * @return how many; 0 if the place stays at 0
     */
    int at(int index, short[] levels, double[] errors);
  }

  /**
   * @param lambda how much of σ² a bit is worth; above 0
   */
  public RateDistortion(double lambda, LevelCost cost) {
    this(lambda, cost, null);
  }

  private RateDistortion(double lambda, LevelCost cost, @Nullable Importance importance) {
    if (!(lambda > 0 && lambda <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("λ = " + lambda + ": must be positive and finite");
    }
    this.lambda = lambda;
    this.cost = requireNonNull(cost, "cost is null");
    this.importance = importance;
  }

  /**
   * The choice in which errors count by how much they matter to the loss: the least {@code h·(w −
   * c)²/E + λ·bits}, with one E for all tensors of the network, so that a layer that matters more
   * than another gets more bits: the geometric mean over weights that are not zero of their
   * tensor's mean {@code h·w²}. All count alike where nothing matters.
   *
   * @param network whose weights are to be chosen
   * @param diagonal for each of its parameters, as of {@link dev.pare.train.FisherDiagonal}
   */
  public RateDistortion weighted(Network network, float[] diagonal) {
    requireNonNull(diagonal, "diagonal is null");
    float[] importance = new float[diagonal.length];
    double logs = 0;
    long all = 0;
    for (ParameterTensor tensor : network.architecture().tensors()) {
      if (tensor.isWeight()) {
        float floor = (float) (LEAST_IMPORTANCE * mean(diagonal, tensor));
        double sum = 0;
        int count = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          // Few examples do not tell that a weight does not matter at all.
          importance[i] = (float) ((1 - LEAST_IMPORTANCE) * diagonal[i]) + floor;
          double w = network.parameters()[i];
          sum += importance[i] * w * w;
          count += w == 0 ? 0 : 1;
        }
        if (sum > 0) {
          logs += count * Math.log(sum / count);
          all += count;
        }
      }
    }
    return all == 0
        ? this
        : new RateDistortion(lambda, cost, new Importance(importance, Math.exp(logs / all)));
  }

  private static double mean(float[] diagonal, ParameterTensor tensor) {
    double sum = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      sum += diagonal[i];
    }
    return sum / tensor.size();
  }

  /** The choice for one tensor of a network. */
  public RateDistortion on(ParameterTensor tensor) {
    return new RateDistortion(
        lambda,
        cost.on(tensor),
        importance == null
            ? null
            : new Importance(
                Arrays.copyOfRange(importance.ofWeights, tensor.offset(), tensor.end()),
                importance.unit));
  }

  /** How much the error of a weight of the tensor counts. */
  double importance(int index) {
    return importance == null ? 1 : importance.ofWeights[index];
  }

  /**
   * Words that are better together with what they cost.
   *
   * @param weights row-major; zeros stay zero
   * @param words to begin with
   */
  Codebook improve(int rows, int columns, float[] weights, Codebook words) {
    double worth = worth(weights);
    Codebook best = words;
    for (int round = 0; round < ROUNDS && best.centroids().length > 0; round++) {
      best =
          chosen(rows, columns, weights, best, worth)
              .centred(weights, importance == null ? null : importance.ofWeights);
    }
    return best;
  }

  /** What a bit is worth among these weights of a tensor. */
  double worth(float[] weights) {
    return lambda * (importance == null ? meanSquare(weights) : importance.unit);
  }

  /**
   * Levels of which some are one step nearer to zero, or zero; of values that the coder knows.
   *
   * @param weights row-major
   * @param levels that round them
   */
  public short[] lower(int rows, int columns, float[] weights, short[] levels, Values values) {
    Grid grid = (index, level) -> values.of(index / columns, level);
    return lower(rows, columns, weights, levels, grid, values);
  }

  /** The same of values that differ within a row, which the coder does not know. */
  public short[] lowerOnGrid(int rows, int columns, float[] weights, short[] levels, Grid grid) {
    return lower(rows, columns, weights, levels, grid, null);
  }

  private short[] lower(
      int rows, int columns, float[] weights, short[] levels, Grid grid, @Nullable Values values) {
    return choose(
        rows,
        columns,
        levels,
        values,
        worth(weights),
        (index, candidates, errors) -> {
          int level = levels[index];
          if (level == 0) {
            return 0;
          }
          candidates[0] = 0;
          candidates[1] = (short) level;
          candidates[2] = (short) (level - Integer.signum(level));
          int count = candidates[2] == 0 ? 2 : 3;
          for (int c = 0; c < count; c++) {
            double away = weights[index] - grid.value(index, candidates[c]);
            errors[c] = importance(index) * away * away;
          }
          return count;
        });
  }

  /**
   * Goes through the places in the order of coding and puts the choice of least {@code error +
   * worth·bits} at each, the first of several.
   *
   * @param levels to begin with
   * @param values that they stand for, if the coder knows them
   */
  short[] choose(
      int rows,
      int columns,
      short[] levels,
      @Nullable Values values,
      double worth,
      Choices choices) {
    short[] chosen = levels.clone();
    if (areZero(levels)) {
      return chosen;
    }
    short[] candidates = new short[MOST_CHOICES];
    double[] errors = new double[MOST_CHOICES];
    LevelCost.Pass places =
        values == null
            ? cost.over(rows, columns, levels)
            : cost.over(rows, columns, levels, values);
    while (places.hasNext()) {
      int i = places.index();
      int count = choices.at(i, candidates, errors);
      chosen[i] = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < count; c++) {
        double total = errors[c] + worth * places.bits(candidates[c]);
        if (total < least) {
          least = total;
          chosen[i] = candidates[c];
        }
      }
      places.choose(chosen[i]);
    }
    return chosen;
  }

  private static boolean areZero(short[] levels) {
    for (short level : levels) {
      if (level != 0) {
        return false;
      }
    }
    return true;
  }

  private static double meanSquare(float[] weights) {
    double sum = 0;
    int count = 0;
    for (float w : weights) {
      if (w != 0) {
        sum += (double) w * w;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** One pass: the choice among the words there are. */
  Codebook chosen(int rows, int columns, float[] weights, Codebook now, double worth) {
    int negatives = now.negatives();
    float[] centroids = now.centroids();
    short[] levels = new short[weights.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(now.assignment()[i], negatives);
    }
    short[] chosen =
        choose(
            rows,
            columns,
            levels,
            (row, level) -> level == 0 ? 0 : centroids[word(level, negatives)],
            worth,
            (index, candidates, errors) -> {
              double weight = weights[index];
              if (weight == 0) {
                return 0;
              }
              int nearest = KMeans.nearest(centroids, weights[index]);
              int last = Math.min(centroids.length - 1, nearest + 1);
              candidates[0] = 0;
              errors[0] = importance(index) * weight * weight;
              int count = 1;
              for (int word = Math.max(0, nearest - 1); word <= last; word++) {
                double away = weight - centroids[word];
                candidates[count] = level(word, negatives);
                errors[count++] = importance(index) * away * away;
              }
              return count;
            });
    short[] assignment = new short[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      assignment[i] = word(chosen[i], negatives);
    }
    return new Codebook(centroids, assignment);
  }

  /** Levels count from zero outward. */
  private static short level(int word, int negatives) {
    if (word == Codebook.ZERO) {
      return 0;
    }
    return (short) (word < negatives ? word - negatives : word - negatives + 1);
  }

  private static short word(int level, int negatives) {
    if (level == 0) {
      return Codebook.ZERO;
    }
    return (short) (level < 0 ? level + negatives : level + negatives - 1);
  }
}
