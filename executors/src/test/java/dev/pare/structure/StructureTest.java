package dev.pare.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.model.NamedArchitecture.Size;
import dev.pare.structure.ResidualBlocks.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left computes what the whole network would with the part's contribution at zero. */
class StructureTest {
  private static final Architecture ATTENTION =
      new NamedArchitecture(
              Name.ATTENTION, List.of(12, 7), Map.of(Size.BLOCKS, 2, Size.HEADS, 3, Size.PATCH, 2))
          .resolve(new InputShape(1, 6, 6, 1), 4);

  private static final Architecture RESNET =
      new NamedArchitecture(Name.RESNET, List.of(3, 4), Map.of(Size.BLOCKS, 3))
          .resolve(new InputShape(1, 8, 8, 1), 4);

  /** With numbers everywhere, and running statistics that are some. */
  private static Network random(Architecture architecture, SplittableRandom random) {
    float[] parameters = Initialization.random(architecture, random.nextLong()).parameters();
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float more = (float) random.nextDouble(-0.3, 0.3);
        parameters[i] += tensor.role() == Parameter.Role.VARIANCE ? Math.abs(more) : more;
      }
    }
    return new Network(architecture, parameters);
  }

  private static double[] logits(Network network, double[] input) {
    double[] parameters = new double[network.parameters().length];
    Arrays.setAll(parameters, i -> network.parameters()[i]);
    return ReferenceNetwork.logits(network.architecture(), parameters, input);
  }

  private static void assertSameFunction(Network one, Network other, SplittableRandom random) {
    for (int example = 0; example < 3; example++) {
      double[] input = random.doubles(one.architecture().input().size(), -1, 1).toArray();
      double[] expected = logits(one, input);
      double[] actual = logits(other, input);
      for (int c = 0; c < expected.length; c++) {
        assertThat(actual[c]).isCloseTo(expected[c], within(1e-9));
      }
    }
  }

  private static ParameterTensor tensor(Architecture architecture, String name) {
    return architecture.tensors().stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void headsThatAreZeroCanGoWithTheirBiases() {
    Architecture architecture =
        new Architecture(
            new InputShape(6, 5, 1, 1),
            List.of(
                new SelfAttention(3, 4, SelfAttention.Biases.TRAINED),
                new Dense(2, Activation.SOFTMAX)));
    SplittableRandom random = new SplittableRandom(3);
    float[] parameters = new float[architecture.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextDouble(-1, 1);
    }
    Network network = new Network(architecture, parameters);
    AttentionHeads.Heads heads = AttentionHeads.of(architecture).get(0);
    for (int i : heads.outputWeights(1)) {
      parameters[i] = 0;
    }
    Network smaller = AttentionHeads.keep(network, List.of(new int[] {0, 2}));
    assertThat(smaller.architecture().layers().get(0))
        .isEqualTo(new SelfAttention(2, 4, SelfAttention.Biases.TRAINED));
    double[] input = random.doubles(30).toArray();
    assertThat(logits(smaller, input)).containsExactly(logits(network, input), within(1e-6));
  }

  @Test
  void withoutHeadsANetworkSaysWhatItSaysWithTheirOutputsAtZero() {
    SplittableRandom random = TestSeed.random();
    Network network = random(ATTENTION, random);
    // Layers 3 and 10 attend, with three heads of four numbers.
    float[] zeroed = network.parameters().clone();
    zeroColumns(zeroed, tensor(ATTENTION, "3_Wo"), 4, 8);
    zeroColumns(zeroed, tensor(ATTENTION, "10_Wo"), 0, 4);
    zeroColumns(zeroed, tensor(ATTENTION, "10_Wo"), 8, 12);
    Network smaller = AttentionHeads.keep(network, List.of(new int[] {0, 2}, new int[] {1}));
    assertThat(smaller.architecture().layers().get(3)).isEqualTo(new SelfAttention(2, 4));
    assertThat(smaller.architecture().layers().get(10)).isEqualTo(new SelfAttention(1, 4));
    assertThat(tensor(smaller.architecture(), "10_Wk"))
        .extracting(ParameterTensor::rows, ParameterTensor::columns)
        .containsExactly(4, 12);
    assertThat(tensor(smaller.architecture(), "10_Wo"))
        .extracting(ParameterTensor::rows, ParameterTensor::columns)
        .containsExactly(12, 4);
    assertSameFunction(new Network(ATTENTION, zeroed), smaller, random);
    // And again, of heads that have a width of their own.
    Network one = AttentionHeads.keep(smaller, List.of(new int[] {1}, new int[] {0}));
    zeroColumns(zeroed, tensor(ATTENTION, "3_Wo"), 0, 4);
    assertSameFunction(new Network(ATTENTION, zeroed), one, random);
  }

  private static void zeroColumns(float[] parameters, ParameterTensor tensor, int from, int to) {
    for (int row = 0; row < tensor.rows(); row++) {
      int start = tensor.offset() + row * tensor.columns();
      Arrays.fill(parameters, start + from, start + to, 0);
    }
  }

  @Test
  void aNetworkThatKeepsItsHeadsStaysAsItIs() {
    Network network = random(ATTENTION, TestSeed.random());
    int[] all = {0, 1, 2};
    Network same = AttentionHeads.keep(network, List.of(all, all));
    assertThat(same.architecture()).isEqualTo(ATTENTION);
    assertThat(same.parameters()).containsExactly(network.parameters());
  }

  @Test
  void everyWeightOfAttentionIsOfOneHead() {
    List<Integer> weights = new ArrayList<>();
    for (AttentionHeads.Heads heads : AttentionHeads.of(ATTENTION)) {
      for (int head = 0; head < heads.count(); head++) {
        IntStream.of(heads.inputWeights(head)).forEach(weights::add);
        IntStream.of(heads.outputWeights(head)).forEach(weights::add);
      }
    }
    List<Integer> expected =
        ATTENTION.tensors().stream()
            .filter(t -> t.layer() == 3 || t.layer() == 10)
            .flatMap(t -> IntStream.range(t.offset(), t.end()).boxed())
            .toList();
    assertThat(weights).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void withoutBlocksOfATransformerANetworkSaysWhatItSaysWithTheirLastWeightsAtZero() {
    SplittableRandom random = TestSeed.random();
    Network network = random(ATTENTION, random);
    assertThat(ResidualBlocks.removable(ATTENTION))
        .containsExactly(new Block(1, 4), new Block(4, 8), new Block(8, 11), new Block(11, 15));
    assertBlocksGo(network, List.of(new Block(4, 8)), List.of("7_W", "7_b"), random);
    assertBlocksGo(
        network,
        List.of(new Block(1, 4), new Block(11, 15)),
        List.of("3_Wo", "14_W", "14_b"),
        random);
    assertBlocksGo(
        network,
        ResidualBlocks.removable(ATTENTION),
        List.of("3_Wo", "7_W", "7_b", "10_Wo", "14_W", "14_b"),
        random);
  }

  @Test
  void ofAResidualNetworkThoseBlocksCanGoThatLeaveTheShapeAlone() {
    SplittableRandom random = TestSeed.random();
    Network network = random(RESNET, random);
    // Three blocks of each width; the image is halved in the first of the second width.
    assertThat(ResidualBlocks.removable(RESNET))
        .containsExactly(
            new Block(1, 6),
            new Block(6, 11),
            new Block(11, 16),
            new Block(21, 26),
            new Block(26, 31));
    assertBlocksGo(
        network,
        List.of(new Block(6, 11), new Block(26, 31)),
        List.of("10_gamma", "10_beta", "30_gamma", "30_beta"),
        random);
    assertBlocksGo(
        network,
        List.of(new Block(1, 6), new Block(6, 11), new Block(11, 16)),
        List.of("5_gamma", "5_beta", "10_gamma", "10_beta", "15_gamma", "15_beta"),
        random);
  }

  private static void assertBlocksGo(
      Network network, List<Block> blocks, List<String> zeros, SplittableRandom random) {
    float[] zeroed = network.parameters().clone();
    for (String name : zeros) {
      ParameterTensor tensor = tensor(network.architecture(), name);
      Arrays.fill(zeroed, tensor.offset(), tensor.end(), 0);
    }
    Network smaller = ResidualBlocks.without(network, blocks);
    int layers = blocks.stream().mapToInt(block -> block.shortcut() - block.source()).sum();
    assertThat(smaller.architecture().layers())
        .hasSize(network.architecture().layers().size() - layers);
    assertSameFunction(new Network(network.architecture(), zeroed), smaller, random);
  }

  @Test
  void blocksCanGoWhereActivationsAreLayersOfTheirOwn() {
    SplittableRandom random = TestSeed.random();
    Network sparse =
        HiddenActivations.exchange(
            random(RESNET, random), layer -> SparseActivation.threshold(0.05f));
    List<Block> blocks = ResidualBlocks.removable(sparse.architecture());
    assertThat(blocks).hasSize(5);
    Block block = blocks.get(1);
    List<ParameterTensor> inside =
        sparse.architecture().tensors().stream()
            .filter(t -> t.layer() > block.source() && t.layer() < block.shortcut())
            .toList();
    String last = inside.get(inside.size() - 1).layer() + "_";
    assertBlocksGo(sparse, List.of(block), List.of(last + "gamma", last + "beta"), random);
  }

  @Test
  void blocksThatOthersLeadIntoOrThatChangeWhatTheyAddStay() {
    Dense dense = new Dense(5, Activation.TANH);
    Dense output = new Dense(2, Activation.SOFTMAX);
    InputShape input = new InputShape(5, 1, 1, 1);
    // The second shortcut starts within the first one's block and ends after it.
    assertThat(
            ResidualBlocks.removable(
                new Architecture(
                    input,
                    List.of(
                        dense,
                        dense,
                        dense,
                        Shortcut.from(0, Activation.IDENTITY),
                        Shortcut.from(1, Activation.IDENTITY),
                        output))))
        .isEmpty();
    for (Activation activation : List.of(Activation.SIGMOID, Activation.TANH, Activation.RELU)) {
      assertThat(
              ResidualBlocks.removable(
                  new Architecture(
                      input, List.of(dense, dense, Shortcut.from(0, activation), output))))
          .isEmpty();
    }
    Architecture nested =
        new Architecture(
            input,
            List.of(
                dense,
                dense,
                dense,
                Shortcut.from(1, Activation.IDENTITY),
                Shortcut.from(0, Activation.IDENTITY),
                output));
    assertThat(ResidualBlocks.removable(nested)).containsExactly(new Block(1, 3));
    Network inner =
        ResidualBlocks.without(Initialization.random(nested, 1), List.of(new Block(1, 3)));
    assertThat(ResidualBlocks.removable(inner.architecture())).containsExactly(new Block(0, 2));
    assertThatThrownBy(
            () ->
                ResidualBlocks.without(Initialization.random(nested, 1), List.of(new Block(0, 4))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBlockThatMakesTheOutputsStays() {
    assertThat(OperatorSamples.endings())
        .allSatisfy(ending -> assertThat(ResidualBlocks.removable(ending)).isEmpty());
  }

  @Test
  void aThresholdOfZeroInPlaceOfEveryReluChangesNothing() {
    SplittableRandom random = TestSeed.random();
    for (Architecture architecture : List.of(ATTENTION, RESNET)) {
      Network network = random(architecture, random);
      Network exchanged =
          HiddenActivations.exchange(network, layer -> SparseActivation.threshold(0));
      assertThat(exchanged.architecture().layers())
          .hasSize(architecture.layers().size() + HiddenActivations.rectified(architecture).size());
      assertThat(HiddenActivations.rectified(exchanged.architecture())).isEmpty();
      assertSameFunction(network, exchanged, random);
    }
    assertThat(HiddenActivations.rectified(ATTENTION)).containsExactly(6, 13);
    assertThat(HiddenActivations.rectified(RESNET)).startsWith(1, 3, 6, 8).hasSize(13);
  }

  @Test
  void layersOfReluAreExchangedInTheirPlace() {
    Elementwise relu = Elementwise.of(Elementwise.Function.RELU);
    Architecture architecture =
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                new Dense(5, Activation.IDENTITY),
                relu,
                new Dense(5, Activation.RELU),
                Shortcut.from(0, Activation.IDENTITY),
                relu,
                new Dense(2, Activation.SOFTMAX)));
    List<Integer> rectified = HiddenActivations.rectified(architecture);
    assertThat(rectified).containsExactly(1, 2, 4);
    SplittableRandom random = TestSeed.random();
    Network network = random(architecture, random);
    SparseActivation threshold = SparseActivation.threshold(0);
    Network exchanged = HiddenActivations.exchange(network, layer -> threshold);
    assertThat(exchanged.architecture().layers()).hasSize(7);
    for (int layer : rectified) {
      int place = HiddenActivations.exchanged(architecture, layer);
      assertThat(exchanged.architecture().layers().get(place)).isEqualTo(threshold);
    }
    assertSameFunction(network, exchanged, random);
  }
}
