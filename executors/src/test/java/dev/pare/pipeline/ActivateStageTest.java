package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.Origin;
import dev.pare.candidate.Activate;
import dev.pare.candidate.Activate.Rule;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Operations;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.TeacherTraining;
import dev.pare.candidate.Training;
import dev.pare.data.QuickstartData;
import dev.pare.data.TestSeed;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.OperationCount;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.SparseActivation;
import dev.pare.model.NamedArchitecture;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sparse activations on the quickstart's images. */
class ActivateStageTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Training TRAINING =
      new Training(3, 64, 2e-3, Training.Decay.COSINE, 0, 4, 0.7);

  private static DistillationData distillation;
  private static StageChain pipeline;
  private static CompressedNetwork teacher;

  @BeforeAll
  static void teach() {
    TrainingData data = QuickstartData.load();
    Architecture architecture =
        new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(60, 40))
            .resolve(new InputShape(1, 28, 28, 255), data.classes());
    Training training = new Training(3, 64, 2e-3, Training.Decay.COSINE, 0, 1, 0);
    Network trained =
        TeacherStage.train(
            architecture,
            new TeacherTraining(training, 0, 0),
            data.train(),
            data.train().size(),
            7,
            null);
    teacher = CompressedNetwork.of(trained).withOrigin(Optional.of(Origin.of(architecture, 7)));
    distillation =
        new DistillationData(
            data.train(),
            data.train().size(),
            data.validation(),
            Evaluator.logits(trained, data.train()),
            new DistillationData.Origin(architecture, 7L));
    pipeline = new StageChain(distillation);
  }

  private static Activate activate(Rule rule, Training training) {
    return new Activate(rule, 0.75, 0.15, training);
  }

  private static double accuracy(CompressedNetwork network) {
    return Evaluator.correctness(network.toNetwork(), distillation.validation()).accuracy();
  }

  private static Operations operations(CompressedNetwork network) {
    return OperationCount.of(
        network.toNetwork(), teacher.architecture(), distillation.validation());
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void trainedStudentsSayLessAndAnswerAsWell(Rule rule) {
    CompressedNetwork raw = pipeline.run(activate(rule, NONE), teacher, 8);
    CompressedNetwork student = pipeline.run(activate(rule, TRAINING), teacher, 8);
    assertThat(student.architecture()).isEqualTo(raw.architecture());
    assertThat(student.architecture().layers())
        .extracting(Layer::title)
        .containsExactly("dense", "sparse activation", "dense", "sparse activation", "dense");
    assertThat(accuracy(student))
        .isGreaterThan(accuracy(raw))
        .isGreaterThan(accuracy(teacher) - 0.05);
    assertThat(operations(student).activationDensity())
        .isLessThan(operations(teacher).activationDensity());
    assertThat(operations(student).effectiveMultiplyAdds())
        .isLessThan(operations(teacher).effectiveMultiplyAdds());
    assertThat(pipeline.run(activate(rule, TRAINING), teacher, 8)).isEqualTo(student);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void reluMayBeALayerOfItsOwn(Rule rule) {
    Network network = teacher.toNetwork();
    List<Layer> apart =
        network.architecture().layers().stream()
            .flatMap(
                layer ->
                    layer.activation() == dev.pare.graph.Activation.RELU
                        ? Stream.of(
                            layer.withActivation(dev.pare.graph.Activation.IDENTITY),
                            Elementwise.of(Elementwise.Function.RELU))
                        : Stream.of(layer))
            .toList();
    Network same =
        new Network(new Architecture(network.architecture().input(), apart), network.parameters());
    CompressedNetwork expected = CompressedNetwork.of(network);
    assertThat(pipeline.run(activate(rule, NONE), CompressedNetwork.of(same), 8))
        .isEqualTo(pipeline.run(activate(rule, NONE), expected, 8));
  }

  @Test
  void theTopKAreTheShareOfEachLayerAskedFor() {
    CompressedNetwork student = pipeline.run(activate(Rule.TOP_K, TRAINING), teacher, 8);
    assertThat(student.architecture().layers().get(1)).isEqualTo(SparseActivation.topK(9));
    assertThat(student.architecture().layers().get(3)).isEqualTo(SparseActivation.topK(6));
    assertThat(operations(student).activationDensity()).isLessThanOrEqualTo(15.0 / 100);
    Activate fewest = new Activate(Rule.TOP_K, 0, 1e-6, NONE);
    assertThat(pipeline.run(fewest, teacher, 8).architecture().layers().get(3))
        .isEqualTo(SparseActivation.topK(1));
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void laterStagesTrainWithTheActivationsAndTheFileHasThem(Rule rule) {
    CompressedNetwork active = pipeline.run(activate(rule, TRAINING), teacher, 8);
    assertThat(active.origin()).contains(Origin.of(active.architecture(), 7));
    Prune prune =
        new Prune(
            0.9,
            null,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.GLOBAL,
            Prune.Schedule.GRADUAL,
            0.5,
            TRAINING);
    CompressedNetwork pruned = pipeline.run(prune, active, 9);
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, TRAINING), pruned, 10);
    CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), quantized, 11);
    assertThat(encoded.architecture().layers())
        .filteredOn(SparseActivation.class::isInstance)
        .containsExactlyElementsOf(
            active.architecture().layers().stream()
                .filter(SparseActivation.class::isInstance)
                .toList());
    assertThat(accuracy(encoded)).isCloseTo(accuracy(quantized), within(0.002));
    assertThat(accuracy(encoded)).isGreaterThan(accuracy(teacher) - 0.1);
    assertThat(encoded.origin()).isPresent();
  }

  @Test
  void whereUnitsGoTheSameShareOfTheOthersWins() {
    CompressedNetwork active = pipeline.run(activate(Rule.TOP_K, NONE), teacher, 8);
    Prune units =
        new Prune(
                0.5,
                null,
                Prune.Saliency.MAGNITUDE,
                Prune.Scope.LAYER,
                Prune.Schedule.ONE_SHOT,
                0,
                TRAINING)
            .but()
            .granularity(Granularity.UNIT)
            .build();
    CompressedNetwork smaller = pipeline.run(units, active, 9);
    assertThat(smaller.architecture().layers())
        .startsWith(new Dense(30, dev.pare.graph.Activation.IDENTITY), SparseActivation.topK(5));
    Prune gradual = units.but().schedule(Prune.Schedule.GRADUAL).build();
    assertThatThrownBy(() -> pipeline.run(gradual, active, 9))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("compet");
  }

  @Test
  void rewindingGoesBackToTheBeginningUnderOtherActivations() {
    CompressedNetwork active = pipeline.run(activate(Rule.THRESHOLD, TRAINING), teacher, 8);
    Prune rewind =
        new Prune(
            0.5,
            null,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.GLOBAL,
            Prune.Schedule.REWIND,
            0,
            NONE);
    Network rewound = pipeline.run(rewind, active, 9).toNetwork();
    float[] first = distillation.initial().orElseThrow().parameters();
    assertThat(rewound.architecture()).isEqualTo(active.architecture());
    int same = 0;
    for (int i = 0; i < first.length; i++) {
      assertThat(rewound.parameters()[i] == 0 || rewound.parameters()[i] == first[i]).isTrue();
      same += rewound.parameters()[i] == first[i] ? 1 : 0;
    }
    assertThat(same).isGreaterThan(first.length / 3);
  }

  @Test
  void theLevelOfBinaryActivationsIsTheBestThereIs() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 20; round++) {
      float[] numbers = new float[200];
      for (int i = 0; i < numbers.length; i++) {
        double x = random.nextDouble();
        numbers[i] = (float) Math.max(0, 4 * x * x - 1);
      }
      float level = ActivateStage.level(numbers);
      double error = error(numbers, level);
      // Lloyd's method ends where the level is the mean of what it stands for.
      double sum = 0;
      int count = 0;
      for (float number : numbers) {
        sum += number >= level / 2 ? number : 0;
        count += number >= level / 2 ? 1 : 0;
      }
      assertThat((double) level).isCloseTo(sum / count, within(1e-5));
      double best = Double.MAX_VALUE;
      for (int i = 1; i < 400; i++) {
        best = Math.min(best, error(numbers, i / 100f));
      }
      assertThat(error).isLessThan(1.05 * best);
    }
    assertThat(ActivateStage.level(new float[] {0, -1, 0})).isEqualTo(1);
    assertThat(ActivateStage.level(new float[] {0, 3, 0})).isEqualTo(3);
  }

  private static double error(float[] numbers, float level) {
    double sum = 0;
    for (float number : numbers) {
      double said = SparseActivation.binary(level).ofConstant(number).orElseThrow();
      sum += (said - number) * (said - number);
    }
    return sum;
  }

  @Test
  void aNetworkWithoutReluIsAMisfit() {
    Architecture plain =
        new NamedArchitecture(NamedArchitecture.Name.MLP, List.of())
            .resolve(new InputShape(1, 28, 28, 255), 10);
    CompressedNetwork network =
        CompressedNetwork.of(new Network(plain, new float[plain.parameters()]));
    assertThatThrownBy(() -> pipeline.run(activate(Rule.BINARY, NONE), network, 1))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("no ReLU");
  }
}
