package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Of every M weights of a unit that read inputs side by side, N stay; of fewer at the inputs' end,
 * at most N. Inputs of a convolution are its channels, at each place of the kernel by itself: its
 * weights are then a matrix {@code [filter, y, x][channel]}, as sparse matrix units read it (Mishra
 * et al. 2021). Weights that were left out of the network are among the M.
 */
final class PatternChoice implements Pruning.Choice {
  private final MaskedWeights weights;
  private final SaliencyCriterion scoring;
  private final float[] scores;
  private final int kept;
  private final int width;

  /** The parameters of each group. */
  private final List<int[]> groups = new ArrayList<>();

  /** How many weights each group had before any was left out. */
  private final List<Integer> sizes = new ArrayList<>();

  PatternChoice(
      Prune settings, ReducedNetwork reduction, MaskedWeights weights, SaliencyCriterion scoring) {
    this.weights = weights;
    this.scoring = scoring;
    this.scores = new float[weights.values().length];
    this.kept = settings.granularity().rows();
    this.width = settings.granularity().columns();
    List<ParameterTensor> tensors = reduction.weightTensors();
    Set<Integer> outputs =
        settings.outputSparsity() == null ? Set.of() : reduction.original().outputLayers();
    for (ParameterTensor original : tensors) {
      if (!outputs.contains(original.layer())) {
        add(original, reduction);
      }
    }
  }

  private void add(ParameterTensor original, ReducedNetwork reduction) {
    int area =
        reduction.original().layers().get(original.layer()).kernel().stream()
            .reduce(1, (one, other) -> one * other);
    int channels = original.columns() / area;
    int across = (channels - 1) / width + 1;
    int[][] members = new int[original.rows() * area * across][width];
    int[] counts = new int[members.length];
    ParameterTensor part = reduction.part(original);
    for (int i = part.offset(); i < part.end(); i++) {
      int at = reduction.position(i) - original.offset();
      int column = at % original.columns();
      int place = at / original.columns() * area + column % area;
      int group = place * across + column / area / width;
      members[group][counts[group]++] = i;
    }
    for (int group = 0; group < members.length; group++) {
      groups.add(Arrays.copyOf(members[group], counts[group]));
      sizes.add(Math.min(width, channels - group % across * width));
    }
  }

  @Override
  public void pruneTo(double share) {
    scoring.score(scores);
    int stay = width - (int) Math.round(share * (width - kept));
    for (int g = 0; g < groups.size(); g++) {
      int[] members = groups.get(g);
      int alive = 0;
      for (int i : members) {
        alive += weights.isPruned(i) ? 0 : 1;
      }
      for (; alive > Math.min(stay, sizes.get(g)); alive--) {
        weights.prune(lowest(members));
      }
    }
  }

  private int lowest(int[] members) {
    int lowest = -1;
    for (int i : members) {
      if (!weights.isPruned(i) && (lowest < 0 || scores[i] < scores[lowest])) {
        lowest = i;
      }
    }
    return lowest;
  }
}
