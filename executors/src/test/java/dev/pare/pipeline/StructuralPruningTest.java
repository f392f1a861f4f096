package dev.pare.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Gru;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Window;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.structure.AttentionHeads;
import dev.pare.structure.ResidualBlocks;
import dev.pare.structure.ResidualBlocks.Block;
import dev.pare.train.ExampleGradients;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads and layers that are taken out of small networks. */
class StructuralPruningTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Training SOME = new Training(2, 16, 0.01, Training.Decay.COSINE, 0, 2, 0.5);
  private static final InputShape INPUT = new InputShape(1, 8, 8, 1);
  private static final Network TRANSFORMER =
      Initialization.random(
          new NamedArchitecture(
                  Name.ATTENTION,
                  List.of(8, 6),
                  Map.of(Size.BLOCKS, 2, Size.HEADS, 4, Size.PATCH, 4))
              .resolve(INPUT, 3),
          4);
  private static final Network RESIDUAL =
      Initialization.random(
          new NamedArchitecture(Name.RESNET, List.of(3, 4), Map.of(Size.BLOCKS, 2))
              .resolve(INPUT, 3),
          5);

  private static DistillationData distillation(Network teacher) {
    SplittableRandom random = new SplittableRandom(3);
    Examples train = MemoryExamples.clusters(120, 64, 3, random);
    return new DistillationData(
        train,
        train.size(),
        MemoryExamples.clusters(40, 64, 3, random),
        Evaluator.logits(teacher, train),
        new DistillationData.Origin(teacher.architecture(), 77L));
  }

  private static Prune prune(Granularity granularity, double sparsity, Training training) {
    return new Prune(
            sparsity,
            null,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.GLOBAL,
            Prune.Schedule.ONE_SHOT,
            0.5,
            training)
        .but()
        .granularity(granularity)
        .build();
  }

  private static CompressedNetwork run(Prune settings, Network student) {
    return new StageChain(distillation(student)).run(settings, CompressedNetwork.of(student), 9);
  }

  private static List<Integer> heads(Architecture architecture) {
    return AttentionHeads.of(architecture).stream().map(AttentionHeads.Heads::count).toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_SHOT", "GRADUAL", "ITERATIVE", "REWIND"})
  void headsAreTakenOutAtOnceOrGraduallyAndTheNetworkTrains(Prune.Schedule schedule) {
    Prune settings =
        prune(Granularity.HEAD, 0.5, SOME)
            .but()
            .schedule(schedule)
            .scope(Prune.Scope.LAYER)
            .build();
    CompressedNetwork pruned = run(settings, TRANSFORMER);
    assertThat(heads(pruned.architecture())).containsExactly(2, 2);
    assertThat(pruned.architecture().layers().get(3)).isEqualTo(new SelfAttention(2, 2));
    assertThat(run(settings, TRANSFORMER)).isEqualTo(pruned);
    StageChain pipeline = new StageChain(distillation(TRANSFORMER));
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, SOME), pruned, 10);
    CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), quantized, 11);
    assertThat(heads(encoded.architecture())).containsExactly(2, 2);
  }

  /** Those that are left, and what they make, are where the others go with all of their gates. */
  @ParameterizedTest
  @EnumSource(names = {"ONE_SHOT", "GRADUAL", "ITERATIVE", "REWIND"})
  void unitsOfRecurrentLayersAreTakenOutAtOnceOrGradually(Prune.Schedule schedule) {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 8, 8, 1),
            List.of(
                new Gru(6, Lstm.Steps.ALL),
                Node.of(new Reversal(), Node.NETWORK_INPUT),
                new Gru(6, Lstm.Steps.ALL),
                new Reversal(),
                Node.of(new Concatenation(), 0, 3),
                new Lstm(4, Lstm.Steps.LAST),
                new Dense(3, Activation.SOFTMAX)));
    Network teacher = Initialization.random(architecture, 5);
    Prune settings =
        prune(Granularity.UNIT, 0.5, SOME)
            .but()
            .schedule(schedule)
            .scope(Prune.Scope.LAYER)
            .build();
    CompressedNetwork pruned = run(settings, teacher);
    assertThat(pruned.architecture().layers())
        .containsExactly(
            new Gru(3, Lstm.Steps.ALL),
            new Reversal(),
            new Gru(3, Lstm.Steps.ALL),
            new Reversal(),
            new Concatenation(),
            new Lstm(2, Lstm.Steps.LAST),
            new Dense(3, Activation.SOFTMAX));
    assertThat(run(settings, teacher)).isEqualTo(pruned);
    StageChain pipeline = new StageChain(distillation(teacher));
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, Quantize.Quantizer.UNIFORM_CHANNEL, 0, SOME), pruned, 10);
    assertThat(quantized.architecture()).isEqualTo(pruned.architecture());
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_SHOT", "GRADUAL", "ITERATIVE", "REWIND"})
  void channelsOfResidualNetworksAreTakenOutWithAllThatIsAddedToThem(Prune.Schedule schedule) {
    // Two stages of two blocks: 3 and 4 channels, of which 1 is the second stage's own.
    Prune settings =
        prune(Granularity.UNIT, 1.0 / 3, SOME)
            .but()
            .schedule(schedule)
            .scope(Prune.Scope.LAYER)
            .build();
    CompressedNetwork pruned = run(settings, RESIDUAL);
    List<Integer> channels = channels(pruned.architecture());
    List<Integer> before = channels(RESIDUAL.architecture());
    for (int i = 1; i < channels.size() - 1; i++) {
      assertThat(channels.get(i)).as("after layer " + (i - 1)).isBetween(2, before.get(i) - 1);
    }
    assertThat(run(settings, RESIDUAL)).isEqualTo(pruned);
    StageChain pipeline = new StageChain(distillation(RESIDUAL));
    CompressedNetwork quantized =
        pipeline.run(new Quantize(3, Quantize.Quantizer.CODEBOOK, 0, SOME), pruned, 10);
    CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), quantized, 11);
    assertThat(encoded.architecture().multiplyAdds())
        .isLessThan(RESIDUAL.architecture().multiplyAdds());
  }

  @Test
  void besideAttentionTheUnitsOfItsFeedForwardLayersAreTakenOut() {
    CompressedNetwork pruned = run(prune(Granularity.UNIT, 0.5, SOME), TRANSFORMER);
    assertThat(heads(pruned.architecture())).containsExactly(4, 4);
    List<Layer> before = TRANSFORMER.architecture().layers();
    long wide = before.stream().filter(StructuralPruningTest::isInner).count();
    assertThat(wide).isEqualTo(2);
    for (int i = 0; i < before.size(); i++) {
      boolean inner = isInner(before.get(i));
      assertThat(pruned.architecture().layers().get(i).equals(before.get(i))).isEqualTo(!inner);
    }
  }

  /** The first of the two layers after attention: six filters that are not added to anything. */
  @ParameterizedTest
  @EnumSource(names = {"ONE_SHOT", "GRADUAL", "ITERATIVE", "REWIND"})
  void unitsOfGatesAndFiltersInGroupsAreTakenOut(Prune.Schedule schedule) {
    Prune settings =
        prune(Granularity.UNIT, 0.5, SOME)
            .but()
            .schedule(schedule)
            .scope(Prune.Scope.LAYER)
            .build();
    Architecture architecture =
        new Architecture(
            INPUT,
            List.of(
                new Convolution(8, 3, 1, 1, Activation.RELU),
                new Convolution(12, 2, Window.POINTS, Window.POINTS, Activation.RELU),
                new Lstm(8, Lstm.Steps.ALL),
                new Gru(6, Lstm.Steps.LAST),
                new Dense(3, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 6);
    CompressedNetwork pruned = run(settings, network);
    assertThat(pruned.architecture().layers())
        .containsExactly(
            new Convolution(4, 3, 1, 1, Activation.RELU),
            new Convolution(6, 2, Window.POINTS, Window.POINTS, Activation.RELU),
            new Lstm(4, Lstm.Steps.ALL),
            new Gru(3, Lstm.Steps.LAST),
            new Dense(3, Activation.SOFTMAX));
    assertThat(run(settings, network)).isEqualTo(pruned);
    StageChain pipeline = new StageChain(distillation(network));
    for (String name : Quantizers.names()) {
      Quantize quantize = new Quantize(3, new Quantize.Quantizer(name), 0, NONE);
      CompressedNetwork quantized = pipeline.run(quantize, pruned, 10);
      CompressedNetwork encoded = pipeline.run(new Encode(Encode.Precision.FLOAT32), quantized, 11);
      assertThat(encoded.architecture()).isEqualTo(pruned.architecture());
    }
  }

  private static boolean isInner(Layer layer) {
    return layer instanceof Convolution c && c.filters() == 6;
  }

  @ParameterizedTest
  @ValueSource(strings = {"magnitude", "gradient", "fisher", "random"})
  void ofHeadsThatCompeteAtLeastOneOfEachLayerStays(String name) {
    Prune.Saliency saliency = new Prune.Saliency(name);
    Prune settings = prune(Granularity.HEAD, 0.99, NONE).but().saliency(saliency).build();
    assertThat(heads(run(settings, TRANSFORMER).architecture())).containsExactly(1, 1);
    settings = settings.but().sparsity(0.3).build();
    assertThat(heads(run(settings, TRANSFORMER).architecture()).stream().mapToInt(i -> i).sum())
        .isEqualTo(8 - Math.round(0.3f * 8));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 0.75})
  void bySensitivityAsManyHeadsGoAsAreAskedFor(double sparsity) {
    Prune settings =
        prune(Granularity.HEAD, sparsity, NONE).but().scope(Prune.Scope.SENSITIVITY).build();
    assertThat(heads(run(settings, TRANSFORMER).architecture()).stream().mapToInt(i -> i).sum())
        .isEqualTo((int) (8 * (1 - sparsity)));
  }

  @Test
  void aLayerWhoseHeadsAllSayNothingKeepsOne() {
    float[] parameters = TRANSFORMER.parameters().clone();
    AttentionHeads.Heads second = AttentionHeads.of(TRANSFORMER.architecture()).get(1);
    for (int head = 0; head < second.count(); head++) {
      for (int i : second.outputWeights(head)) {
        parameters[i] = 0;
      }
    }
    Network network = new Network(TRANSFORMER.architecture(), parameters);
    assertThat(heads(run(prune(Granularity.HEAD, 0.5, NONE), network).architecture()))
        .containsExactly(4, 1);
  }

  @Test
  void headsOfTheLeastWeightsGoFirst() {
    float[] parameters = TRANSFORMER.parameters().clone();
    AttentionHeads.Heads heads = AttentionHeads.of(TRANSFORMER.architecture()).get(1);
    for (int i : heads.inputWeights(2)) {
      parameters[i] *= 0.1f;
    }
    for (int i : heads.outputWeights(2)) {
      parameters[i] *= 0.1f;
    }
    Network student = new Network(TRANSFORMER.architecture(), parameters);
    CompressedNetwork pruned = run(prune(Granularity.HEAD, 0.125, NONE), student);
    assertThat(pruned.toNetwork().parameters())
        .containsExactly(
            AttentionHeads.keep(student, List.of(new int[] {0, 1, 2, 3}, new int[] {0, 1, 3}))
                .parameters());
  }

  @Test
  void aHeadWhoseOutputTheLossDoesNotMindGoesByGradientHoweverLargeItIs() {
    float[] parameters = TRANSFORMER.parameters().clone();
    AttentionHeads.Heads heads = AttentionHeads.of(TRANSFORMER.architecture()).get(0);
    for (int i : heads.inputWeights(1)) {
      parameters[i] *= 10;
    }
    for (int i : heads.outputWeights(1)) {
      parameters[i] *= 1e-6f;
    }
    Network student = new Network(TRANSFORMER.architecture(), parameters);
    for (Prune.Saliency saliency : List.of(Prune.Saliency.GRADIENT, Prune.Saliency.FISHER)) {
      Prune settings = prune(Granularity.HEAD, 0.125, NONE).but().saliency(saliency).build();
      assertThat(run(settings, student).toNetwork().parameters())
          .containsExactly(
              AttentionHeads.keep(student, List.of(new int[] {0, 2, 3}, new int[] {0, 1, 2, 3}))
                  .parameters());
    }
  }

  @Test
  void theShareOfHeadsIsThatOfTheTeachersInLaterStagesToo() {
    DistillationData distillation = distillation(TRANSFORMER);
    StageChain pipeline = new StageChain(distillation);
    CompressedNetwork half =
        pipeline.run(prune(Granularity.HEAD, 0.5, NONE), CompressedNetwork.of(TRANSFORMER), 9);
    CompressedNetwork quarter = pipeline.run(prune(Granularity.HEAD, 0.75, SOME), half, 10);
    assertThat(heads(quarter.architecture()).stream().mapToInt(i -> i).sum()).isEqualTo(2);
  }

  @Test
  void theBlockGoesWithoutWhichTheLossIsLeast() {
    DistillationData distillation = distillation(TRANSFORMER);
    Prune settings =
        prune(Granularity.LAYER, 0.25, NONE).but().calibration(new Calibration(1000, 1, 1)).build();
    CompressedNetwork pruned =
        new StageChain(distillation).run(settings, CompressedNetwork.of(TRANSFORMER), 9);
    Network expected =
        ResidualBlocks.removable(TRANSFORMER.architecture()).stream()
            .map(block -> ResidualBlocks.without(TRANSFORMER, List.of(block)))
            .min(Comparator.comparingDouble(network -> loss(network, distillation.examples())))
            .orElseThrow();
    assertThat(pruned.toNetwork().parameters()).containsExactly(expected.parameters());
    assertThat(pruned.architecture()).isEqualTo(expected.architecture());
  }

  private static double loss(Network network, Examples examples) {
    return ExampleGradients.score(network.architecture(), network.parameters(), examples).loss();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.125, 0.4, 0.5, 0.7, 0.99})
  void theShareOfBlocksIsRounded(double sparsity) {
    for (Network teacher : List.of(TRANSFORMER, RESIDUAL)) {
      int before = ResidualBlocks.removable(teacher.architecture()).size();
      for (Prune.Saliency saliency : List.of(Prune.Saliency.MAGNITUDE, Prune.Saliency.RANDOM)) {
        Prune settings = prune(Granularity.LAYER, sparsity, NONE).but().saliency(saliency).build();
        CompressedNetwork pruned = run(settings, teacher);
        assertThat(ResidualBlocks.removable(pruned.architecture()))
            .hasSize(before - (int) Math.round(sparsity * before));
      }
    }
  }

  @Test
  void blocksThatWentInAnEarlierStageCount() {
    StageChain pipeline = new StageChain(distillation(TRANSFORMER));
    CompressedNetwork half =
        pipeline.run(prune(Granularity.LAYER, 0.5, NONE), CompressedNetwork.of(TRANSFORMER), 9);
    CompressedNetwork quarter = pipeline.run(prune(Granularity.LAYER, 0.75, SOME), half, 10);
    List<Block> left = ResidualBlocks.removable(quarter.architecture());
    assertThat(left).hasSize(1);
    CompressedNetwork all = pipeline.run(prune(Granularity.LAYER, 0.99, SOME), quarter, 11);
    assertThat(ResidualBlocks.removable(all.architecture())).isEmpty();
    assertThat(pipeline.run(prune(Granularity.LAYER, 0.99, NONE), all, 12).architecture())
        .isEqualTo(all.architecture());
  }

  @Test
  void multiplyAddsOfTheFileAreThoseOfTheSmallerNetwork() {
    MemoryStore store = new MemoryStore();
    TeacherStage.write(store, SampleStages.TEACHER, TRANSFORMER, SampleStages.PROVENANCE);
    StageReport report =
        SampleStages.run(
                store,
                distillation(TRANSFORMER),
                SampleStages.task(
                    SampleStages.TEACHER,
                    "123",
                    prune(Granularity.HEAD, 0.5, NONE).but().scope(Prune.Scope.LAYER).build(),
                    prune(Granularity.LAYER, 0.25, SOME),
                    new Encode(Encode.Precision.FLOAT32)))
            .get(0);
    assertThat(report.failure()).isNull();
    Measurement measurement = report.measurement();
    assertThat(measurement).isNotNull();
    long original = TRANSFORMER.architecture().multiplyAdds();
    // Four places, eight channels; half of the heads have gone, then one of four blocks.
    // Of each head, four matrices at each place, and two products of all places with all.
    long heads = (4 * 4 * 8 * 8 + 2 * 4 * 4 * 8) / 2;
    long hidden = 4 * 2 * 6 * 8;
    assertThat(measurement.operations().originalMultiplyAdds()).isEqualTo(original);
    assertThat(measurement.operations().multiplyAdds())
        .isIn(original - 2 * heads - heads, original - 2 * heads - hidden);
    assertThat(measurement.operations().effectiveMultiplyAdds())
        .isPositive()
        .isLessThan(measurement.operations().multiplyAdds());
  }

  @Test
  void layersOfTheFileAreComparedWithTheirOwnInTheTeacher() {
    MemoryStore store = new MemoryStore();
    TeacherStage.write(store, SampleStages.TEACHER, RESIDUAL, SampleStages.PROVENANCE);
    Measurement measurement =
        SampleStages.run(
                store,
                distillation(RESIDUAL),
                SampleStages.task(SampleStages.TEACHER, "1", new Encode(Encode.Precision.FLOAT32)))
            .get(0)
            .measurement();
    assertThat(measurement).isNotNull();
    // Folded normalization is gone, and the others' numbers with it.
    List<ParameterTensor> weights =
        RESIDUAL.architecture().tensors().stream().filter(t -> t.isWeight()).toList();
    assertThat(measurement.layers())
        .filteredOn(layer -> layer.tensor().endsWith("_W"))
        .extracting(layer -> (int) layer.weights())
        .containsExactlyElementsOf(weights.stream().map(ParameterTensor::size).toList());
  }

  @Test
  void networksWithoutHeadsOrBlocksAreMisfits() {
    Network plain =
        Initialization.random(NamedArchitecture.of(Name.LENET_300_100).resolve(INPUT, 3), 1);
    assertMisfit(prune(Granularity.HEAD, 0.5, NONE), plain, "no self-attention");
    assertMisfit(prune(Granularity.LAYER, 0.5, NONE), plain, "no shortcuts");
    Architecture halving =
        new NamedArchitecture(Name.RESNET, List.of(3, 4), Map.of(Size.BLOCKS, 1)).resolve(INPUT, 3);
    Network rest = Initialization.random(halving, 1);
    Network without = ResidualBlocks.without(rest, ResidualBlocks.removable(halving));
    assertMisfit(prune(Granularity.LAYER, 0.5, NONE), without, "changes what it adds");
    Prune unfit = prune(Granularity.LAYER, 0.5, NONE);
    assertMisfit(unfit.but().schedule(Prune.Schedule.GRADUAL).build(), TRANSFORMER, "one-shot");
    assertMisfit(unfit.but().saliency(Prune.Saliency.FISHER).build(), TRANSFORMER, "saliency");
    assertMisfit(unfit.but().scope(Prune.Scope.LAYER).build(), TRANSFORMER, "scope = global");
  }

  private static void assertMisfit(Prune settings, Network network, String message) {
    assertThatThrownBy(() -> run(settings, network))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining(message);
  }

  private static List<Integer> channels(Architecture architecture) {
    return IntStream.range(-1, architecture.layers().size())
        .mapToObj(i -> architecture.outputShape(i).channels())
        .toList();
  }
}
