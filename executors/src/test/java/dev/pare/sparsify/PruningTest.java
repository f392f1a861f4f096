package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Trainer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PruningTest {
  private static final Training TRAINING = new Training(4, 10, 0.01, Training.Decay.NONE, 0, 1, 0);
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(13, 1, 1, 1),
          List.of(
              new Dense(17, Activation.RELU),
              new Dense(11, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  @Test
  void prunesWhatAPlainSortWouldAndExactlyAsMuch() {
    SplittableRandom random = TestSeed.random();
    for (Prune.Scope scope : List.of(Prune.Scope.LAYER, Prune.Scope.GLOBAL)) {
      for (double sparsity : new double[] {0, 0.001, 1 / 3.0, 0.5, 0.95, 0.999}) {
        for (Double output : new Double[] {null, 0.0, 0.25, 0.9}) {
          MaskedWeights weights = weights(coarse(random));
          BitSet expected = plainChoice(weights.values(), sparsity, output, scope);
          pruning(prune(sparsity, output, scope, Prune.Schedule.ONE_SHOT, 0), weights).prune();
          assertThat(pruned(weights))
              .as("%s %s, output %s", scope, sparsity, output)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void tiesGoToTheWeightThatComesFirst() {
    float[] equal = new float[ARCHITECTURE.parameters()];
    java.util.Arrays.fill(equal, -0.5f);
    MaskedWeights weights = weights(new Network(ARCHITECTURE, equal));
    pruning(prune(0.1, null, Prune.Scope.GLOBAL, Prune.Schedule.ONE_SHOT, 0), weights).prune();
    BitSet first = new BitSet();
    first.set(0, (int) Math.round(0.1 * (13 * 17 + 17 * 11 + 11 * 3)));
    assertThat(pruned(weights)).isEqualTo(first);
  }

  @Test
  void aSingleLayerCanHaveItsOwnSparsity() {
    Architecture single =
        new Architecture(new InputShape(20, 1, 1, 1), List.of(new Dense(5, Activation.SOFTMAX)));
    for (Prune.Scope scope : List.of(Prune.Scope.LAYER, Prune.Scope.GLOBAL)) {
      MaskedWeights weights = new MaskedWeights(Initialization.random(single, 1));
      pruning(prune(0.9, 0.2, scope, Prune.Schedule.ONE_SHOT, 0), weights).prune();
      assertThat(pruned(weights).cardinality()).isEqualTo(20);
    }
  }

  @Test
  void oneShotPrunesBeforeTheFirstStepAndNeverAgain() {
    MaskedWeights weights = weights(Initialization.random(ARCHITECTURE, 1));
    Pruning pruning =
        pruning(prune(0.5, null, Prune.Scope.LAYER, Prune.Schedule.ONE_SHOT, 0.5), weights);
    pruning.before(0, 10);
    BitSet first = pruned(weights);
    assertThat(first.cardinality()).isEqualTo(zeros(0.5, null, Prune.Scope.LAYER));
    for (int step = 1; step < 10; step++) {
      pruning.before(step, 10);
      assertThat(pruned(weights)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LAYER", "GLOBAL"})
  void gradualFollowsTheCubicRampAndEndsAtTheFullSparsity(Prune.Scope scope) {
    MaskedWeights weights = weights(Initialization.random(ARCHITECTURE, 1));
    int steps = 81;
    // The ramp ends at step 0.75 · 80 = 60; shorter than 100 jumps, it changes at every step.
    Pruning pruning = pruning(prune(0.9, 0.6, scope, Prune.Schedule.GRADUAL, 0.75), weights);
    for (int step = 0; step < steps; step++) {
      pruning.before(step, steps);
      double left = 1 - Math.min(1, step / 60.0);
      double share = 1 - left * left * left;
      assertThat(pruned(weights).cardinality())
          .as("step %d", step)
          .isEqualTo(zeros(0.9 * share, 0.6 * share, scope));
    }
  }

  @Test
  void aLongRampGoesInJumpsThatNeverRunAheadOfIt() {
    MaskedWeights weights = weights(Initialization.random(ARCHITECTURE, 1));
    Pruning pruning =
        pruning(prune(0.9, null, Prune.Scope.GLOBAL, Prune.Schedule.GRADUAL, 0.8), weights);
    int weightCount = 13 * 17 + 17 * 11 + 11 * 3;
    for (int step = 0; step < 10_001; step++) {
      pruning.before(step, 10_001);
      double left = 1 - Math.min(1, step / 8000.0);
      double due = 0.9 * (1 - left * left * left) * weightCount;
      assertThat((double) pruned(weights).cardinality())
          .isBetween(due - 0.04 * weightCount, due + 1);
    }
    assertThat(pruned(weights).cardinality()).isEqualTo(Math.round(0.9 * weightCount));
  }

  @Test
  void gradualReachesTheFullSparsityInAnyNumberOfStepsAndAnyRamp() {
    for (int steps = 1; steps < 300; steps += steps < 5 ? 1 : 37) {
      for (double ramp : new double[] {0, 0.01, 0.5, 1}) {
        MaskedWeights weights = weights(Initialization.random(ARCHITECTURE, 1));
        Pruning pruning =
            pruning(prune(0.8, null, Prune.Scope.LAYER, Prune.Schedule.GRADUAL, ramp), weights);
        for (int step = 0; step < steps; step++) {
          pruning.before(step, steps);
        }
        assertThat(pruned(weights).cardinality())
            .as("%d steps, ramp %s", steps, ramp)
            .isEqualTo(zeros(0.8, null, Prune.Scope.LAYER));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPrunedWhileTrainingStaysAtZero(Prune.Schedule schedule) {
    Examples examples = MemoryExamples.clusters(50, 13, 3, new SplittableRandom(1));
    MaskedWeights weights = weights(Initialization.random(ARCHITECTURE, 1));
    Pruning pruning = pruning(prune(0.9, 0.5, Prune.Scope.GLOBAL, schedule, 0.6), weights);
    BitSet before = new BitSet();
    new Trainer(ARCHITECTURE, examples, 50, DistillationLoss.ofLabels(examples, 0), TRAINING, 0, 1)
        .train(
            weights,
            (step, steps) -> {
              pruning.before(step, steps);
              BitSet now = pruned(weights);
              before.andNot(now);
              assertThat(before.isEmpty()).as("step %d brought weights back", step).isTrue();
              before.or(now);
            });
    float[] parameters = weights.network().parameters();
    for (int i = 0; i < parameters.length; i++) {
      assertThat(weights.isPruned(i) && Float.floatToRawIntBits(parameters[i]) != 0).isFalse();
    }
    assertThat(pruned(weights).cardinality()).isEqualTo(zeros(0.9, 0.5, Prune.Scope.GLOBAL));
  }

  private static Prune prune(
      double sparsity,
      @Nullable Double output,
      Prune.Scope scope,
      Prune.Schedule schedule,
      double ramp) {
    return new Prune(sparsity, output, Prune.Saliency.MAGNITUDE, scope, schedule, ramp, TRAINING);
  }

  private static Pruning pruning(Prune settings, MaskedWeights weights) {
    Network network = weights.network();
    Examples none = MemoryExamples.of(new float[20], 20, new int[1], 5);
    return new Pruning(
        settings,
        ReducedNetwork.none(network),
        weights,
        new CalibrationSource(none, network.architecture(), 1));
  }

  private static MaskedWeights weights(Network start) {
    return new MaskedWeights(start);
  }

  /** Parameters of few different magnitudes, so that there are ties. */
  private static Network coarse(SplittableRandom random) {
    float[] parameters = new float[ARCHITECTURE.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (random.nextInt(41) - 20) / 10f;
    }
    return new Network(ARCHITECTURE, parameters);
  }

  private static List<ParameterTensor> weightTensors() {
    return ARCHITECTURE.tensors().stream().filter(t -> t.isWeight()).toList();
  }

  /** The pools as lists of parameter indices, the output layer's own first if it has one. */
  private static List<List<Integer>> pools(@Nullable Double output, Prune.Scope scope) {
    List<List<Integer>> pools = new ArrayList<>();
    List<Integer> common = new ArrayList<>();
    List<ParameterTensor> tensors = weightTensors();
    for (ParameterTensor tensor : tensors) {
      List<Integer> indices = new ArrayList<>();
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        indices.add(i);
      }
      if (output != null && tensor.equals(tensors.get(tensors.size() - 1))) {
        pools.add(0, indices);
      } else if (scope == Prune.Scope.LAYER) {
        pools.add(indices);
      } else {
        common.addAll(indices);
      }
    }
    if (scope == Prune.Scope.GLOBAL) {
      pools.add(common);
    }
    return pools;
  }

  private static BitSet plainChoice(
      float[] values, double sparsity, @Nullable Double output, Prune.Scope scope) {
    BitSet chosen = new BitSet();
    List<List<Integer>> pools = pools(output, scope);
    for (int p = 0; p < pools.size(); p++) {
      double share = p == 0 && output != null ? output : sparsity;
      List<Integer> pool = pools.get(p);
      pool.stream()
          .sorted(Comparator.comparingDouble(i -> Math.abs(values[i])))
          .limit(Math.round(share * pool.size()))
          .forEach(chosen::set);
    }
    return chosen;
  }

  private static int zeros(double sparsity, @Nullable Double output, Prune.Scope scope) {
    return plainChoice(new float[ARCHITECTURE.parameters()], sparsity, output, scope).cardinality();
  }

  private static BitSet pruned(MaskedWeights weights) {
    BitSet pruned = new BitSet();
    for (int i = 0; i < weights.values().length; i++) {
      pruned.set(i, weights.isPruned(i));
    }
    return pruned;
  }
}
