package dev.pare.sparsify;

import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.AttentionHeads.Heads;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Heads of self-attention. Without a head, its weights in the projection to the output are zero,
 * and it is of these alone that one asks what the loss changes without them; the magnitude is that
 * of all of its weights.
 */
final class HeadGroups implements PruningGroups {
  private final MaskedWeights weights;
  private final List<Range> ranges = new ArrayList<>();

  /** Of each head, its weights in the projection to the output. */
  private final List<int[]> outputs = new ArrayList<>();

  /** Of each head, these and its weights in the projections to queries, keys and values. */
  private final List<int[]> all = new ArrayList<>();

  /**
   * @param teacher that shares are shares of, if it has as many layers of attention
   */
  HeadGroups(ReducedNetwork reduction, MaskedWeights weights, Architecture teacher) {
    this.weights = weights;
    List<Heads> layers = AttentionHeads.of(reduction.network().architecture());
    List<Heads> first = AttentionHeads.of(teacher);
    int next = 0;
    for (ParameterTensor original : reduction.weightTensors()) {
      int from = outputs.size();
      int total = 0;
      ParameterTensor part = reduction.part(original);
      if (next < layers.size() && layers.get(next).queries() == part.offset()) {
        Heads heads = layers.get(next);
        total = first.size() == layers.size() ? first.get(next).count() : heads.count();
        for (int head = 0; head < heads.count(); head++) {
          outputs.add(heads.outputWeights(head));
          all.add(
              IntStream.concat(
                      IntStream.of(heads.outputWeights(head)),
                      IntStream.of(heads.inputWeights(head)))
                  .toArray());
        }
        next++;
      }
      ranges.add(new Range(from, outputs.size(), total));
    }
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public int numbers() {
    return outputs.size();
  }

  @Override
  public void combine(
      float[] weightScores, SaliencyCriterion.Combination combination, float[] scores) {
    List<int[]> members =
        combination == SaliencyCriterion.Combination.ROOT_MEAN_SQUARE ? all : outputs;
    for (int head = 0; head < scores.length; head++) {
      scores[head] = combination.of(weightScores, members.get(head));
    }
  }

  @Override
  public boolean isGone(int head) {
    for (int i : outputs.get(head)) {
      if (!weights.isPruned(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void remove(int head) {
    for (int i : all.get(head)) {
      weights.prune(i);
    }
  }

  @Override
  public void zero(int head, float[] parameters) {
    for (int i : all.get(head)) {
      parameters[i] = 0;
    }
  }
}
