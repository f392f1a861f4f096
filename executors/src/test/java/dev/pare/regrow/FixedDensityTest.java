package dev.pare.regrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Prune;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FixedDensityTest {
  private static final Training TRAINING =
      new Training(12, 10, 0.01, Training.Decay.COSINE, 0, 1, 0);
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(13, 1, 1, 1),
          List.of(
              new Dense(17, Activation.RELU),
              new Dense(11, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));
  private static final List<ParameterTensor> WEIGHTS =
      ARCHITECTURE.tensors().stream().filter(t -> t.isWeight()).toList();

  private static Prune settings(Prune.Schedule schedule, int interval, double share, double ramp) {
    return new Prune(
            0.8, null, Prune.Saliency.MAGNITUDE, Prune.Scope.LAYER, schedule, ramp, TRAINING)
        .but()
        .regrowth(new Regrowth(interval, share))
        .build();
  }

  /** A network of which some weights, drawn for each layer, are held at zero. */
  private static MaskedWeights sparse(SplittableRandom random) {
    MaskedWeights weights =
        new MaskedWeights(Initialization.random(ARCHITECTURE, random.nextLong()));
    for (ParameterTensor tensor : WEIGHTS) {
      double density = 0.1 + 0.8 * random.nextDouble();
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (random.nextDouble() >= density) {
          weights.prune(i);
        }
      }
    }
    return weights;
  }

  private static BitSet alive(MaskedWeights weights) {
    BitSet alive = new BitSet();
    for (ParameterTensor tensor : WEIGHTS) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        alive.set(i, !weights.isPruned(i));
      }
    }
    return alive;
  }

  private static int count(BitSet set, ParameterTensor tensor) {
    return set.get(tensor.offset(), tensor.end()).cardinality();
  }

  private static float[] gradient(SplittableRandom random) {
    float[] gradient = new float[ARCHITECTURE.parameters()];
    for (int i = 0; i < gradient.length; i++) {
      // Coarse, so that there are ties.
      gradient[i] = (random.nextInt(41) - 20) / 100f;
    }
    return gradient;
  }

  private static float[] train(Prune.Schedule schedule, long seed, Check check) {
    Examples examples = MemoryExamples.clusters(50, 13, 3, new SplittableRandom(1));
    MaskedWeights weights = sparse(new SplittableRandom(2));
    FixedDensity density = new FixedDensity(settings(schedule, 3, 0.5, 0.7), weights, seed);
    new Trainer(ARCHITECTURE, examples, 50, DistillationLoss.ofLabels(examples, 0), TRAINING, 0, 1)
        .train(
            weights,
            new Schedule() {
              @Override
              public void before(int step, int steps) {
                density.before(step, steps);
              }

              @Override
              public void after(int step, int steps, StepSizes sizes) {
                check.run(step, weights);
              }
            });
    return weights.values().clone();
  }

  private interface Check {
    void run(int step, MaskedWeights weights);
  }

  @ParameterizedTest
  @EnumSource(names = {"SET", "RIGL", "SPARSE_MOMENTUM"})
  void theDensityIsExactAtEveryStepWhileWeightsChangePlaces(Prune.Schedule schedule) {
    BitSet first = alive(sparse(new SplittableRandom(2)));
    BitSet ever = new BitSet();
    ever.or(first);
    BitSet afterRamp = new BitSet();
    train(
        schedule,
        7,
        (step, weights) -> {
          BitSet now = alive(weights);
          assertThat(now.cardinality()).as("step %d", step).isEqualTo(first.cardinality());
          if (schedule != Prune.Schedule.SPARSE_MOMENTUM) {
            WEIGHTS.forEach(t -> assertThat(count(now, t)).isEqualTo(count(first, t)));
          }
          for (ParameterTensor tensor : WEIGHTS) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
              assertThat(now.get(i) || weights.values()[i] == 0).isTrue();
            }
          }
          ever.or(now);
          // Of 60 steps the ramp has 0.7 · 59.
          if (step == 41) {
            afterRamp.or(now);
          } else if (step > 41) {
            assertThat(now).isEqualTo(afterRamp);
          }
        });
    assertThat(ever.cardinality()).isGreaterThan(first.cardinality() + 20);
  }

  @ParameterizedTest
  @EnumSource(names = {"SET", "RIGL", "SPARSE_MOMENTUM"})
  void theSameSeedGivesTheSameBits(Prune.Schedule schedule) {
    float[] one = train(schedule, 7, (step, weights) -> {});
    assertThat(train(schedule, 7, (step, weights) -> {})).containsExactly(one);
    if (schedule == Prune.Schedule.SET) {
      assertThat(train(schedule, 8, (step, weights) -> {})).isNotEqualTo(one);
    }
  }

  @Test
  void riglDropsTheSmallestAndGrowsTheLargestGradientsAsAPlainSortWould() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 50; trial++) {
      MaskedWeights weights = sparse(random);
      float[] values = weights.values().clone();
      BitSet before = alive(weights);
      float[] gradient = gradient(random);
      FixedDensity density =
          new FixedDensity(settings(Prune.Schedule.RIGL, 20, 0.6, 1), weights, 1);
      density.before(40, 101);
      weights.pullBack(gradient.clone());

      double share = 0.6 * 0.5 * (1 + Math.cos(Math.PI * 40 / 100));
      for (ParameterTensor tensor : WEIGHTS) {
        BitSet expected = plain(before, tensor, values, gradient, share);
        BitSet now = alive(weights);
        assertThat(now.get(tensor.offset(), tensor.end())).isEqualTo(expected);
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          boolean stays = before.get(i) && now.get(i);
          assertThat(weights.values()[i]).isEqualTo(stays ? values[i] : 0);
        }
      }
    }
  }

  /** Which weights of a tensor are there after one change, counted from its first. */
  private static BitSet plain(
      BitSet alive, ParameterTensor tensor, float[] values, float[] gradient, double share) {
    List<Integer> there =
        IntStream.range(tensor.offset(), tensor.end())
            .filter(alive::get)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> Math.abs(values[i])))
            .toList();
    int count = (int) (share * there.size());
    List<Integer> staying = there.subList(count, there.size());
    BitSet expected = new BitSet();
    staying.forEach(i -> expected.set(i - tensor.offset()));
    IntStream.range(tensor.offset(), tensor.end())
        .filter(i -> !staying.contains(i))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(gradient[i])))
        .limit(count)
        .forEach(i -> expected.set(i - tensor.offset()));
    return expected;
  }

  @Test
  void sparseMomentumGivesWhatWasDroppedToLayersByTheirMeanMomentum() {
    SplittableRandom random = TestSeed.random();
    MaskedWeights weights = sparse(random);
    float[] values = weights.values().clone();
    BitSet before = alive(weights);
    FixedDensity density =
        new FixedDensity(settings(Prune.Schedule.SPARSE_MOMENTUM, 5, 0.4, 1), weights, 1);
    double[] momentum = new double[values.length];
    for (int step = 0; step <= 5; step++) {
      density.before(step, 101);
      float[] gradient = gradient(random);
      // The last layer's are by far the largest.
      for (int i = WEIGHTS.get(2).offset(); i < gradient.length; i++) {
        gradient[i] *= 10;
      }
      for (int i = 0; i < momentum.length; i++) {
        momentum[i] = 0.9 * momentum[i] + 0.1 * gradient[i];
      }
      weights.pullBack(gradient);
    }

    double share = 0.4 * 0.5 * (1 + Math.cos(Math.PI * 5 / 100));
    TreeMap<Integer, Double> means = new TreeMap<>();
    int dropped = 0;
    for (int l = 0; l < 3; l++) {
      ParameterTensor tensor = WEIGHTS.get(l);
      List<Integer> there =
          IntStream.range(tensor.offset(), tensor.end())
              .filter(before::get)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> Math.abs(values[i])))
              .toList();
      int count = (int) (share * there.size());
      dropped += count;
      means.put(
          l,
          there.subList(count, there.size()).stream()
              .mapToDouble(i -> Math.abs(momentum[i]))
              .average()
              .orElse(0));
    }
    BitSet now = alive(weights);
    assertThat(now.cardinality()).isEqualTo(before.cardinality());
    ParameterTensor last = WEIGHTS.get(2);
    int lastDropped = (int) (share * count(before, last));
    int room = last.size() - count(before, last) + lastDropped;
    double total = means.values().stream().mapToDouble(m -> m).sum();
    double claim = Math.min(room, dropped * means.get(2) / total);
    assertThat((double) count(now, last) - (count(before, last) - lastDropped))
        .isCloseTo(claim, within(3.0));
    assertThat(means.get(2)).isGreaterThan(2 * means.get(0));
  }

  @Test
  void nothingHappensButEverySoManySteps() {
    SplittableRandom random = TestSeed.random();
    MaskedWeights weights = sparse(random);
    BitSet before = alive(weights);
    FixedDensity density = new FixedDensity(settings(Prune.Schedule.RIGL, 10, 0.5, 1), weights, 1);
    for (int step = 0; step < 10; step++) {
      density.before(step, 100);
      weights.pullBack(gradient(random));
      assertThat(alive(weights)).isEqualTo(before);
    }
    density.before(10, 100);
    weights.pullBack(gradient(random));
    assertThat(alive(weights)).isNotEqualTo(before);
  }

  @Test
  void otherSchedulesGrowNothing() {
    MaskedWeights weights = sparse(new SplittableRandom(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedDensity(settings(Prune.Schedule.GRADUAL, 1, 0, 1), weights, 1));
  }
}
