package dev.pare.sparsify;

import dev.pare.candidate.Granularity;
import dev.pare.model.Architecture;
import dev.pare.model.ParameterTensor;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What goes as one, numbered in the order of the tensors: single weights, blocks, hidden units, or
 * heads.
 */
interface Items {
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
  void combine(float[] weightScores, Scoring.Combination combination, float[] itemScores);

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
  static Items of(
      Granularity granularity, Reduction reduction, MaskedWeights weights, Architecture teacher) {
    return switch (granularity.kind()) {
      case WEIGHT -> new WeightItems(reduction, weights);
      case BLOCK -> GroupItems.blocks(granularity, reduction, weights);
      case UNIT -> GroupItems.units(reduction, weights, units(teacher));
      case HEAD -> new HeadItems(reduction, weights, teacher);
      case LAYER -> throw new IllegalArgumentException("layers go as they are measured");
      case N_OF_M -> throw new IllegalArgumentException("weights of a pattern do not compete");
    };
  }

  /** How many units each layer with weights has. */
  private static List<Integer> units(Architecture architecture) {
    return architecture.tensors().stream()
        .filter(t -> t.role() == ParameterTensor.Role.WEIGHT)
        .map(ParameterTensor::rows)
        .toList();
  }

  /** Single weights; their numbers are those of the parameters. */
  final class WeightItems implements Items {
    private final MaskedWeights weights;
    private final List<Range> ranges;

    WeightItems(Reduction reduction, MaskedWeights weights) {
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
    public void combine(float[] weightScores, Scoring.Combination combination, float[] scores) {
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
  final class GroupItems implements Items {
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

    private static Items blocks(Granularity size, Reduction reduction, MaskedWeights weights) {
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

    private static Items units(Reduction reduction, MaskedWeights weights, List<Integer> units) {
      List<ParameterTensor> parts =
          reduction.weightTensors().stream().map(reduction::part).toList();
      List<Range> ranges = new ArrayList<>();
      List<int[]> members = new ArrayList<>();
      List<int[]> followers = new ArrayList<>();
      for (int t = 0; t < parts.size() - 1; t++) {
        ParameterTensor part = parts.get(t);
        ParameterTensor next = parts.get(t + 1);
        int from = members.size();
        int each = next.columns() / part.rows();
        for (int unit = 0; unit < part.rows(); unit++) {
          int[] incoming = new int[part.columns()];
          Arrays.setAll(incoming, ascending(part.offset() + unit * part.columns()));
          members.add(incoming);
          int[] outgoing = new int[next.rows() * each];
          for (int i = 0; i < outgoing.length; i++) {
            outgoing[i] = next.offset() + i / each * next.columns() + unit * each + i % each;
          }
          followers.add(outgoing);
        }
        ranges.add(new Range(from, members.size(), units.get(t)));
      }
      ranges.add(new Range(members.size(), members.size(), 0));
      return new GroupItems(
          weights, ranges, members.toArray(int[][]::new), followers.toArray(int[][]::new));
    }

    private static IntUnaryOperator ascending(int from) {
      return i -> from + i;
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
    public void combine(float[] weightScores, Scoring.Combination combination, float[] scores) {
      for (int item = 0; item < members.length; item++) {
        scores[item] = combination.of(weightScores, members[item]);
      }
    }

    /** A weight of its own may be gone before: with a unit that it heard. */
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
