package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.model.ParameterTensor;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Of every M weights that lie side by side in a row, N stay; of fewer at a row's end, at most N.
 * Weights that were left out of the network are among the M.
 */
final class PatternChoice implements Pruning.Choice {
  private final MaskedWeights weights;
  private final Scoring scoring;
  private final float[] scores;
  private final int kept;
  private final int width;

  /** First parameter of each group and, at the end, the one after the last. */
  private final List<int[]> groups = new ArrayList<>();

  /** How many weights each group had before any was left out. */
  private final List<int[]> sizes = new ArrayList<>();

  PatternChoice(Prune settings, Reduction reduction, MaskedWeights weights, Scoring scoring) {
    this.weights = weights;
    this.scoring = scoring;
    this.scores = new float[weights.values().length];
    this.kept = settings.granularity().rows();
    this.width = settings.granularity().columns();
    List<ParameterTensor> tensors = reduction.weightTensors();
    int pruned = settings.outputSparsity() == null ? tensors.size() : tensors.size() - 1;
    for (ParameterTensor original : tensors.subList(0, pruned)) {
      add(original, reduction);
    }
  }

  private void add(ParameterTensor original, Reduction reduction) {
    ParameterTensor part = reduction.part(original);
    int[] starts = new int[part.size() + 1];
    int[] full = new int[part.size()];
    int count = 0;
    int last = -1;
    int across = (original.columns() - 1) / width + 1;
    for (int i = part.offset(); i < part.end(); i++) {
      int at = reduction.position(i) - original.offset();
      int column = at % original.columns();
      int group = at / original.columns() * across + column / width;
      if (group != last) {
        full[count] = Math.min(width, original.columns() - column / width * width);
        starts[count++] = i;
        last = group;
      }
    }
    starts[count] = part.end();
    groups.add(Arrays.copyOf(starts, count + 1));
    sizes.add(Arrays.copyOf(full, count));
  }

  @Override
  public void pruneTo(double share) {
    scoring.score(scores);
    int stay = width - (int) Math.round(share * (width - kept));
    for (int t = 0; t < groups.size(); t++) {
      int[] starts = groups.get(t);
      for (int g = 0; g < starts.length - 1; g++) {
        int alive = 0;
        for (int i = starts[g]; i < starts[g + 1]; i++) {
          alive += weights.isPruned(i) ? 0 : 1;
        }
        for (; alive > Math.min(stay, sizes.get(t)[g]); alive--) {
          weights.prune(lowest(starts[g], starts[g + 1]));
        }
      }
    }
  }

  private int lowest(int from, int to) {
    int lowest = -1;
    float least = 0;
    for (int i = from; i < to; i++) {
      if (!weights.isPruned(i) && (lowest < 0 || scores[i] < least)) {
        lowest = i;
        least = scores[i];
      }
    }
    return lowest;
  }
}
