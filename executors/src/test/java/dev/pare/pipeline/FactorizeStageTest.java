package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Factorize.Method;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter;
import dev.pare.graph.ParameterTensor;
import dev.pare.model.NamedArchitecture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactorizeStageTest {
  private static final Training SOME = new Training(2, 16, 0.01, Training.Decay.COSINE, 0, 2, 0.5);
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final InputShape INPUT = new InputShape(1, 8, 8, 1);
  private static final Factorize SVD =
      Factorize.none(SOME).but().method(Method.SVD).rank(0.25).calibration(64).build();

  /** Networks of every kind of layer. */
  private enum Sample {
    DENSE(new NamedArchitecture(NamedArchitecture.Name.MLP, List.of(24, 16))),
    CONVOLUTIONAL(
        new NamedArchitecture(
            NamedArchitecture.Name.RESNET,
            List.of(8, 12),
            Map.of(NamedArchitecture.Size.BLOCKS, 1))),
    RECURRENT(new NamedArchitecture(NamedArchitecture.Name.LSTM, List.of(12, 10))),
    ATTENTIVE(
        new NamedArchitecture(
            NamedArchitecture.Name.ATTENTION,
            List.of(12, 16),
            Map.of(
                NamedArchitecture.Size.BLOCKS,
                1,
                NamedArchitecture.Size.HEADS,
                2,
                NamedArchitecture.Size.PATCH,
                4)));

    private final Network teacher;
    private final StageChain pipeline;

    Sample(NamedArchitecture named) {
      Architecture architecture = named.resolve(INPUT, 3);
      teacher = Initialization.random(architecture, 4);
      pipeline = new StageChain(distillation(teacher, new SplittableRandom(3)));
    }

    private CompressedNetwork factorized(Factorize settings) {
      return pipeline.run(settings, CompressedNetwork.of(teacher), 9);
    }
  }

  private static DistillationData distillation(Network teacher, SplittableRandom random) {
    Examples train = MemoryExamples.clusters(120, 64, 3, random);
    return new DistillationData(
        train,
        train.size(),
        MemoryExamples.clusters(40, 64, 3, random),
        Evaluator.logits(teacher, train),
        new DistillationData.Origin(teacher.architecture(), 4L));
  }

  private static Prune prune(double sparsity) {
    return new Prune(
        sparsity,
        null,
        Prune.Saliency.MAGNITUDE,
        Prune.Scope.GLOBAL,
        Prune.Schedule.GRADUAL,
        0.5,
        SOME);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfNetworkGoesThroughFactorsPruningQuantizationAndAFile(Sample sample)
      throws IOException {
    for (Factorize settings :
        List.of(
            SVD,
            SVD.but().energy(0.3).build(),
            SVD.but().method(Method.THRESHOLD).singularThreshold(0.8).build(),
            SVD.but().method(Method.ALS).build(),
            SVD.but().rankBudget(0.5).build(),
            SVD.but().method(Method.ALS).rankBudget(0.5).build(),
            SVD.but().rank(0.15).sparseResidual(0.1).build())) {
      CompressedNetwork factored = sample.factorized(settings);
      assertThat(sample.factorized(settings)).isEqualTo(factored);
      assertThat(factored.architecture()).isNotEqualTo(sample.teacher.architecture());

      CompressedNetwork pruned = sample.pipeline.run(prune(0.7), factored, 10);
      long zero = 0;
      long all = 0;
      long before = 0;
      for (int i = 0; i < pruned.tensors().size(); i++) {
        ParameterTensor place = pruned.architecture().tensors().get(i);
        if (place.isWeight()) {
          zero += zeros(pruned, i);
          all += place.size();
          before += place.role() == Parameter.Role.SPARSE_RESIDUAL ? zeros(factored, i) : 0;
        }
      }
      // What is zero of a sparse residual counts among the weights, as pruned.
      assertThat(zero).isEqualTo(Math.max(before, Math.round(0.7 * all)));

      CompressedNetwork quantized =
          sample.pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, SOME), pruned, 11);
      CompressedNetwork encoded =
          sample.pipeline.run(new Encode(Encode.Precision.UNIFORM8), quantized, 12);
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      new ArtifactWriter().write(encoded, file);
      assertThat(new ArtifactReader().read(file.toByteArray())).isEqualTo(encoded);
    }
  }

  private static long zeros(CompressedNetwork network, int tensor) {
    return network.tensors().get(tensor).size() - network.tensors().get(tensor).nonzeros();
  }

  @ParameterizedTest
  @EnumSource
  void aSparseResidualHasAsManyNumbersAfterAllTrainingAsItWasGiven(Sample sample) {
    Factorize settings = SVD.but().rank(0.15).sparseResidual(0.1).build();
    CompressedNetwork factored = sample.factorized(settings);
    CompressedNetwork trained =
        sample.pipeline.run(prune(0).but().schedule(Prune.Schedule.ONE_SHOT).build(), factored, 10);
    CompressedNetwork quantized =
        sample.pipeline.run(new Quantize(4, Quantize.Quantizer.CODEBOOK, 0, SOME), trained, 11);

    Architecture architecture = factored.architecture();
    int residuals = 0;
    for (int i = 0; i < architecture.tensors().size(); i++) {
      ParameterTensor place = architecture.tensors().get(i);
      if (place.role() == Parameter.Role.SPARSE_RESIDUAL) {
        residuals++;
        boolean first = place.layer() == 0 && sample == Sample.DENSE;
        int given = (int) Math.round(0.1 * place.size());
        assertThat(factored.tensors().get(i).nonzeros())
            .isEqualTo(first ? factored.tensors().get(i).nonzeros() : given);
        assertThat(trained.tensors().get(i).nonzeros())
            .isEqualTo(factored.tensors().get(i).nonzeros());
        assertThat(quantized.tensors().get(i).nonzeros())
            .isEqualTo(factored.tensors().get(i).nonzeros());
        assertThat(trained.tensors().get(i)).isNotEqualTo(factored.tensors().get(i));
      }
    }
    assertThat(residuals).isPositive();
  }

  @Test
  void trainingMovesBothFactors() {
    CompressedNetwork before = Sample.RECURRENT.factorized(SVD.but().training(NONE).build());
    CompressedNetwork after = Sample.RECURRENT.factorized(SVD);

    assertThat(after.architecture()).isEqualTo(before.architecture());
    for (int i = 0; i < after.tensors().size(); i++) {
      assertThat(after.tensors().get(i)).isNotEqualTo(before.tensors().get(i));
    }
  }

  @Test
  void inputsThatNeverVaryTakeNoShareOfTheRank() {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[60 * 64];
    int[] labels = new int[60];
    for (int i = 0; i < values.length; i++) {
      // The first half of the features is 1 for everybody.
      values[i] = i % 64 < 32 ? 1 : (float) random.nextDouble();
      labels[i / 64] = i / 64 % 3;
    }
    Examples train = MemoryExamples.of(values, 64, labels, 3);
    Network teacher = Sample.DENSE.teacher;
    DistillationData distillation =
        new DistillationData(train, train.size(), train, Evaluator.logits(teacher, train), null);
    Factorize settings = SVD.but().rank(0.5).training(NONE).build();
    Network factored =
        new StageChain(distillation).run(settings, CompressedNetwork.of(teacher), 9).toNetwork();

    ParameterTensor first = factored.architecture().tensors().get(0);
    assertThat(first.columns()).isEqualTo(64);
    for (int i = 0; i < first.size(); i++) {
      boolean constant = i % 64 < 32;
      assertThat(factored.parameters()[i] == 0).isEqualTo(constant);
    }
  }

  @Test
  void unitsOfStudentsWhoseLayersBecameTwoAreSharesOfTheirOwn() {
    CompressedNetwork factored = Sample.DENSE.factorized(SVD);
    CompressedNetwork pruned =
        Sample.DENSE.pipeline.run(
            prune(0.5).but().granularity(Granularity.UNIT).scope(Prune.Scope.LAYER).build(),
            factored,
            10);

    assertThat(factored.architecture().layers())
        .containsExactly(
            new Dense(6, Activation.IDENTITY),
            new Dense(24, Activation.RELU),
            new Dense(4, Activation.IDENTITY),
            new Dense(16, Activation.RELU),
            new Dense(3, Activation.SOFTMAX));
    assertThat(pruned.architecture().layers())
        .containsExactly(
            new Dense(3, Activation.IDENTITY),
            new Dense(12, Activation.RELU),
            new Dense(2, Activation.IDENTITY),
            new Dense(8, Activation.RELU),
            new Dense(3, Activation.SOFTMAX));
  }
}
