package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
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
import dev.pare.graph.Pooling;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PruneStageTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Training SOME = new Training(2, 16, 0.01, Training.Decay.COSINE, 0, 2, 0.5);
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(1, 8, 8, 1),
          List.of(
              new Convolution(6, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(10, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));
  private static final Network TEACHER = Initialization.random(ARCHITECTURE, 4);

  private final DistillationData distillation = distillation(ARCHITECTURE, 77L);
  private final StageChain pipeline = new StageChain(distillation);

  private static DistillationData distillation(Architecture architecture, Long seed) {
    SplittableRandom random = new SplittableRandom(3);
    Examples train = MemoryExamples.clusters(120, 64, 3, random);
    return new DistillationData(
        train,
        train.size(),
        MemoryExamples.clusters(40, 64, 3, random),
        Evaluator.logits(TEACHER, train),
        new DistillationData.Origin(architecture, seed));
  }

  private static Prune prune(Prune.Schedule schedule, Training training) {
    return new Prune(
        0.5, null, Prune.Saliency.MAGNITUDE, Prune.Scope.LAYER, schedule, 0.5, training);
  }

  private CompressedNetwork run(Prune settings) {
    return pipeline.run(settings, CompressedNetwork.of(TEACHER), 9);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SET", "RIGL", "SPARSE_MOMENTUM"},
      mode = EnumSource.Mode.EXCLUDE)
  void withoutUnitsTheNetworkAndItsFileAreSmallerForAllThatFollows(Prune.Schedule schedule) {
    CompressedNetwork pruned =
        run(prune(schedule, SOME).but().granularity(Granularity.UNIT).build());

    assertThat(pruned.architecture().layers())
        .containsExactly(
            new Convolution(3, 3, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Dense(5, Activation.RELU),
            new Dense(3, Activation.SOFTMAX));
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, SOME), pruned, 10);
    CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), quantized, 11);
    assertThat(quantized.architecture()).isEqualTo(pruned.architecture());
    assertThat(encoded.architecture().parameters())
        .isLessThanOrEqualTo(pruned.architecture().parameters());
  }

  @Test
  void theRatioIsAgainstTheTeacherEvenWhenUnitsWentInAnEarlierTask() {
    MemoryStore store = new MemoryStore();
    TeacherStage.write(store, SampleStages.TEACHER, TEACHER, SampleStages.PROVENANCE);
    Prune units = prune(Prune.Schedule.ONE_SHOT, NONE).but().granularity(Granularity.UNIT).build();
    SampleStages.run(store, distillation, SampleStages.task(SampleStages.TEACHER, "1", units));
    StageReport report =
        SampleStages.run(
                store,
                distillation,
                SampleStages.task(SampleStages.key('1'), "2", new Encode(Encode.Precision.FLOAT32)))
            .get(0);

    assertThat(report.measurement()).isNotNull();
    assertThat(report.measurement().parameters()).isEqualTo(ARCHITECTURE.parameters());
  }

  static Stream<Prune.Saliency> saliencies() {
    return Saliencies.names().stream()
        .filter(name -> !name.equals("activation"))
        .map(Prune.Saliency::new);
  }

  @ParameterizedTest
  @MethodSource("saliencies")
  void everySaliencyRepeatsToTheBitAndReachesItsSparsityWhileTraining(Prune.Saliency saliency) {
    Prune settings = prune(Prune.Schedule.GRADUAL, SOME).but().saliency(saliency).build();
    CompressedNetwork pruned = run(settings);

    assertThat(run(settings)).isEqualTo(pruned);
    for (int i = 0; i < pruned.tensors().size(); i++) {
      if (ARCHITECTURE.tensors().get(i).isWeight()) {
        assertThat(pruned.tensors().get(i).nonzeros())
            .isEqualTo(pruned.tensors().get(i).size() / 2);
      }
    }
  }

  @Test
  void rewindingReturnsWhatStaysToTheTeachersBeginning() {
    float[] rewound = run(prune(Prune.Schedule.REWIND, NONE)).toNetwork().parameters();
    float[] pruned = run(prune(Prune.Schedule.ONE_SHOT, NONE)).toNetwork().parameters();
    float[] first = Initialization.random(ARCHITECTURE, 77).parameters();

    for (int i = 0; i < first.length; i++) {
      boolean weight = isWeight(i);
      assertThat(rewound[i]).isEqualTo(weight && pruned[i] == 0 ? 0 : first[i]);
    }
  }

  private static boolean isWeight(int parameter) {
    return ARCHITECTURE.tensors().stream()
        .anyMatch(t -> t.isWeight() && parameter >= t.offset() && parameter < t.end());
  }

  @Test
  void rewindingNeedsATeacherWithABeginning() {
    StageChain other = new StageChain(distillation(ARCHITECTURE, null));

    assertThatThrownBy(
            () -> other.run(prune(Prune.Schedule.REWIND, NONE), CompressedNetwork.of(TEACHER), 9))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("schedule = rewind");
  }

  static Stream<Quantize.Quantizer> quantizersOfSingleWeights() {
    return Quantizers.names().stream()
        .map(Quantize.Quantizer::new)
        .filter(quantizer -> Quantizers.of(quantizer).hasSingleWeights());
  }

  @ParameterizedTest
  @MethodSource("quantizersOfSingleWeights")
  void ofAQuantizedNetworkWeightsBecomeZeroAndNothingElseChanges(Quantize.Quantizer quantizer) {
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, quantizer, 0, SOME), CompressedNetwork.of(TEACHER), 10);
    CompressedNetwork pruned = pipeline.run(prune(Prune.Schedule.ONE_SHOT, NONE), quantized, 11);

    float[] before = quantized.toNetwork().parameters();
    float[] after = pruned.toNetwork().parameters();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i] == before[i] || after[i] == 0 && isWeight(i)).isTrue();
    }
    for (int i = 0; i < pruned.tensors().size(); i++) {
      if (ARCHITECTURE.tensors().get(i).isWeight()) {
        assertThat(pruned.tensors().get(i)).hasSameClassAs(quantized.tensors().get(i));
        assertThat(pruned.tensors().get(i).nonzeros())
            .isLessThanOrEqualTo(pruned.tensors().get(i).size() / 2);
      }
    }
    assertThatThrownBy(() -> pipeline.run(prune(Prune.Schedule.ONE_SHOT, SOME), quantized, 11))
        .isInstanceOf(UnsupportedNetworkException.class);
  }

  @Test
  void unitsOfAQuantizedNetworkGoWhenItIsEncoded() {
    CompressedNetwork quantized =
        pipeline.run(
            new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, NONE),
            CompressedNetwork.of(TEACHER),
            10);
    CompressedNetwork pruned =
        pipeline.run(
            prune(Prune.Schedule.ONE_SHOT, NONE).but().granularity(Granularity.UNIT).build(),
            quantized,
            11);
    CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), pruned, 12);

    assertThat(encoded.architecture().layers().get(0))
        .isEqualTo(new Convolution(3, 3, 1, Activation.RELU));
    assertThat(Evaluator.logits(encoded.toNetwork(), distillation.validation()))
        .containsExactly(
            Evaluator.logits(pruned.toNetwork(), distillation.validation()), within(1e-5f));
  }

  @Test
  void whatDoesNotFitIsAFailureThatIsNotTriedAgain() {
    MemoryStore store = new MemoryStore();
    TeacherStage.write(store, SampleStages.TEACHER, TEACHER, SampleStages.PROVENANCE);
    StageReport report =
        SampleStages.run(
                store,
                distillation,
                SampleStages.task(
                    SampleStages.TEACHER,
                    "1",
                    prune(Prune.Schedule.ONE_SHOT, NONE)
                        .but()
                        .layerSparsity(List.of(0.5, 0.5))
                        .build()))
            .get(0);

    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().code()).isEqualTo(dev.pare.candidate.FailureCode.SETTINGS_MISFIT);
    assertThat(report.settled()).isTrue();
  }
}
