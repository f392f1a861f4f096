package dev.pare.sparsify;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Subnetwork;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.ChannelWeights;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Technique;
import dev.pare.train.TrainableParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Prunes what is least salient, at once or along the cubic ramp of Zhu and Gupta (2017): after
 * {@code t} of {@code n} ramp steps the sparsity is {@code s·(1 − (1 − t/n)³)}.
 *
 * <p>What is pruned stays pruned. The sparsity reached is exact: of {@code N} that compete {@code
 * round(s·N)} are zero, ties going to what comes first. Where the network was reduced before, what
 * was left out is among the {@code N} and counts as pruned: if that is more than {@code round(s·N)}
 * alone, nothing else goes. Of units and heads at least one of each layer stays.
 */
public final class Pruning implements Schedule, Technique {
  private final Prune settings;
  private final ReducedNetwork reduction;
  private final MaskedWeights weights;
  private final Saliency saliency;
  private final SaliencyCriterion scoring;
  private final Choice choice;
  private boolean complete;

  /** What prunes to a share of the whole, by scores. */
  interface Choice {
    void pruneTo(double share);
  }

  /**
   * Will prune the network that {@code reduction} left.
   *
   * @param weights of that network
   * @param calibration data for saliencies and scopes that need any
   * @throws UnsupportedNetworkException if the settings do not fit the network
   */
  public Pruning(
      Prune settings,
      ReducedNetwork reduction,
      MaskedWeights weights,
      CalibrationSource calibration) {
    this.settings = requireNonNull(settings, "settings is null");
    this.reduction = requireNonNull(reduction, "reduction is null");
    this.weights = requireNonNull(weights, "weights is null");
    requireNonNull(calibration, "calibration is null");
    PruningChecks.check(settings, reduction.original());
    Architecture architecture = reduction.network().architecture();
    this.saliency = Saliencies.of(settings.saliency());
    this.scoring = saliency.criterion(settings, architecture, weights, calibration);
    this.choice =
        settings.granularity().kind() == Granularity.Kind.N_OF_M
            ? new PatternChoice(settings, reduction, weights, scoring)
            : competition(calibration);
  }

  private Choice competition(CalibrationSource calibration) {
    PruningGroups items =
        PruningGroups.of(settings.granularity(), reduction, weights, calibration.teacher());
    Allocation allocation = new Allocation(settings, reduction.original(), items.ranges());
    List<Allocation.Pool> pools;
    if (settings.scope() == Prune.Scope.SENSITIVITY && settings.layerSparsity().isEmpty()) {
      pools = allocation.bySensitivity(scan(items, calibration.examples()));
    } else {
      pools = allocation.pools();
    }
    return new LowestPerPool(
        items, pools, scoring, settings.granularity(), weights.values().length);
  }

  private Sensitivity scan(PruningGroups items, Examples examples) {
    float[] itemScores = new float[items.numbers()];
    scoring.score(items, itemScores, new float[weights.values().length]);
    return new SensitivityScan(reduction, weights, items, itemScores)
        .run(examples, Sensitivity.LEVELS);
  }

  /**
   * How sensitive the network is to the sparsity of each layer alone.
   *
   * @throws UnsupportedNetworkException if the settings do not fit the network
   * @throws IllegalArgumentException if what goes does not compete
   */
  public static Sensitivity sensitivity(
      Prune settings, ReducedNetwork reduction, CalibrationSource calibration) {
    Prune plain = settings.but().scope(Prune.Scope.LAYER).layerSparsity(List.of()).build();
    Pruning pruning =
        new Pruning(plain, reduction, new MaskedWeights(reduction.network()), calibration);
    if (!(pruning.choice instanceof LowestPerPool competition)) {
      throw new IllegalArgumentException(
          "granularity = " + settings.granularity() + ": leaves no sparsity to choose");
    }
    return pruning.scan(competition.items(), calibration.examples());
  }

  /**
   * The weights of a reduced network before it is pruned: those that are zero count as pruned.
   * Where units go, those of a unit that has none but zeros do not: its output may be a constant,
   * and it is one of those that may go.
   */
  public static MaskedWeights remaining(Prune settings, Network reduced) {
    MaskedWeights weights = MaskedWeights.ofNonzeros(reduced);
    if (settings.granularity().kind() != Granularity.Kind.UNIT) {
      return weights;
    }
    for (ParameterTensor tensor : reduced.architecture().tensors()) {
      for (int row = 0; row < tensor.rows() && tensor.isWeight(); row++) {
        int from = tensor.offset() + row * tensor.columns();
        int to = from + tensor.columns();
        if (IntStream.range(from, to).allMatch(weights::isPruned)) {
          IntStream.range(from, to).forEach(weights::grow);
        }
      }
    }
    return weights;
  }

  /** Prunes to the full sparsity now. */
  public void prune() {
    if (!complete) {
      pruneTo(1);
      complete = true;
    }
  }

  @Override
  public TrainableParameters variables() {
    return weights;
  }

  @Override
  public Schedule schedule() {
    return this;
  }

  /** The network pruned to its full sparsity. */
  @Override
  public Network network() {
    prune();
    return weights.network();
  }

  @Override
  public void before(int step, int steps) {
    switch (settings.schedule()) {
      case ONE_SHOT, ITERATIVE, REWIND, SET, RIGL, SPARSE_MOMENTUM -> {
        if (step == 0) {
          prune();
        }
      }
      case GRADUAL -> {
        int ramp = ramp(steps);
        int interval = interval(ramp);
        if (step == ramp) {
          prune();
        } else if (step < ramp && step % interval == 0) {
          double left = 1 - (double) step / ramp;
          pruneTo(1 - left * left * left);
        }
      }
    }
  }

  @Override
  public OptionalInt next(int step, int steps) {
    if (settings.schedule() != Prune.Schedule.GRADUAL) {
      return OptionalInt.of(step == 0 ? 0 : steps);
    }
    int ramp = ramp(steps);
    int interval = interval(ramp);
    int jump = Math.min(ramp, (step + interval - 1) / interval * interval);
    return OptionalInt.of(step > ramp ? steps : jump);
  }

  private int ramp(int steps) {
    int ramp = (int) (settings.ramp() * (steps - 1));
    // Before the first step nothing is known of what is learned.
    return saliency.isLearned() ? Math.max(1, ramp) : ramp;
  }

  private int interval(int ramp) {
    return Math.max(1, ramp / scoring.jumps());
  }

  private void pruneTo(double share) {
    if (share == 0) {
      // Nothing but what was left out of the network, which is gone already.
      return;
    }
    choice.pruneTo(share);
    scoring.compensate();
  }

  /**
   * The network without the units and channels that were pruned, of which all weights on both sides
   * are zero.
   *
   * @param expanded the original network with the weights as they are now
   */
  ReducedNetwork withoutUnits(Network expanded) {
    ChannelWeights of = new ChannelWeights(reduction.network().architecture());
    List<ChannelGroups.Group> gone =
        ChannelGroups.of(expanded.architecture()).groups().stream()
            .filter(
                group ->
                    group.channels().stream()
                        .flatMap(c -> of.making(c.layer(), c.index()).stream())
                        .flatMapToInt(ChannelWeights.Block::indices)
                        .allMatch(weights::isPruned))
            .toList();
    return ReducedNetwork.without(expanded, gone);
  }

  /** A layer keeps its first head where all are pruned. */
  private static int[] someOf(int[] kept) {
    return kept.length == 0 ? new int[1] : kept;
  }

  /**
   * The network without the heads that were pruned.
   *
   * @param expanded the original network with the weights as they are now
   */
  private Subnetwork withoutHeads(Network expanded) {
    List<int[]> kept = new ArrayList<>();
    Map<Integer, List<Integer>> left = new TreeMap<>();
    for (AttentionHeads.Heads heads : AttentionHeads.of(expanded.architecture())) {
      int[] stay =
          someOf(
              IntStream.range(0, heads.count())
                  .filter(
                      head -> !IntStream.of(heads.outputWeights(head)).allMatch(weights::isPruned))
                  .toArray());
      kept.add(stay);
      left.put(heads.layer(), IntStream.of(stay).boxed().toList());
    }
    return Subnetwork.ofUnits(AttentionHeads.keep(expanded, kept), left);
  }

  /**
   * What is left without what was pruned, where that leaves the network; all of it elsewhere.
   *
   * @param expanded the original network with the weights as they are now
   */
  public Subnetwork without(Network expanded) {
    return switch (settings.granularity().kind()) {
      case UNIT -> withoutUnits(expanded).part();
      case HEAD -> withoutHeads(expanded);
      case WEIGHT, N_OF_M, BLOCK, LAYER -> Subnetwork.all(expanded);
    };
  }
}
