package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.layers.TopK;
import java.util.List;

/** Items compete within pools; of each pool the lowest go. */
final class LowestPerPool implements Pruning.Choice {
  private final PruningGroups items;
  private final List<Allocation.Pool> pools;
  private final SaliencyCriterion scoring;
  private final boolean oneStays;
  private final float[] scores;
  private final float[] weightScores;
  private final float[] scratch;

  LowestPerPool(
      PruningGroups items,
      List<Allocation.Pool> pools,
      SaliencyCriterion scoring,
      Granularity granularity,
      int parameters) {
    this.items = items;
    this.pools = pools;
    this.scoring = scoring;
    this.oneStays = granularity.kind().leavesTheNetwork();
    this.scores = new float[items.numbers()];
    this.weightScores = new float[parameters];
    this.scratch = new float[items.numbers()];
  }

  PruningGroups items() {
    return items;
  }

  @Override
  public void pruneTo(double share) {
    scoring.score(items, scores, weightScores);
    if (oneStays) {
      pools.forEach(this::protectBest);
    }
    for (Allocation.Pool pool : pools) {
      prune(pool, share);
    }
  }

  /** Puts the best of each layer above all others. */
  private void protectBest(Allocation.Pool pool) {
    for (PruningGroups.Range range : pool.ranges()) {
      int best = -1;
      for (int i = range.from(); i < range.to(); i++) {
        if (!items.isGone(i) && (best < 0 || scores[i] > scores[best])) {
          best = i;
        }
      }
      if (best >= 0) {
        scores[best] = Float.POSITIVE_INFINITY;
      }
    }
  }

  private void prune(Allocation.Pool pool, double share) {
    int alive = 0;
    int safe = 0;
    long total = 0;
    for (PruningGroups.Range range : pool.ranges()) {
      total += range.total();
      for (int i = range.from(); i < range.to(); i++) {
        if (!items.isGone(i)) {
          scratch[alive++] = scores[i];
          safe += oneStays && scores[i] == Float.POSITIVE_INFINITY ? 1 : 0;
        }
      }
    }
    int wanted = (int) (Math.round(pool.quota() * share) - (total - alive));
    int excess = Math.min(wanted, alive - safe);
    if (excess <= 0) {
      return;
    }
    float threshold = TopK.smallest(scratch, alive, excess);
    int below = 0;
    for (int i = 0; i < alive; i++) {
      below += scratch[i] < threshold ? 1 : 0;
    }
    int ties = excess - below;
    for (PruningGroups.Range range : pool.ranges()) {
      for (int i = range.from(); i < range.to(); i++) {
        float score = scores[i];
        if (score <= threshold && !items.isGone(i) && (score < threshold || ties-- > 0)) {
          items.remove(i);
        }
      }
    }
  }
}
