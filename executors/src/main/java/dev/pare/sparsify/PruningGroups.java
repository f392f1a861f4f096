package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.ChannelWeights;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What goes as one, numbered in the order of the tensors: single weights, blocks, hidden units, or
 * heads.
 */
public interface PruningGroups {
  /**
   * The items of one weight tensor.
   *
   * @param from number of the first
   * @param to number after the last
   * @param total how many there were before anything was left out of the network
   */
  record Range(int from, int to, int total) {}

  /** The items of each weight tensor. */
  List<Range> ranges();

  /** How many numbers there are; some may be of nothing. */
  int numbers();

  /** From numbers of weights to scores of items. */
  void combine(float[] weightScores, SaliencyCriterion.Combination combination, float[] itemScores);

  /** Whether an item is held at zero. */
  boolean isGone(int item);

  /** Holds an item at zero from now on. */
  void remove(int item);

  /** Sets to zero what {@link #remove} would, in other parameters. */
  void zero(int item, float[] parameters);

  /**
   * The items of a network.
   *
   * @param teacher that its shares of units and heads are shares of
   * @throws IllegalArgumentException if {@code granularity} is N of M, whose items do not compete,
   *     or layers, which have none
   */
  static PruningGroups of(
      Granularity granularity,
      ReducedNetwork reduction,
      MaskedWeights weights,
      Architecture teacher) {
    return switch (granularity.kind()) {
      case WEIGHT -> new WeightItems(reduction, weights);
      case BLOCK -> GroupItems.blocks(granularity, reduction, weights);
      case UNIT -> GroupItems.units(reduction, weights, teacher);
      case HEAD -> new HeadGroups(reduction, weights, teacher);
      case LAYER -> throw new IllegalArgumentException("layers go as they are measured");
      case N_OF_M -> throw new IllegalArgumentException("N:M patterns are not ranked over layers");
    };
  }

  /** Single weights; their numbers are those of the parameters. */
  final class WeightItems implements PruningGroups {
    private final MaskedWeights weights;
    private final List<Range> ranges;

    WeightItems(ReducedNetwork reduction, MaskedWeights weights) {
      this.weights = weights;
      this.ranges =
          reduction.weightTensors().stream()
              .map(
                  original -> {
                    ParameterTensor part = reduction.part(original);
                    return new Range(part.offset(), part.end(), original.size());
                  })
              .toList();
    }

    @Override
    public List<Range> ranges() {
      return ranges;
    }

    @Override
    public int numbers() {
      return weights.values().length;
    }

    @Override
    public void combine(
        float[] weightScores, SaliencyCriterion.Combination combination, float[] scores) {
      combination.ofEach(weightScores, scores);
    }

    @Override
    public boolean isGone(int item) {
      return weights.isPruned(item);
    }

    @Override
    public void remove(int item) {
      weights.prune(item);
    }

    @Override
    public void zero(int item, float[] parameters) {
      parameters[item] = 0;
    }
  }

  /** Items of several weights each. */
  final class GroupItems implements PruningGroups {
    private final MaskedWeights weights;
    private final List<Range> ranges;
    private final int[][] members;

    /** What else becomes zero with an item. */
    private final int[][] followers;

    private GroupItems(
        MaskedWeights weights, List<Range> ranges, int[][] members, int[][] followers) {
      this.weights = weights;
      this.ranges = ranges;
      this.members = members;
      this.followers = followers;
    }

    private static PruningGroups blocks(
        Granularity size, ReducedNetwork reduction, MaskedWeights weights) {
      List<Range> ranges = new ArrayList<>();
      List<int[]> all = new ArrayList<>();
      for (ParameterTensor original : reduction.weightTensors()) {
        int across = (original.columns() - 1) / size.columns() + 1;
        int total = across * ((original.rows() - 1) / size.rows() + 1);
        int[][] blocks = new int[total][size.rows() * size.columns()];
        int[] counts = new int[total];
        ParameterTensor part = reduction.part(original);
        for (int i = part.offset(); i < part.end(); i++) {
          int at = reduction.position(i) - original.offset();
          int row = at / original.columns() / size.rows();
          int block = row * across + at % original.columns() / size.columns();
          blocks[block][counts[block]++] = i;
        }
        int from = all.size();
        for (int block = 0; block < total; block++) {
          if (counts[block] > 0) {
            all.add(Arrays.copyOf(blocks[block], counts[block]));
          }
        }
        ranges.add(new Range(from, all.size(), total));
      }
      return new GroupItems(weights, ranges, all.toArray(int[][]::new), new int[all.size()][0]);
    }

    /** Groups of channels, each among those of the first layer that makes one of it. */
    private static PruningGroups units(
        ReducedNetwork reduction, MaskedWeights weights, Architecture teacher) {
      Architecture architecture = reduction.network().architecture();
      List<ChannelGroups.Group> groups = ChannelGroups.of(architecture).groups();
      List<Integer> totals = totals(teacher);
      List<Range> ranges = new ArrayList<>();
      int next = 0;
      for (ParameterTensor original : reduction.weightTensors()) {
        int from = next;
        while (next < groups.size() && groups.get(next).layer() == original.layer()) {
          next++;
        }
        ranges.add(new Range(from, next, totals.get(ranges.size())));
      }
      ChannelWeights of = new ChannelWeights(architecture);
      int[][] members = new int[groups.size()][];
      int[][] followers = new int[groups.size()][];
      for (int i = 0; i < members.length; i++) {
        List<ChannelGroups.Channel> channels = groups.get(i).channels();
        members[i] =
            channels.stream()
                .flatMap(c -> of.making(c.layer(), c.index()).stream())
                .flatMapToInt(ChannelWeights.Block::indices)
                .toArray();
        followers[i] =
            channels.stream()
                .flatMap(c -> of.reading(c.layer(), c.index()).stream())
                .flatMapToInt(ChannelWeights.Block::indices)
                .toArray();
      }
      return new GroupItems(weights, ranges, members, followers);
    }

    /** How many groups begin at each weight tensor: at a layer's first one. */
    private static List<Integer> totals(Architecture architecture) {
      List<ChannelGroups.Group> groups = ChannelGroups.of(architecture).groups();
      List<Integer> totals = new ArrayList<>();
      int before = -1;
      for (ParameterTensor tensor : architecture.tensors()) {
        if (tensor.isWeight()) {
          boolean first = tensor.layer() != before;
          totals.add(
              first ? (int) groups.stream().filter(g -> g.layer() == tensor.layer()).count() : 0);
          before = tensor.layer();
        }
      }
      return totals;
    }

    @Override
    public List<Range> ranges() {
      return ranges;
    }

    @Override
    public int numbers() {
      return members.length;
    }

    @Override
    public void combine(
        float[] weightScores, SaliencyCriterion.Combination combination, float[] scores) {
      for (int item = 0; item < members.length; item++) {
        scores[item] = combination.of(weightScores, members[item]);
      }
    }

    /** A weight of its own may be gone before: with a unit that it reads. */
    @Override
    public boolean isGone(int item) {
      for (int i : members[item]) {
        if (!weights.isPruned(i)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void remove(int item) {
      for (int i : members[item]) {
        weights.prune(i);
      }
      for (int i : followers[item]) {
        weights.prune(i);
      }
    }

    @Override
    public void zero(int item, float[] parameters) {
      for (int i : members[item]) {
        parameters[i] = 0;
      }
      for (int i : followers[item]) {
        parameters[i] = 0;
      }
    }
  }
}
