package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
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
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.PublishedNetworks;
import dev.pare.graph.RandomGraphs;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.TransposedConvolution;
import dev.pare.model.NamedArchitecture;
import dev.pare.structure.ChannelGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReducedNetworkTest {
  private static final Activation[] HIDDEN = {
    Activation.IDENTITY, Activation.RELU, Activation.SIGMOID, Activation.TANH
  };

  private static Architecture dense(SplittableRandom random) {
    return new Architecture(
        new InputShape(12, 1, 1, 2),
        List.of(
            new Dense(1 + random.nextInt(12), hidden(random)),
            new Dense(1 + random.nextInt(8), hidden(random)),
            new Dense(3, Activation.SOFTMAX)));
  }

  private static Architecture convolutional(SplittableRandom random) {
    return new Architecture(
        new InputShape(3, 9, 10, 4),
        List.of(
            new Convolution(1 + random.nextInt(6), 2, 1, hidden(random)),
            new Pooling(pool(random), 2, 2),
            new Convolution(1 + random.nextInt(5), 2, 1, hidden(random)),
            new Pooling(pool(random), 2, 1),
            new Dense(1 + random.nextInt(6), hidden(random)),
            new Dense(3, Activation.SOFTMAX)));
  }

  private static Architecture normalized(SplittableRandom random) {
    return new Architecture(
        new InputShape(3, 6, 6, 4),
        List.of(
            new BatchNormalization(1e-3f, Activation.IDENTITY),
            new Convolution(1 + random.nextInt(6), 3, 1, Activation.IDENTITY),
            new BatchNormalization(1e-3f, hidden(random)),
            new Pooling(pool(random), 2, 2),
            new Dense(1 + random.nextInt(6), hidden(random)),
            new BatchNormalization(1e-3f, hidden(random)),
            new Dense(3, Activation.SOFTMAX)));
  }

  private static Architecture padded(SplittableRandom random) {
    return new Architecture(
        new InputShape(3, 5, 4, 4),
        List.of(
            new Convolution(1 + random.nextInt(6), 3, 1, 1, hidden(random)),
            new BatchNormalization(1e-3f, hidden(random)),
            new Convolution(1 + random.nextInt(5), 3, 2, 1, hidden(random)),
            new Dense(1 + random.nextInt(6), hidden(random)),
            new Dense(3, Activation.SOFTMAX)));
  }

  private static Architecture any(SplittableRandom random) {
    return random.nextInt(4) == 0 ? RandomGraphs.next(random) : chain(random);
  }

  private static Architecture chain(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> dense(random);
      case 1 -> convolutional(random);
      case 2 -> normalized(random);
      case 3 -> sparselyActive(random);
      case 4 -> padded(random);
      default -> pooledFirst(random);
    };
  }

  private static Architecture sparselyActive(SplittableRandom random) {
    return new Architecture(
        new InputShape(3, 6, 6, 4),
        List.of(
            new Convolution(1 + random.nextInt(6), 3, 1, Activation.IDENTITY),
            sparseActivation(random),
            new Pooling(pool(random), 2, 2),
            new Dense(1 + random.nextInt(6), Activation.IDENTITY),
            new BatchNormalization(1e-3f, Activation.IDENTITY),
            sparseActivation(random),
            new Dense(1 + random.nextInt(6), Activation.IDENTITY),
            sparseActivation(random),
            new Dense(3, Activation.SOFTMAX)));
  }

  private static Layer sparseActivation(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> SparseActivation.threshold((float) random.nextDouble());
      case 1 -> SparseActivation.binary((float) random.nextDouble(0.1, 1));
      default -> SparseActivation.topK(1 + random.nextInt(5));
    };
  }

  @Test
  void unitsThatCompeteStayUnlessTheyNeverWin() {
    // Unit 0 is constant and may win, unit 1 is constant and never wins, nobody hears unit 2.
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(
                new Dense(4, Activation.IDENTITY),
                SparseActivation.topK(2),
                new Dense(2, Activation.SOFTMAX)));
    float[] parameters = {
      0, 0, 0, 0, 1, 2, 3, 4, /* b */ 7, -1, 1, 1, /* output */ 1, 2, 0, 4, 5, 6, 0, 8, /* b */ 0, 1
    };
    ReducedNetwork reduction =
        ReducedNetwork.of(new Network(architecture, parameters), ConstantFeatures.none(2));
    assertThat(removedUnits(reduction)).isEqualTo(1);
    assertThat(reduction.network().architecture().layers())
        .containsExactly(
            new Dense(3, Activation.IDENTITY),
            SparseActivation.topK(2),
            new Dense(2, Activation.SOFTMAX));
    assertThat(reduction.network().parameters())
        .containsExactly(0, 0, 1, 2, 3, 4, 7, 1, 1, 1, 0, 4, 5, 0, 8, 0, 1);
  }

  @Test
  void whereUnitsAreTakenTheShareOfWinnersStays() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(
                new Dense(8, Activation.IDENTITY),
                SparseActivation.topK(4),
                new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 1);
    for (int[] pair : new int[][] {{8, 4}, {5, 3}, {2, 1}, {1, 1}}) {
      List<ChannelGroups.Group> groups = ChannelGroups.of(architecture).groups();
      ReducedNetwork reduction = ReducedNetwork.without(network, groups.subList(pair[0], 8));
      assertThat(reduction.network().architecture().layers().get(1))
          .isEqualTo(SparseActivation.topK(pair[1]));
    }
  }

  /**
   * What a channel says does not matter if nothing reads it: without groups that only zero weights
   * read, outputs stay as they were.
   */
  @ParameterizedTest
  @MethodSource("tied")
  void withoutChannelsThatNothingReadsOutputsStay(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(8);
    Network network = Initialization.random(architecture, 6);
    float[] parameters = network.parameters();
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); !tensor.isWeight() && i < tensor.end(); i++) {
        parameters[i] += (float) (0.2 * random.nextDouble());
      }
    }
    List<ChannelGroups.Group> all = ChannelGroups.of(architecture).groups();
    List<ChannelGroups.Group> gone = new ArrayList<>();
    for (ChannelGroups.Group group : all) {
      if (random.nextInt(2) == 0) {
        gone.add(group);
      }
    }
    if (gone.isEmpty()) {
      gone.add(all.get(all.size() - 1));
    }
    System.arraycopy(masked(network, gone), 0, parameters, 0, parameters.length);
    Network smaller = ReducedNetwork.without(network, gone).network();
    assertThat(smaller.architecture().parameters()).isLessThan(architecture.parameters());
    assertThat(smaller.architecture().multiplyAdds()).isLessThan(architecture.multiplyAdds());
    float[] features = new float[5 * architecture.input().size()];
    double[] numbers = random.doubles(features.length).toArray();
    double[] inputs = OperatorSamples.input(architecture, numbers);
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) inputs[i];
    }
    Examples examples =
        MemoryExamples.of(
            features, architecture.input().size(), new int[5], architecture.outputs());
    float[] expected = Evaluator.logits(network, examples);
    float[] actual = Evaluator.logits(smaller, examples);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  static Stream<Architecture> tied() {
    InputShape input = new InputShape(1, 8, 8, 1);
    Stream<Architecture> operators =
        OperatorSamples.all().stream()
            .filter(sample -> !ChannelGroups.of(sample).groups().isEmpty());
    return Stream.concat(operators, tied(input));
  }

  private static Stream<Architecture> tied(InputShape input) {
    return Stream.of(
        new NamedArchitecture(
                NamedArchitecture.Name.RESNET,
                List.of(4, 6),
                Map.of(NamedArchitecture.Size.BLOCKS, 2))
            .resolve(input, 3),
        new NamedArchitecture(
                NamedArchitecture.Name.ATTENTION,
                List.of(8, 6),
                Map.of(
                    NamedArchitecture.Size.BLOCKS, 2,
                    NamedArchitecture.Size.HEADS, 4,
                    NamedArchitecture.Size.PATCH, 4))
            .resolve(input, 3),
        new Architecture(
            input,
            List.of(
                new Lstm(5, Lstm.Steps.LAST),
                new Dense(6, Activation.RELU),
                new Dense(3, Activation.SOFTMAX))));
  }

  private static Architecture pooledFirst(SplittableRandom random) {
    return new Architecture(
        new InputShape(4, 4, 4, 1),
        List.of(
            new Pooling(pool(random), 2, 2),
            new Dense(5, hidden(random)),
            new Dense(2, Activation.SOFTMAX)));
  }

  private static Activation hidden(SplittableRandom random) {
    return HIDDEN[random.nextInt(HIDDEN.length)];
  }

  private static Pooling.Pool pool(SplittableRandom random) {
    return Pooling.Pool.values()[random.nextInt(2)];
  }

  /** A network with few weights, and units without any on either side. */
  private static Network sparse(Architecture architecture, SplittableRandom random) {
    float[] parameters = new float[architecture.parameters()];
    int density = 1 + random.nextInt(8);
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (!tensor.isWeight() || random.nextInt(density) == 0) {
          double value = 2 * random.nextDouble() - 1;
          parameters[i] = (float) (tensor.role() == Role.VARIANCE ? 1 + value / 2 : value);
        }
      }
      if (tensor.isWeight() && random.nextInt(3) > 0) {
        int row = tensor.offset() + random.nextInt(tensor.rows()) * tensor.columns();
        Arrays.fill(parameters, row, row + tensor.columns(), 0);
      }
    }
    return new Network(architecture, parameters);
  }

  /** Some features, or whole channels, are the same in all. */
  private static Examples examples(Architecture architecture, SplittableRandom random) {
    InputShape input = architecture.input();
    int features = input.size();
    int pixels = input.height() * input.width();
    boolean[] constant = new boolean[features];
    for (int channel = 0; channel < input.channels(); channel++) {
      if (random.nextInt(3) == 0) {
        Arrays.fill(constant, channel * pixels, (channel + 1) * pixels, true);
      }
    }
    constant[random.nextInt(features)] = random.nextBoolean();
    int size = 6;
    float[] values = new float[size * features];
    for (int i = 0; i < values.length; i++) {
      int feature = i % features;
      values[i] =
          constant[feature] ? feature / pixels % 3 * 1.25f : (float) (4 * random.nextDouble() - 2);
    }
    return MemoryExamples.of(values, features, new int[size], architecture.outputs());
  }

  private static double[] logits(Network network, Examples examples, int index) {
    float[] raw = new float[examples.features()];
    examples.copyFeatures(index, raw, 0);
    float divisor = network.architecture().input().divisor();
    double[] parameters = new double[network.parameters().length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = network.parameters()[i];
    }
    double[] input = IntStream.range(0, raw.length).mapToDouble(i -> raw[i] / divisor).toArray();
    return ReferenceNetwork.logits(network.architecture(), parameters, input);
  }

  private static void assertSameFunction(
      Network expected, Examples expectedInput, Network actual, Examples actualInput) {
    for (int index = 0; index < expectedInput.size(); index++) {
      double[] want = logits(expected, expectedInput, index);
      double[] got = logits(actual, actualInput, index);
      for (int c = 0; c < want.length; c++) {
        assertThat(got[c]).isCloseTo(want[c], within(2e-5 * (1 + Math.abs(want[c]))));
      }
    }
  }

  @Test
  void reducedAndExpandedNetworksComputeTheSame() {
    SplittableRandom random = TestSeed.random();
    int inputs = 0;
    int units = 0;
    for (int round = 0; round < 300; round++) {
      Architecture architecture = any(random);
      Network network = sparse(architecture, random);
      Examples examples = examples(architecture, random);
      ConstantFeatures constants = ConstantFeatures.of(examples);
      for (ReducedNetwork reduction :
          List.of(
              ReducedNetwork.of(network, constants),
              ReducedNetwork.ofInputs(network, constants),
              ReducedNetwork.of(network, ConstantFeatures.none(examples.features())))) {
        inputs += reduction.removedInputs();
        units += removedUnits(reduction);
        Examples seen = reduction.examples(examples);
        assertThat(seen.features()).isEqualTo(reduction.network().architecture().input().size());
        assertSameFunction(network, examples, reduction.network(), seen);
        Network expanded = reduction.expand(reduction.network());
        assertThat(expanded.architecture()).isEqualTo(architecture);
        assertSameFunction(network, examples, expanded, examples);
      }
    }
    assertThat(inputs).isGreaterThan(100);
    assertThat(units).isGreaterThan(100);
  }

  @Test
  void nothingMoreCanBeTakenFromWhatIsLeft() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 200; round++) {
      Architecture architecture = chain(random);
      Examples examples = examples(architecture, random);
      ReducedNetwork once =
          ReducedNetwork.of(sparse(architecture, random), ConstantFeatures.of(examples));
      ReducedNetwork again =
          ReducedNetwork.of(once.network(), ConstantFeatures.of(once.examples(examples)));
      assertThat(again.removedInputs() + removedUnits(again)).isZero();
      ReducedNetwork expanded =
          ReducedNetwork.of(once.expand(once.network()), ConstantFeatures.of(examples));
      assertThat(expanded.network().architecture()).isEqualTo(once.network().architecture());
      assertSameFunction(
          once.network(), once.examples(examples), expanded.network(), expanded.examples(examples));
    }
  }

  @Test
  void anyNetworkOfTheSmallerArchitectureKeepsItsFunctionWhenExpanded() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 100; round++) {
      Architecture architecture = any(random);
      Examples examples = examples(architecture, random);
      ReducedNetwork reduction =
          ReducedNetwork.of(sparse(architecture, random), ConstantFeatures.of(examples));
      Network other = Initialization.random(reduction.network().architecture(), random.nextLong());
      assertSameFunction(other, reduction.examples(examples), reduction.expand(other), examples);
    }
  }

  @Test
  void removesWhatItShouldAndNoMore() {
    // Feature 1 is always 4. Unit 0 hears nothing, nobody hears unit 2, which alone hears 2.
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 2),
            List.of(new Dense(3, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    float[] parameters = {
      0, 0, 0, 1, 2, 0, 3, 0, 5, /* biases */ 7, 1, 1, /* output */ 0.5f, 1, 0, -1, 2,
      0, /* biases */ 0, 1
    };
    Examples examples = MemoryExamples.of(new float[] {1, 4, 2, 3, 4, 5}, 3, new int[2], 2);
    ReducedNetwork reduction =
        ReducedNetwork.of(new Network(architecture, parameters), ConstantFeatures.of(examples));
    assertThat(reduction.removedInputs()).isEqualTo(2);
    assertThat(removedUnits(reduction)).isEqualTo(2);
    assertThat(reduction.network().parameters())
        .containsExactly(1, /* 1 + 2·4/2 */ 5, 1, 2, /* 0.5·7 */ 3.5f, /* 1 − 7 */ -6);
    assertThat(reduction.expand(reduction.network()).parameters())
        .containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 1, 0, 0, 2, 0, 3.5f, -6);
  }

  @Test
  void aConstantUnitMakesThoseAfterItConstant() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(
                new Dense(2, Activation.RELU),
                new Dense(2, Activation.TANH),
                new Dense(2, Activation.SOFTMAX)));
    float[] parameters = {0, 0, 1, 1, /* b */ 3, 0, 2, 0, 0, 1, /* b */ -6, 0, 5, 1, 5, 2, 0, 0};
    ReducedNetwork reduction =
        ReducedNetwork.of(new Network(architecture, parameters), ConstantFeatures.none(2));
    assertThat(removedUnits(reduction)).isEqualTo(2);
    assertThat(reduction.network().parameters()).containsExactly(1, 1, 0, 1, 0, 1, 2, 0, 0);
  }

  /** Units 0 of all three are constant: 3, then 3 and 1 side by side, twice 3 and 1 as a sum. */
  @Test
  void constantsGoThroughBranches() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 2, 2, 1),
            List.of(
                new Convolution(2, 1, 1, Activation.RELU),
                Node.of(new Convolution(2, 1, 1, Activation.IDENTITY), 0),
                Node.of(new Shortcut(Activation.IDENTITY), 1, 0),
                Node.of(new Concatenation(), 2, 0),
                new Dense(2, Activation.SOFTMAX)));
    float[] parameters = {
      0,
      1, /* b */
      3,
      0, /* from 3 makes 2·3 + 1 */
      2,
      0,
      0,
      1, /* b */
      1,
      0,
      /* output, four places of each channel */
      1,
      1,
      1,
      1,
      9,
      9,
      9,
      9,
      2,
      2,
      2,
      2,
      8,
      8,
      8,
      8,
      0,
      0,
      0,
      5,
      7,
      7,
      7,
      7,
      0,
      0,
      0,
      0,
      6,
      6,
      6,
      6, /* b */
      100,
      200
    };
    ReducedNetwork reduction =
        ReducedNetwork.of(new Network(architecture, parameters), ConstantFeatures.none(4));
    assertThat(removedUnits(reduction)).isEqualTo(2);
    // The sum is 3 + 7 = 10: 4·10 + 8·3 and 5·10 go into the outputs' biases.
    assertThat(reduction.network().parameters())
        .containsExactly(
            1,
            0, /* second */
            1,
            0, /* output */
            9,
            9,
            9,
            9,
            8,
            8,
            8,
            8,
            7,
            7,
            7,
            7,
            6,
            6,
            6,
            6,
            /* b */ 164,
            250);
  }

  @Test
  void whatGatesReadInVainGoes() {
    // Nothing but unit 1 itself reads it; unit 0 reads the other.
    Architecture architecture =
        new Architecture(
            new InputShape(1, 2, 1, 1),
            List.of(new Gru(2, Lstm.Steps.LAST), new Dense(1, Activation.IDENTITY)));
    float[] parameters = new float[architecture.parameters()];
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        parameters[i] = i + 1;
      }
    }
    ParameterTensor recurrent = architecture.tensors().get(1);
    for (int gate = 0; gate < 3; gate++) {
      parameters[recurrent.offset() + 2 * recurrent.columns() * gate + 1] = 0;
    }
    parameters[architecture.tensors().get(4).offset() + 1] = 0;
    ReducedNetwork reduction =
        ReducedNetwork.of(new Network(architecture, parameters), ConstantFeatures.none(2));
    assertThat(reduction.network().architecture().layers().get(0))
        .isEqualTo(new Gru(1, Lstm.Steps.LAST));
    assertThat(reduction.network().parameters())
        .containsExactly(1, 3, 5, 7, 11, 15, 19, 21, 23, 25, 27, 29);
  }

  @Test
  void oneInputAndOneUnitOfEachLayerStay() {
    SplittableRandom random = TestSeed.random();
    for (Architecture architecture :
        List.of(dense(random), convolutional(random), normalized(random))) {
      Network zero = new Network(architecture, new float[architecture.parameters()]);
      float[] ones = new float[2 * architecture.input().size()];
      Examples examples =
          MemoryExamples.of(ones, ones.length / 2, new int[2], architecture.outputs());
      ReducedNetwork reduction = ReducedNetwork.of(zero, ConstantFeatures.of(examples));
      for (ParameterTensor tensor : reduction.network().architecture().tensors()) {
        boolean output = tensor.layer() == architecture.layers().size() - 1;
        assertThat(tensor.rows() * (tensor.isWeight() ? 1 : tensor.columns()))
            .isEqualTo(output ? architecture.outputs() : 1);
      }
      assertSameFunction(zero, examples, reduction.network(), reduction.examples(examples));
    }
  }

  @Test
  void aNetworkWithNothingToTakeStaysAsItIs() {
    SplittableRandom random = TestSeed.random();
    Architecture architecture = dense(random);
    Network network = Initialization.random(architecture, random.nextLong());
    Examples examples = MemoryExamples.clusters(9, 12, 3, random);
    ReducedNetwork reduction = ReducedNetwork.of(network, ConstantFeatures.of(examples));
    assertThat(reduction.network().architecture()).isEqualTo(architecture);
    assertThat(reduction.network().parameters()).containsExactly(network.parameters());
    assertThat(reduction.examples(examples)).isSameAs(examples);
  }

  @Test
  void levelsValuesAndRowsGoWhereTheirWeightsGo() {
    SplittableRandom random = TestSeed.random();
    Architecture architecture = any(random);
    Examples examples = examples(architecture, random);
    ReducedNetwork reduction =
        ReducedNetwork.of(sparse(architecture, random), ConstantFeatures.of(examples));
    Network smaller = reduction.network();
    Network expanded = reduction.expand(smaller);
    for (ParameterTensor tensor : architecture.tensors()) {
      ParameterTensor part = reduction.part(tensor);
      float[] values = Arrays.copyOfRange(smaller.parameters(), part.offset(), part.end());
      float[] all = Arrays.copyOfRange(expanded.parameters(), tensor.offset(), tensor.end());
      assertThat(reduction.expand(tensor, values)).containsExactly(all);
      short[] levels = new short[values.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (short) (100 * values[i]);
      }
      short[] allLevels = reduction.expand(tensor, levels);
      for (int i = 0; i < all.length; i++) {
        assertThat(allLevels[i]).isEqualTo((short) (100 * all[i]));
      }
      if (tensor.isWeight()) {
        float[] scales = new float[part.rows()];
        Arrays.fill(scales, 3);
        float[] rows = reduction.expandRows(tensor, scales);
        assertThat(rows)
            .hasSize(tensor.rows())
            .containsOnly(
                IntStream.range(0, rows.length).anyMatch(r -> rows[r] == 1)
                    ? new float[] {1, 3}
                    : new float[] {3});
        for (int i = 0; i < all.length; i++) {
          assertThat(all[i] == 0 || rows[i / tensor.columns()] == 3).isTrue();
        }
      }
    }
  }

  @Test
  void networksAndExamplesOfAnotherShapeAreRefused() {
    SplittableRandom random = TestSeed.random();
    Network network = Initialization.random(pooledFirst(random), 1);
    assertThatThrownBy(() -> ReducedNetwork.of(network, ConstantFeatures.none(63)))
        .isInstanceOf(IllegalArgumentException.class);
    ReducedNetwork reduction = ReducedNetwork.of(network, ConstantFeatures.none(64));
    Network other = Initialization.random(dense(random), 1);
    assertThatThrownBy(() -> reduction.expand(other)).isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Arguments> published() {
    return Stream.of(
        // Parameters and multiply-adds as torchvision publishes them.
        Arguments.of(
            PublishedNetworks.resNet18(224),
            PublishedNetworks.resNet18(64),
            11_689_512,
            1_814_073_344L),
        Arguments.of(
            PublishedNetworks.mobileNetV2(224),
            PublishedNetworks.mobileNetV2(64),
            3_504_872,
            300_774_272L));
  }

  @ParameterizedTest
  @MethodSource("published")
  void halfTheChannelsOfPublishedNetworksCanGo(
      Architecture photo, Architecture small, int parameters, long multiplyAdds) {
    // Running statistics are not trained, and convolutions before normalization have no biases.
    long trained =
        photo.tensors().stream()
            .filter(t -> t.role() != Parameter.Role.MEAN && t.role() != Parameter.Role.VARIANCE)
            .filter(
                t ->
                    t.role() != Role.BIAS
                        || !(photo.layers().get(t.layer()) instanceof Convolution))
            .mapToLong(ParameterTensor::size)
            .sum();
    assertThat(trained).isEqualTo(parameters);
    assertThat(photo.multiplyAdds()).isEqualTo(multiplyAdds);

    Network network = Initialization.random(small, 3);
    List<ChannelGroups.Group> all = ChannelGroups.of(small).groups();
    List<ChannelGroups.Group> gone = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 2) {
      gone.add(all.get(i));
    }
    Set<ChannelGroups.Channel> channels = new HashSet<>();
    gone.forEach(group -> channels.addAll(group.channels()));
    float[] values = network.parameters();
    long predicted = 0;
    for (ParameterTensor tensor : small.tensors()) {
      if (!tensor.isWeight()) {
        continue;
      }
      int source = small.source(tensor.layer());
      boolean mixes = small.flow(tensor.layer()).isMixed();
      int each = mixes ? tensor.columns() / small.outputShape(source).channels() : 1;
      long left = 0;
      for (int row = 0; row < tensor.rows(); row++) {
        boolean made = !channels.contains(new ChannelGroups.Channel(tensor.layer(), row));
        for (int column = 0; column < tensor.columns(); column++) {
          boolean read =
              !mixes || !channels.contains(new ChannelGroups.Channel(source, column / each));
          left += made && read ? 1 : 0;
          if (!read) {
            values[tensor.offset() + row * tensor.columns() + column] = 0;
          }
        }
      }
      predicted += left * small.uses(tensor);
    }
    Network half = ReducedNetwork.without(network, gone).network();
    assertThat(half.architecture().multiplyAdds()).isEqualTo(predicted);
    assertThat(predicted).isLessThan(small.multiplyAdds() * 2 / 5);
    float[] features = new float[2 * small.input().size()];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextFloat();
    }
    Examples examples =
        MemoryExamples.of(features, small.input().size(), new int[2], small.outputs());
    float[] expected = Evaluator.logits(network, examples);
    float[] actual = Evaluator.logits(half, examples);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f * (1 + Math.abs(expected[i]))));
    }
  }

  /** What reads nothing of the channels that go computes what the smaller network does. */
  @Test
  void halfOfTheChannelsOfAllOperatorsCanGo() {
    SplittableRandom random = TestSeed.random();
    List<Architecture> all = new ArrayList<>(OperatorSamples.all());
    // Where units compete, fewer of them win when some have gone.
    Stream.generate(() -> RandomGraphs.next(random))
        .filter(graph -> graph.layers().stream().noneMatch(Layer::competes))
        .limit(200)
        .forEach(all::add);
    for (Architecture architecture : all) {
      float[] parameters = new float[architecture.parameters()];
      for (ParameterTensor tensor : architecture.tensors()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          double value = 2 * random.nextDouble() - 1;
          parameters[i] = (float) (tensor.role() == Role.VARIANCE ? 1.5 + value : value);
        }
      }
      Network network = new Network(architecture, parameters);
      ChannelGroups groups = ChannelGroups.of(architecture);
      List<ChannelGroups.Group> gone =
          groups.groups().stream().filter(group -> random.nextBoolean()).toList();
      Network smaller = ReducedNetwork.without(network, gone).network();
      float[] masked = masked(network, gone);
      double[] example =
          OperatorSamples.input(
              architecture, random.doubles(architecture.input().size()).toArray());
      double[] expected = ReferenceNetwork.logits(architecture, wide(masked), example);
      assertThat(
              ReferenceNetwork.logits(smaller.architecture(), wide(smaller.parameters()), example))
          .as("%s without %s", architecture, gone)
          .containsExactly(expected, within(1e-4));
      assertThat(smaller.parameters().length).isEqualTo(left(architecture, groups.without(gone)));
    }
  }

  /** How many parameters are left where some channels are. */
  private static int left(Architecture architecture, List<int[]> kept) {
    int left = 0;
    for (ParameterTensor tensor : architecture.tensors()) {
      left +=
          left(architecture, tensor, tensor.parameter().rowAxis(), tensor.rows(), kept)
              * left(architecture, tensor, tensor.parameter().columnAxis(), tensor.columns(), kept);
    }
    return left;
  }

  private static int left(
      Architecture architecture, ParameterTensor tensor, Axis axis, int count, List<int[]> kept) {
    int layer = tensor.layer();
    int source = architecture.source(layer);
    boolean depthwise =
        groups(architecture.layers().get(layer)) == architecture.inputShape(layer).channels();
    int of =
        switch (axis) {
          case OUTPUTS, GATES -> layer;
          case INPUTS, GROUP_INPUTS -> source;
          case NONE, HEADS, RANK -> -2;
        };
    boolean all = of < 0 || axis == Axis.GROUP_INPUTS && depthwise;
    return all ? count : count * kept.get(of + 1).length / architecture.outputShape(of).channels();
  }

  private static int groups(Layer layer) {
    if (layer instanceof TransposedConvolution transposed) {
      return transposed.groups();
    }
    return layer instanceof Convolution convolution ? convolution.groups() : 1;
  }

  /**
   * Parameters without the weights that read channels of some groups: columns of the layers that
   * read them, of a convolution in groups those of the rows of one group, and of recurrent layers
   * those of their own units. Of a layer's channels that all go the first stays.
   */
  private static float[] masked(Network network, List<ChannelGroups.Group> gone) {
    Architecture architecture = network.architecture();
    float[] masked = network.parameters().clone();
    List<int[]> kept = ChannelGroups.of(architecture).without(gone);
    for (ParameterTensor tensor : architecture.tensors()) {
      int layer = tensor.layer();
      int source = architecture.source(layer);
      boolean recurrent = tensor.parameter().columnAxis() == Axis.OUTPUTS;
      int channels = architecture.outputShape(recurrent ? layer : source).channels();
      int[] left = kept.get((recurrent ? layer : source) + 1);
      int groups = groups(architecture.layers().get(layer));
      if (groups == channels) {
        groups = 1;
      }
      boolean reads = recurrent || tensor.parameter().columnAxis() == Axis.INPUTS || groups > 1;
      if (!tensor.isWeight() || !reads || !recurrent && source == Node.NETWORK_INPUT) {
        continue;
      }
      int each = tensor.columns() * groups / channels;
      for (int i = 0; i < tensor.size(); i++) {
        int group = i / tensor.columns() / (tensor.rows() / groups);
        int channel = group * (channels / groups) + i % tensor.columns() / each;
        if (Arrays.binarySearch(left, channel) < 0) {
          masked[tensor.offset() + i] = 0;
        }
      }
    }
    return masked;
  }

  private static double[] wide(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** How many units and filters are left out. */
  private static int removedUnits(ReducedNetwork reduction) {
    return units(reduction.original()) - units(reduction.network().architecture());
  }

  private static int units(Architecture architecture) {
    return architecture.weights().stream()
        .mapToInt(ParameterTensor::layer)
        .distinct()
        .map(layer -> architecture.outputShape(layer).channels())
        .sum();
  }
}
