package dev.pare.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.Origin;
import dev.pare.artifact.Representation;
import dev.pare.artifact.SampleNetworks;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.RandomGraphs;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.ZeroPadding;
import dev.pare.model.NamedArchitecture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EquivalentNetworksTest {
  @ParameterizedTest
  @EnumSource
  void simplifiedNetworksOfAnyRepresentationComputeTheSame(Representation representation) {
    SplittableRandom random = RandomSeed.random(representation.toString());
    for (int trial = 0; trial < 20; trial++) {
      CompressedNetwork network =
          SampleNetworks.of(architecture(random), representation, 0.15, random);
      CompressedNetwork simple = EquivalentNetworks.simplify(network);
      assertSameFunction(network, simple, random);
      assertThat(EquivalentNetworks.simplify(simple)).isEqualTo(simple);
    }
  }

  @ParameterizedTest
  @EnumSource
  void orderedNetworksOfAnyRepresentationComputeTheSameInNoMoreBytes(
      Representation representation) {
    SplittableRandom random = RandomSeed.random(representation.toString());
    for (int trial = 0; trial < 20; trial++) {
      CompressedNetwork network =
          SampleNetworks.of(architecture(random), representation, 0.4, random);
      CompressedNetwork ordered = EquivalentNetworks.order(network);
      assertSameFunction(network, ordered, random);
      assertThat(ordered.architecture()).isEqualTo(network.architecture());
      assertThat(SampleNetworks.bytes(ordered).length)
          .isLessThanOrEqualTo(SampleNetworks.bytes(network).length + network.tensors().size());
    }
  }

  @Test
  void networksOfMixedRepresentationsComputeTheSame() {
    SplittableRandom random = RandomSeed.random("mixed");
    for (int trial = 0; trial < 100; trial++) {
      CompressedNetwork network = SampleNetworks.mixed(architecture(random), random);
      CompressedNetwork changed = EquivalentNetworks.order(EquivalentNetworks.simplify(network));
      assertSameFunction(network, changed, random);
    }
  }

  @Test
  void networksOfAllOperatorsComputeTheSame() {
    SplittableRandom random = RandomSeed.random("operators");
    List<Architecture> all = new ArrayList<>(OperatorSamples.all());
    // Channels that change places, and zeros around what is constant.
    all.add(
        new Architecture(
            new InputShape(2, 3, 3, 1),
            List.of(
                new Convolution(4, 1, 1, Activation.IDENTITY),
                new ChannelSelection(List.of(2, 0, 3, 1)),
                new Convolution(4, 1, 1, Activation.SIGMOID),
                new ZeroPadding(1, 0, 0, 1),
                new Convolution(3, 2, 1, Activation.SIGMOID),
                new Dense(3, Activation.SOFTMAX))));
    for (Architecture architecture : all) {
      for (int trial = 0; trial < 5; trial++) {
        CompressedNetwork network =
            SampleNetworks.of(architecture, Representation.SPARSE_FLOATS, 0.15, random);
        CompressedNetwork simple = EquivalentNetworks.simplify(network);
        assertSameFunction(network, simple, random);
        assertSameFunction(network, EquivalentNetworks.order(simple), random);
      }
    }
  }

  @Test
  void randomGraphsComputeTheSameInNoMoreBytes() {
    SplittableRandom random = RandomSeed.random("graphs");
    int removed = 0;
    for (int trial = 0; trial < 200; trial++) {
      Network start = RandomGraphs.sparse(RandomGraphs.next(random), random);
      CompressedNetwork network = SampleNetworks.codebooks(start);
      CompressedNetwork simple = EquivalentNetworks.simplify(network);
      assertSameFunction(network, simple, random);
      assertThat(EquivalentNetworks.simplify(simple)).isEqualTo(simple);
      CompressedNetwork ordered = EquivalentNetworks.order(simple);
      assertSameFunction(network, ordered, random);
      assertThat(SampleNetworks.bytes(ordered).length)
          .isLessThanOrEqualTo(SampleNetworks.bytes(simple).length + network.tensors().size());
      removed += network.architecture().parameters() - simple.architecture().parameters();
    }
    assertThat(removed).isGreaterThan(1000);
  }

  /** Filters of a branch, what shortcuts add, and units of gates. */
  @Test
  void unitsOfBranchesAndGatesAreOrderedToo() {
    InputShape image = new InputShape(70, 2, 2, 1);
    InputShape steps = new InputShape(70, 4, 1, 1);
    Layer filters = new Convolution(60, 1, 1, Activation.RELU);
    Layer end = new Dense(3, Activation.SOFTMAX);
    List<Architecture> all =
        List.of(
            new Architecture(
                image,
                List.of(
                    Node.of(filters, Node.NETWORK_INPUT),
                    Node.of(filters, Node.NETWORK_INPUT),
                    Node.of(new Concatenation(), 0, 1),
                    end)),
            new Architecture(
                image,
                List.of(filters, filters, Node.of(new Shortcut(Activation.RELU), 1, 0), end)),
            new Architecture(steps, List.of(new Lstm(60, Lstm.Steps.LAST), end)),
            new Architecture(steps, List.of(new Gru(60, Lstm.Steps.LAST), end)));
    for (Architecture architecture : all) {
      SplittableRandom random = new SplittableRandom(5);
      CompressedNetwork network = ofTenKinds(architecture, random);
      CompressedNetwork ordered = EquivalentNetworks.order(network);
      assertSameFunction(network, ordered, random);
      assertThat(SampleNetworks.bytes(ordered).length)
          .as("%s", architecture)
          .isLessThan(SampleNetworks.bytes(network).length * 99 / 100);
    }
  }

  @Test
  void anOriginKnowsUnitsThatOneOtherLayerReads() {
    // The attention's heads, the filters within its hidden layer, and the units before the output.
    assertThat(Origin.of(SampleNetworks.manyLayers(), 1).knownLayers()).containsExactly(7, 9, 14);
    assertThat(
            Origin.of(
                    NamedArchitecture.of(NamedArchitecture.Name.RESNET)
                        .resolve(new InputShape(1, 28, 28, 255), 10),
                    1)
                .knownLayers())
        .containsExactly(2, 7, 12);
  }

  @Test
  void unreadAndConstantUnitsGo() {
    Architecture architecture = dense(3, Activation.RELU);
    CompressedNetwork simple =
        EquivalentNetworks.simplify(
            new CompressedNetwork(
                architecture,
                List.of(
                    // Unread; constant 2; needed.
                    new FloatTensor(3, 2, new float[] {1, 2, 0, 0, 3, 4}),
                    new FloatTensor(1, 3, new float[] {5, 2, 6}),
                    new FloatTensor(2, 3, new float[] {0, 10, 1, 0, 20, -1}),
                    new FloatTensor(1, 2, new float[] {100, 200}))));
    assertThat(simple)
        .isEqualTo(
            new CompressedNetwork(
                dense(1, Activation.RELU),
                List.of(
                    new FloatTensor(1, 2, new float[] {3, 4}),
                    new FloatTensor(1, 1, new float[] {6}),
                    new FloatTensor(2, 1, new float[] {1, -1}),
                    new FloatTensor(1, 2, new float[] {120, 240}))));
  }

  @Test
  void constantsAreWhatSparseActivationsMakeOfThem() {
    // Constant 0.4, 0.6 and −1, and one that is needed.
    List<CompressedTensor> tensors =
        List.of(
            new FloatTensor(4, 2, new float[] {0, 0, 0, 0, 0, 0, 3, 4}),
            new FloatTensor(1, 4, new float[] {0.4f, 0.6f, -1, 6}),
            new FloatTensor(2, 4, new float[] {1, 10, 100, 1, 2, 20, 200, -1}),
            new FloatTensor(1, 2, new float[] {5, 5}));
    assertThat(nextBias(SparseActivation.threshold(0.5f), tensors)).containsExactly(11, 17);
    assertThat(nextBias(SparseActivation.binary(2), tensors)).containsExactly(5, 5);
    assertThat(nextBias(SparseActivation.binary(1), tensors)).containsExactly(15, 25);
  }

  private static float[] nextBias(SparseActivation activation, List<CompressedTensor> tensors) {
    CompressedNetwork simple =
        EquivalentNetworks.simplify(new CompressedNetwork(activated(4, activation), tensors));
    assertThat(simple.architecture()).isEqualTo(activated(1, activation));
    return simple.tensors().get(3).toFloats();
  }

  private static Architecture activated(int hidden, SparseActivation activation) {
    return new Architecture(
        new InputShape(2, 1, 1, 1),
        List.of(
            new Dense(hidden, Activation.IDENTITY), activation, new Dense(2, Activation.SOFTMAX)));
  }

  @Test
  void ofUnitsThatCompeteOnlyThoseGoThatNeverWin() {
    // Unread, but it may win; constant and winning; constant and never winning; needed.
    List<CompressedTensor> tensors =
        List.of(
            new FloatTensor(4, 2, new float[] {1, 2, 0, 0, 0, 0, 3, 4}),
            new FloatTensor(1, 4, new float[] {5, 2, -1, 6}),
            new FloatTensor(2, 4, new float[] {0, 10, 7, 1, 0, 20, 7, -1}),
            new FloatTensor(1, 2, new float[] {5, 5}));
    SparseActivation winners = SparseActivation.topK(2);
    CompressedNetwork simple =
        EquivalentNetworks.simplify(new CompressedNetwork(activated(4, winners), tensors));
    assertThat(simple)
        .isEqualTo(
            new CompressedNetwork(
                activated(3, winners),
                List.of(
                    new FloatTensor(3, 2, new float[] {1, 2, 0, 0, 3, 4}),
                    new FloatTensor(1, 3, new float[] {5, 2, 6}),
                    new FloatTensor(2, 3, new float[] {0, 10, 1, 0, 20, -1}),
                    new FloatTensor(1, 2, new float[] {5, 5}))));
  }

  @Test
  void aConstantUnitStaysWhereTheNextBiasCannotTakeIt() {
    CompressedNetwork network =
        new CompressedNetwork(
            dense(2, Activation.RELU),
            List.of(
                new FloatTensor(2, 2, new float[] {0, 0, 3, 4}),
                new FloatTensor(1, 2, new float[] {2, 6}),
                new FloatTensor(2, 2, new float[] {10, 1, 20, -1}),
                new UniformTensor(new LevelMatrix(1, 2, new short[] {3, 4}), new float[] {0.5f})));
    assertThat(EquivalentNetworks.simplify(network)).isEqualTo(network);
  }

  @Test
  void numbersOfTokensVectorsGoThatAreZeroOrUnread() {
    Layer end = new Dense(2, Activation.SOFTMAX);
    InputShape tokens = new InputShape(1, 1, 1, 1);
    CompressedNetwork simple =
        EquivalentNetworks.simplify(
            new CompressedNetwork(
                new Architecture(tokens, List.of(new Embedding(3, 4), end)),
                List.of(
                    new FloatTensor(4, 3, new float[] {1, 2, 3, 0, 0, 0, 4, 0, 5, 6, 7, 8}),
                    new FloatTensor(2, 4, new float[] {1, 2, 0, 3, 4, 5, 0, 6}),
                    new FloatTensor(1, 2, new float[] {1, 2}))));
    assertThat(simple)
        .isEqualTo(
            new CompressedNetwork(
                new Architecture(tokens, List.of(new Embedding(3, 2), end)),
                List.of(
                    new FloatTensor(2, 3, new float[] {1, 2, 3, 6, 7, 8}),
                    new FloatTensor(2, 2, new float[] {1, 3, 4, 6}),
                    new FloatTensor(1, 2, new float[] {1, 2}))));
  }

  @Test
  void oneUnitStaysThoughNobodyReadsAny() {
    CompressedNetwork simple =
        EquivalentNetworks.simplify(
            new CompressedNetwork(
                dense(3, Activation.TANH),
                List.of(
                    new FloatTensor(3, 2, new float[6]),
                    new FloatTensor(1, 3, new float[3]),
                    new FloatTensor(2, 3, new float[6]),
                    new FloatTensor(1, 2, new float[] {1, 2}))));
    assertThat(simple.architecture()).isEqualTo(dense(1, Activation.TANH));
  }

  @Test
  void centroidsWithoutWeightsGo() {
    CodebookTensor tensor =
        new CodebookTensor(
            new LevelMatrix(2, 3, new short[] {-3, 0, 2, -1, 2, 0}),
            new float[] {-9, -7, -5, -3, 1, 2, 4});
    assertThat(tensor.compact())
        .isEqualTo(
            new CodebookTensor(
                new LevelMatrix(2, 3, new short[] {-2, 0, 1, -1, 1, 0}), new float[] {-7, -3, 2}));
  }

  @Test
  void likeUnitsComeTogetherAndTakeFewerBytes() {
    SplittableRandom random = RandomSeed.random("alike");
    CompressedNetwork network = ofTenKinds(SampleNetworks.lenet300100(), random);
    CompressedNetwork ordered = EquivalentNetworks.order(network);
    assertSameFunction(network, ordered, random);
    assertThat(SampleNetworks.bytes(ordered).length)
        .isLessThan(SampleNetworks.bytes(network).length * 19 / 20);
  }

  /** Each unit has weights from inputs that a tenth of the units have in common. */
  private static CompressedNetwork ofTenKinds(Architecture architecture, SplittableRandom random) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      float[] values = new float[place.size()];
      for (int i = 0; i < values.length && place.isWeight(); i++) {
        int row = i / place.columns();
        int column = i % place.columns();
        // Ten kinds of units, each with inputs of its own.
        boolean own = (column / 7 + row) % 10 == 0;
        if (random.nextDouble() < (own ? 0.5 : 0.01)) {
          values[i] = (column & 8) == 0 ? 0.5f : -0.5f;
        }
      }
      tensors.add(
          place.isWeight()
              ? CodebookTensor.of(place.rows(), place.columns(), values)
              : new FloatTensor(1, place.columns(), values));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  private static Architecture dense(int hidden, Activation activation) {
    return new Architecture(
        new InputShape(2, 1, 1, 1),
        List.of(new Dense(hidden, activation), new Dense(2, Activation.SOFTMAX)));
  }

  private static Architecture architecture(SplittableRandom random) {
    int kind = random.nextInt(6);
    if (kind == 0) {
      return SampleNetworks.smallConvolutional();
    }
    if (kind == 1) {
      return new Architecture(
          new InputShape(1, 6, 6, 1),
          List.of(
              new Convolution(6, 3, 1, Activation.IDENTITY),
              new BatchNormalization(0.01f, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(5, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));
    }
    if (kind == 2) {
      return SampleNetworks.manyLayers();
    }
    if (kind == 4) {
      return new Architecture(
          new InputShape(1, 6, 6, 1),
          List.of(
              new Convolution(6, 3, 1, Activation.IDENTITY),
              SparseActivation.topK(40),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(8, Activation.IDENTITY),
              SparseActivation.threshold(0.3f),
              new Dense(7, Activation.IDENTITY),
              SparseActivation.topK(3),
              new Dense(5, Activation.IDENTITY),
              SparseActivation.binary(0.4f),
              new Dense(3, Activation.SOFTMAX)));
    }
    if (kind == 3) {
      // The hidden filters are read with zeros beside them.
      return new Architecture(
          new InputShape(1, 4, 4, 1),
          List.of(
              new Convolution(3, 3, 1, 1, Activation.SIGMOID),
              new Convolution(5, 3, 1, 1, Activation.SIGMOID),
              new Convolution(3, 3, 1, 1, Activation.IDENTITY),
              Shortcut.from(0, Activation.RELU),
              new Dense(3, Activation.SOFTMAX)));
    }
    return new Architecture(
        new InputShape(7, 1, 1, 1),
        List.of(
            new Dense(9, Activation.RELU),
            new Dense(6, Activation.SIGMOID),
            new Dense(5, Activation.TANH),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static void assertSameFunction(
      CompressedNetwork one, CompressedNetwork other, SplittableRandom random) {
    for (int example = 0; example < 3; example++) {
      double[] input =
          OperatorSamples.input(
              one.architecture(),
              random.doubles(one.architecture().input().size()).map(x -> 2 * x - 1).toArray());
      double[] expected = logits(one, input);
      double[] actual = logits(other, input);
      for (int i = 0; i < expected.length; i++) {
        // Folded biases are rounded to floats.
        assertThat(actual[i])
            .as("%s", other.architecture())
            .isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
      }
    }
  }

  private static double[] logits(CompressedNetwork network, double[] input) {
    float[] parameters = network.toNetwork().parameters();
    double[] widened = new double[parameters.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = parameters[i];
    }
    return ReferenceNetwork.logits(network.architecture(), widened, input);
  }
}
