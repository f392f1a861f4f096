package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regrowth;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.Regularize.Penalty;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SparseTrainingStagesTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Training SOME = new Training(4, 16, 0.01, Training.Decay.COSINE, 0, 2, 0.5);
  private static final Training LONG = new Training(12, 16, 0.02, Training.Decay.COSINE, 0, 2, 0.5);
  private static final InputShape IMAGE = new InputShape(1, 8, 8, 1);
  private static final Architecture CONVOLUTIONAL =
      new Architecture(
          IMAGE,
          List.of(
              new Convolution(6, 3, 1, Activation.IDENTITY),
              new dev.pare.graph.BatchNormalization(1e-3f, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(10, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));

  /** A network and what it learns from, and the strength of each penalty that leaves some of it. */
  private record Case(Architecture architecture) {
    Network teacher() {
      return Initialization.random(architecture, 4);
    }

    DistillationData distillation() {
      SplittableRandom random = new SplittableRandom(3);
      Examples train = MemoryExamples.clusters(120, 64, 3, random);
      return new DistillationData(
          train,
          train.size(),
          MemoryExamples.clusters(40, 64, 3, random),
          Evaluator.logits(teacher(), train),
          new DistillationData.Origin(architecture, 77L));
    }

    CompressedNetwork run(StageSettings... stages) {
      StageChain pipeline = new StageChain(distillation());
      CompressedNetwork student = CompressedNetwork.of(teacher());
      for (int i = 0; i < stages.length; i++) {
        student = pipeline.run(stages[i], student, 9 + i);
      }
      return student;
    }
  }

  private static Stream<Case> cases() {
    return Stream.concat(
            Stream.of(CONVOLUTIONAL),
            Stream.of(
                    new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(12, 8)),
                    new NamedArchitecture(
                        NamedArchitecture.Name.RESNET, List.of(4, 6), Map.of(Size.BLOCKS, 1)),
                    new NamedArchitecture(NamedArchitecture.Name.LSTM, List.of(6)),
                    new NamedArchitecture(
                        NamedArchitecture.Name.ATTENTION,
                        List.of(8, 12),
                        Map.of(Size.BLOCKS, 1, Size.HEADS, 2, Size.PATCH, 4)))
                .map(named -> named.resolve(IMAGE, 3)))
        .map(Case::new);
  }

  /** A penalty of the greatest strength that leaves something, in halves from one. */
  private static Regularize regularize(Case of, Penalty penalty) {
    for (double strength = 1; strength > 1e-5; strength /= 2) {
      Regularize settings =
          new Regularize(
              penalty,
              penalty == Penalty.VARIATIONAL_DROPOUT || penalty == Penalty.L0
                  ? 8 * strength
                  : strength,
              0.2,
              LONG);
      if (nonzeros(of.run(settings)) > 0) {
        return settings;
      }
    }
    throw new AssertionError(penalty + " leaves nothing of " + of);
  }

  private static Prune prune(double sparsity, Prune.Schedule schedule, Training training) {
    return new Prune(
            sparsity, null, Prune.Saliency.MAGNITUDE, Prune.Scope.GLOBAL, schedule, 0.6, training)
        .but()
        .regrowth(new Regrowth(3, 0.4))
        .build();
  }

  private static Quantize quantize() {
    return new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, SOME);
  }

  private static int weights(Architecture architecture) {
    return architecture.tensors().stream()
        .filter(t -> t.isWeight())
        .mapToInt(ParameterTensor::size)
        .sum();
  }

  private static int nonzeros(CompressedNetwork network) {
    int count = 0;
    float[] parameters = network.toNetwork().parameters();
    for (ParameterTensor tensor : network.architecture().tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        count += tensor.isWeight() && parameters[i] != 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** Checks that weights that are zero in one network are so in another. */
  private static void zerosStay(CompressedNetwork before, CompressedNetwork after) {
    float[] old = before.toNetwork().parameters();
    float[] now = after.toNetwork().parameters();
    for (ParameterTensor tensor : before.architecture().tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (tensor.isWeight() && old[i] == 0) {
          assertThat(now[i]).as("%s, %d", tensor.name(), i).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void penaltiesMakeZerosInAllNetworksAndNoLaterTrainingWakesThem(Case of) {
    for (Penalty penalty : Penalty.values()) {
      if (penalty == Penalty.NONE) {
        continue;
      }
      Regularize settings = regularize(of, penalty);
      CompressedNetwork sparse = of.run(settings);
      int all = weights(of.architecture());
      assertThat(nonzeros(sparse)).as("%s", penalty).isBetween(1, all - all / 20);
      assertThat(of.run(settings)).as("%s again", penalty).isEqualTo(sparse);

      Prune trained = prune(0, Prune.Schedule.ONE_SHOT, SOME);
      CompressedNetwork healed = of.run(settings, trained);
      zerosStay(sparse, healed);
      assertThat(healed.toNetwork().parameters()).isNotEqualTo(sparse.toNetwork().parameters());
      CompressedNetwork quantized =
          of.run(
              settings,
              trained,
              new Quantize(
                  3,
                  Quantize.Quantizer.CODEBOOK,
                  Quantize.USUAL_GROUP,
                  Quantize.USUAL_VECTOR_DIMENSION,
                  null,
                  0,
                  Quantize.Weight.NONE,
                  null,
                  BatchNormalization.KEEP,
                  Encode.Origin.ON,
                  SOME));
      zerosStay(healed, quantized);
    }
  }

  @Test
  void pruningCountsTheZerosThatItFinds() {
    Case of = new Case(CONVOLUTIONAL);
    int all = weights(CONVOLUTIONAL);
    Regularize l1 = new Regularize(Penalty.L1, 0.02, 0.2, LONG);
    CompressedNetwork sparse = of.run(l1);
    double sparsity = 1 - 0.5 * nonzeros(sparse) / all;
    for (Prune.Schedule schedule : List.of(Prune.Schedule.ONE_SHOT, Prune.Schedule.GRADUAL)) {
      CompressedNetwork pruned = of.run(l1, prune(sparsity, schedule, SOME));
      assertThat(nonzeros(pruned)).isEqualTo((int) (all - Math.round(sparsity * all)));
      zerosStay(sparse, pruned);
    }
    CompressedNetwork less = of.run(l1, prune(0.01, Prune.Schedule.ONE_SHOT, SOME));
    assertThat(nonzeros(less)).isEqualTo(nonzeros(sparse));
  }

  @Test
  void deadUnitsAreTakenOutAndTheOutputsStay() {
    Case of = new Case(CONVOLUTIONAL);
    for (Penalty penalty : List.of(Penalty.GROUP_LASSO_UNITS, Penalty.GROUP_LASSO_INPUTS)) {
      Regularize strong = new Regularize(penalty, 0.05, 0.2, LONG);
      Prune healing = prune(0, Prune.Schedule.ONE_SHOT, SOME);
      CompressedNetwork quantized = of.run(strong, healing, quantize());
      CompressedNetwork encoded =
          of.run(strong, healing, quantize(), new Encode(Encode.Precision.FLOAT32));
      assertThat(units(encoded)).as("%s", penalty).isLessThan(units(quantized));
      Examples examples = of.distillation().validation();
      assertThat(Evaluator.logits(encoded.toNetwork(), examples))
          .containsExactly(Evaluator.logits(quantized.toNetwork(), examples), within(1e-4f));
    }
  }

  private static int units(CompressedNetwork network) {
    return network.architecture().tensors().stream()
        .filter(t -> t.isWeight())
        .mapToInt(ParameterTensor::rows)
        .sum();
  }

  @Test
  void unitsCanGoAfterAnyPenalty() {
    Case of = new Case(CONVOLUTIONAL);
    Prune half =
        prune(0.5, Prune.Schedule.GRADUAL, SOME).but().granularity(Granularity.UNIT).build();
    for (Penalty penalty : List.of(Penalty.L1, Penalty.GROUP_LASSO_UNITS)) {
      CompressedNetwork pruned = of.run(regularize(of, penalty), half);
      assertThat(units(pruned)).isLessThanOrEqualTo(3 + 5 + 3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainingAtAFixedDensityEndsAtItInAllNetworksFromEitherStart(Case of) {
    int all = weights(of.architecture());
    for (Prune.Schedule schedule :
        List.of(Prune.Schedule.SET, Prune.Schedule.RIGL, Prune.Schedule.SPARSE_MOMENTUM)) {
      for (Prune.Initialization start : Prune.Initialization.values()) {
        Prune settings = prune(0.8, schedule, SOME).but().initialization(start).build();
        CompressedNetwork product = of.run(settings);
        // Where no gradient comes by, weights that have grown are zero still.
        int alive = (int) (all - Math.round(0.8 * all));
        assertThat(nonzeros(product)).isBetween(alive * 4 / 5, alive);
        assertThat(of.run(settings)).isEqualTo(product);
        CompressedNetwork fixed =
            of.run(prune(0.8, Prune.Schedule.ONE_SHOT, SOME).but().initialization(start).build());
        assertThat(product.toNetwork().parameters()).isNotEqualTo(fixed.toNetwork().parameters());
      }
    }
  }

  @Test
  void aRandomStartIsTheSameWhateverTheStudentWasAndItsFileKnowsIt() {
    Case of =
        new Case(
            new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(12, 8)).resolve(IMAGE, 3));
    StageChain pipeline = new StageChain(of.distillation());
    Network other = Initialization.random(of.architecture(), 1234);
    Prune settings =
        prune(0.5, Prune.Schedule.GRADUAL, SOME)
            .but()
            .initialization(Prune.Initialization.RANDOM)
            .build();
    CompressedNetwork product =
        pipeline.run(
            settings,
            CompressedNetwork.of(other).withOrigin(Optional.of(Origin.of(of.architecture(), 1234))),
            9);
    assertThat(product).isEqualTo(of.run(settings));
    assertThat(product.origin()).contains(Origin.of(of.architecture(), 9));
  }

  @ParameterizedTest
  @EnumSource(names = {"GROUP_LASSO_UNITS", "GROUP_LASSO_INPUTS"})
  void penaltiesOfGroupsRefuseNetworksWithoutAny(Penalty penalty) {
    Case of =
        new Case(new NamedArchitecture(NamedArchitecture.Name.MLP, List.of()).resolve(IMAGE, 3));
    if (penalty == Penalty.GROUP_LASSO_UNITS) {
      assertThatThrownBy(() -> of.run(new Regularize(penalty, 0.001, 0.2, LONG)))
          .isInstanceOf(UnsupportedNetworkException.class)
          .hasMessageContaining("penalty = group-lasso-units");
    } else {
      assertThat(nonzeros(of.run(new Regularize(penalty, 0.001, 0.2, LONG)))).isPositive();
    }
  }

  @Test
  void nothingTrainedIsARandomStartOfAQuantizedNetwork() {
    Case of = new Case(CONVOLUTIONAL);
    Prune random =
        prune(0.5, Prune.Schedule.ONE_SHOT, SOME)
            .but()
            .initialization(Prune.Initialization.RANDOM)
            .build();
    assertThatThrownBy(() -> of.run(quantize(), random))
        .isInstanceOf(UnsupportedNetworkException.class);
    assertThatThrownBy(() -> of.run(prune(0.5, Prune.Schedule.SET, NONE)))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("needs epochs");
  }
}
