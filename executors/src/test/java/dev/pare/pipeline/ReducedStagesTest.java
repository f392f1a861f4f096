package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.TeacherTraining;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.QuickstartData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.model.NamedArchitecture;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.Quantizer;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stages on the quickstart's images, whose borders are dark in all of them. */
class ReducedStagesTest {
  private static final double SPARSITY = 0.95;
  private static final Training TRAINING =
      new Training(2, 64, 2e-3, Training.Decay.COSINE, 0, 4, 0.7);

  private static DistillationData distillation;
  private static StageChain pipeline;
  private static Network teacher;
  private static CompressedNetwork pruned;

  @BeforeAll
  static void teach() {
    TrainingData data = QuickstartData.load();
    Examples examples = data.train();
    Architecture architecture =
        new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(60, 30))
            .resolve(new InputShape(1, 28, 28, 255), data.classes());
    Training training = new Training(3, 64, 2e-3, Training.Decay.COSINE, 0, 1, 0);
    teacher =
        TeacherStage.train(
            architecture, new TeacherTraining(training, 0, 0), examples, examples.size(), 7, null);
    distillation =
        new DistillationData(
            examples, examples.size(), data.validation(), Evaluator.logits(teacher, examples));
    pipeline = new StageChain(distillation);
    pruned = pipeline.run(prune(SPARSITY), CompressedNetwork.of(teacher), 8);
  }

  private static Prune prune(double sparsity) {
    return new Prune(
        sparsity,
        null,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.5,
        TRAINING);
  }

  private static double accuracy(Network network) {
    return Evaluator.correctness(network, distillation.validation()).accuracy();
  }

  private static int zeroWeights(Network network) {
    int zero = 0;
    for (ParameterTensor tensor : network.architecture().tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        zero += tensor.isWeight() && network.parameters()[i] == 0 ? 1 : 0;
      }
    }
    return zero;
  }

  private static void assertNoWeightOnConstants(Network network) {
    ParameterTensor first = network.architecture().tensors().get(0);
    for (int i = 0; i < first.size(); i++) {
      if (distillation.constants().isConstant(i % first.columns())) {
        assertThat(network.parameters()[i]).isZero();
      }
    }
  }

  @Test
  void pruningCountsTheWeightsOfConstantInputsAmongThePruned() {
    Network network = pruned.toNetwork();
    int weights = 784 * 60 + 60 * 30 + 30 * 10;
    assertThat(zeroWeights(network)).isEqualTo((int) Math.round(SPARSITY * weights));
    assertNoWeightOnConstants(network);
    assertThat(accuracy(network)).isGreaterThan(0.85);
  }

  @Test
  void lessSparsityThanConstantInputsAccountForPrunesNothingElse() {
    Network network = pipeline.run(prune(0.01), CompressedNetwork.of(teacher), 9).toNetwork();
    assertThat(zeroWeights(network)).isEqualTo(60 * distillation.constants().count());
    assertNoWeightOnConstants(network);
  }

  @Test
  void aSparseNetworkReallyGetsSmaller() {
    ReducedNetwork reduction = ReducedNetwork.of(pruned.toNetwork(), distillation.constants());
    assertThat(distillation.constants().count()).isGreaterThan(60);
    assertThat(reduction.removedInputs()).isGreaterThan(distillation.constants().count());
    assertThat(accuracy(reduction.expand(reduction.network())))
        .isCloseTo(accuracy(pruned.toNetwork()), within(1e-3));
  }

  /** Those that come with Pare. */
  static Stream<Quantize.Quantizer> quantizers() {
    return Quantizers.names().stream()
        .filter(name -> !name.equals("toy"))
        .map(Quantize.Quantizer::new);
  }

  @ParameterizedTest
  @MethodSource("quantizers")
  void quantizedNetworksComeOutWhole(Quantize.Quantizer quantizer) {
    Quantize settings = new Quantize(3, quantizer, 0, TRAINING);
    CompressedNetwork quantized = pipeline.run(settings, pruned, 10);
    Network network = quantized.toNetwork();
    if (Quantizers.of(quantizer).usesRuns()) {
      // In the order of the file, and without the units that would not be in it.
      assertThat(zeroWeights(network)).isLessThan(zeroWeights(pruned.toNetwork()));
    } else {
      assertThat(quantized.architecture()).isEqualTo(teacher.architecture());
      float[] before = pruned.toNetwork().parameters();
      for (ParameterTensor tensor : network.architecture().tensors()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          if (tensor.isWeight() && before[i] == 0) {
            assertThat(network.parameters()[i]).isZero();
          }
        }
      }
    }
    double lost = quantizer.equals(Quantize.Quantizer.PRODUCT) ? 0.2 : 0.05;
    assertThat(accuracy(network)).isGreaterThan(accuracy(pruned.toNetwork()) - lost);
    assertThat(pipeline.run(settings, pruned, 10)).isEqualTo(quantized);
  }

  @ParameterizedTest
  @MethodSource("quantizers")
  void filesShrinkAsTheirBitsAreWorthMore(Quantize.Quantizer quantizer) throws IOException {
    long first = 0;
    long before = Long.MAX_VALUE / 2;
    double exact = 0;
    // What pruning left is far from zero, which is all that these have to choose.
    boolean coarse =
        Collections.disjoint(
                Quantizers.of(quantizer).parameters(),
                Set.of(Quantizer.Parameter.BITS, Quantizer.Parameter.RATE))
            || quantizer.equals(Quantize.Quantizer.PRODUCT);
    double most = coarse ? 0.1 : 0.03;
    for (double lambda : new double[] {0, most / 10, most / 3, most}) {
      CompressedNetwork quantized =
          pipeline.run(new Quantize(4, quantizer, lambda, TRAINING), pruned, 12);
      CompressedNetwork encoded =
          pipeline.run(new Encode(Encode.Precision.UNIFORM8), quantized, 13);
      long bytes = new ArtifactWriter().write(encoded, new ByteArrayOutputStream()).totalBytes();
      // Training has its say after the choice: a little λ may be lost in that.
      assertThat(bytes).as("λ %s", lambda).isLessThan(before + before / 50);
      before = bytes;
      first = lambda == 0 ? bytes : first;
      double accuracy = accuracy(encoded.toNetwork());
      exact = lambda == 0 ? accuracy : exact;
      assertThat(accuracy).isGreaterThan(exact - (coarse ? 0.12 : 0.05));
    }
    assertThat(before).isLessThan(first);
  }

  /** From the dense teacher: zeros, steps and values all follow from the bits. */
  @Test
  void filesShrinkAsAKilobyteOfThemIsWorthMore() throws IOException {
    long before = Long.MAX_VALUE;
    for (double rate : new double[] {0, 0.01, 0.1, 1}) {
      Quantize settings =
          new Quantize(
              1,
              Quantize.Quantizer.ENTROPY_PENALIZED,
              Quantize.USUAL_GROUP,
              Quantize.USUAL_VECTOR_DIMENSION,
              rate,
              0,
              Quantize.Weight.NONE,
              null,
              BatchNormalization.FOLD,
              Encode.Origin.OFF,
              TRAINING);
      CompressedNetwork quantized = pipeline.run(settings, CompressedNetwork.of(teacher), 15);
      CompressedNetwork encoded =
          pipeline.run(new Encode(Encode.Precision.UNIFORM8), quantized, 16);
      long bytes = new ArtifactWriter().write(encoded, new ByteArrayOutputStream()).totalBytes();
      assertThat(bytes).as("rate %s", rate).isLessThan(before / 10 * 9);
      before = bytes;
      assertThat(pipeline.run(settings, CompressedNetwork.of(teacher), 15)).isEqualTo(quantized);
    }
  }

  @ParameterizedTest
  @MethodSource("quantizers")
  void theFisherDiagonalChangesTheChoiceAndKeepsTheAccuracy(Quantize.Quantizer quantizer) {
    Quantize settings =
        new Quantize(
            3,
            quantizer,
            16,
            4,
            null,
            0.01,
            Quantize.Weight.FISHER,
            null,
            BatchNormalization.FOLD,
            Encode.Origin.ON,
            TRAINING);
    CompressedNetwork weighted = pipeline.run(settings, pruned, 14);
    CompressedNetwork alike = pipeline.run(new Quantize(3, quantizer, 0.01, TRAINING), pruned, 14);
    assertThat(weighted).isNotEqualTo(alike);
    assertThat(pipeline.run(settings, pruned, 14)).isEqualTo(weighted);
    assertThat(accuracy(weighted.toNetwork())).isGreaterThan(accuracy(alike.toNetwork()) - 0.02);
  }

  @Test
  void trainingTheReducedNetworkIsTrainingTheExpandedOne() {
    ReducedNetwork reduction = ReducedNetwork.of(pruned.toNetwork(), distillation.constants());
    CodebookWeights weights = new CodebookWeights(reduction.network(), 3);
    new Trainer(
            reduction.network().architecture(),
            reduction.examples(distillation.examples()),
            distillation.originals(),
            distillation.loss(TRAINING),
            TRAINING,
            0,
            11)
        .train(weights, Schedule.NONE);
    Network trained = new Network(reduction.network().architecture(), weights.parameters());
    float[] smaller = Evaluator.logits(trained, reduction.examples(distillation.validation()));
    float[] whole = Evaluator.logits(reduction.expand(trained), distillation.validation());
    assertThat(whole).hasSameSizeAs(smaller);
    for (int i = 0; i < whole.length; i++) {
      assertThat(whole[i]).isCloseTo(smaller[i], within(1e-4f * (1 + Math.abs(smaller[i]))));
    }
    CompressedNetwork stage =
        pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, TRAINING), pruned, 11);
    assertThat(stage.toNetwork().parameters())
        .containsExactly(reduction.expand(trained).parameters());
  }
}
