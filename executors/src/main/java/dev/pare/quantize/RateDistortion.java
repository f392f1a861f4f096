package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

/**
 * Chooses for each weight, among the value nearest to it, those beside that and zero, the one of
 * least {@code (w − c)²/σ² + λ·bits}, as video coders and DeepCABAC do (Wiedemann et al. 2020):
 * greedily in the order of coding, at what each costs after the choices before. σ² is the mean
 * square of the tensor's weights that are not zero, so that one λ means the same for all tensors.
 *
 * <p>A codebook's centroids then move to the means of their weights, and the choice is made again.
 */
public final class RateDistortion {
  private static final int ROUNDS = 3;

  private final double lambda;
  private final LevelCost cost;

  /**
   * @param lambda how much of σ² a bit is worth; above 0
   */
  public RateDistortion(double lambda, LevelCost cost) {
    if (!(lambda > 0 && lambda <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("λ = " + lambda + ": must be positive and finite");
    }
    this.lambda = lambda;
    this.cost = requireNonNull(cost, "cost is null");
  }

  /**
   * Words that are better together with what they cost.
   *
   * @param weights row-major; zeros stay zero
   * @param words to begin with
   */
  Words improve(int rows, int columns, float[] weights, Words words) {
    double worth = lambda * meanSquare(weights);
    Words best = words;
    for (int round = 0; round < ROUNDS && best.centroids().length > 0; round++) {
      best = chosen(rows, columns, weights, best, worth).centred(weights);
    }
    return best;
  }

  /**
   * Levels of equal steps, of which some are one step nearer to zero or zero.
   *
   * @param weights row-major
   * @param levels that round them
   * @param scales one, or one a row
   */
  short[] lower(int rows, int columns, float[] weights, short[] levels, float[] scales) {
    short[] chosen = levels.clone();
    boolean empty = true;
    for (short level : levels) {
      empty &= level == 0;
    }
    if (empty) {
      return chosen;
    }
    double worth = lambda * meanSquare(weights);
    LevelCost.Pass places = cost.over(rows, columns, levels);
    while (places.hasNext()) {
      int i = places.index();
      if (levels[i] != 0) {
        float scale = scales[scales.length == 1 ? 0 : i / columns];
        double least = (double) weights[i] * weights[i] + worth * places.bits(0);
        chosen[i] = 0;
        int step = Integer.signum(levels[i]);
        for (int level = levels[i]; level != 0 && level != levels[i] - 2 * step; level -= step) {
          double away = weights[i] - (double) level * scale;
          double total = away * away + worth * places.bits(level);
          if (total < least) {
            least = total;
            chosen[i] = (short) level;
          }
        }
      }
      places.choose(chosen[i]);
    }
    return chosen;
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
  Words chosen(int rows, int columns, float[] weights, Words now, double worth) {
    int negatives = now.negatives();
    short[] assignment = now.assignment().clone();
    short[] levels = new short[weights.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(assignment[i], negatives);
    }
    LevelCost.Pass places = cost.over(rows, columns, levels);
    while (places.hasNext()) {
      int i = places.index();
      if (weights[i] != 0) {
        assignment[i] = cheapest(weights[i], now.centroids(), negatives, places, worth);
      }
      places.choose(level(assignment[i], negatives));
    }
    return new Words(now.centroids(), assignment);
  }

  private static short cheapest(
      float weight, float[] centroids, int negatives, LevelCost.Pass places, double worth) {
    int nearest = KMeans.nearest(centroids, weight);
    short best = Words.ZERO;
    double least = (double) weight * weight + worth * places.bits(0);
    int first = Math.max(0, nearest - 1);
    int last = Math.min(centroids.length - 1, nearest + 1);
    for (int word = first; word <= last; word++) {
      double away = (double) weight - centroids[word];
      double total = away * away + worth * places.bits(level(word, negatives));
      if (total < least) {
        least = total;
        best = (short) word;
      }
    }
    return best;
  }

  /** Levels count from zero outward. */
  private static short level(int word, int negatives) {
    if (word == Words.ZERO) {
      return 0;
    }
    return (short) (word < negatives ? word - negatives : word - negatives + 1);
  }
}
