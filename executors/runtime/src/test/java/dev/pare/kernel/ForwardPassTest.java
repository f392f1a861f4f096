package dev.pare.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Embedding;
import dev.pare.graph.Factored;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Node;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardPassTest {
  private static final Layer OUTPUT = new Dense(4, Activation.SOFTMAX);

  /** Networks that together have every kind of layer there is. */
  static Stream<Architecture> architectures() {
    return Stream.concat(OperatorSamples.all().stream(), chains());
  }

  private static Stream<Architecture> chains() {
    return Stream.of(
        OperatorSamples.quantized(),
        new Architecture(
            new InputShape(2, 9, 8, 2),
            List.of(
                new Convolution(3, 3, 2, 1, Activation.IDENTITY),
                new BatchNormalization(1e-3f, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(5, 2, 1, Activation.SIGMOID),
                new Dense(6, Activation.RELU),
                OUTPUT)),
        new Architecture(
            new InputShape(4, 3, 2, 1),
            List.of(
                new Positions(),
                new SelfAttention(2),
                new LayerNormalization(1e-3f),
                new SelfAttention(3, 2, SelfAttention.Biases.TRAINED),
                Shortcut.from(1, Activation.TANH),
                OUTPUT)),
        new Architecture(
            new InputShape(1, 4, 4, 1),
            List.of(
                new Dense(9, Activation.IDENTITY),
                SparseActivation.topK(3),
                new Dense(9, Activation.IDENTITY),
                SparseActivation.threshold(0.1f),
                new Dense(9, Activation.IDENTITY),
                SparseActivation.binary(0.5f),
                OUTPUT)),
        new Architecture(
            new InputShape(2, 4, 3, 2),
            List.of(new Lstm(5, Lstm.Steps.ALL), new Lstm(3, Lstm.Steps.LAST), OUTPUT)),
        new Architecture(
            new InputShape(2, 5, 3, 1),
            List.of(
                new Factored(
                    new Convolution(4, 2, 1, Activation.TANH),
                    List.of(3),
                    Factored.SparseResidual.NONE),
                new Factored(
                    new Lstm(4, Lstm.Steps.ALL), List.of(2, 0), Factored.SparseResidual.PRESENT),
                new Factored(
                    new Dense(5, Activation.RELU), List.of(2), Factored.SparseResidual.PRESENT),
                OUTPUT)));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void logitsAreThoseOfThePlainReference(Architecture architecture) {
    SplittableRandom random = RandomSeed.random(architecture.toString());
    float[] parameters = parameters(architecture, random);
    ForwardPass pass = pass(architecture, parameters);
    for (int example = 0; example < 3; example++) {
      double[] numbers = random.doubles(architecture.input().size(), -1, 1).toArray();
      float[] features = narrow(OperatorSamples.input(architecture, numbers));

      float[] logits = pass.logits(features);

      double[] scaled = widen(features);
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] /= architecture.input().divisor();
      }
      double[] expected = ReferenceNetwork.logits(architecture, widen(parameters), scaled);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) logits[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void logitsOfManyAreToTheBitThoseOfEach(Architecture architecture) {
    SplittableRandom random = RandomSeed.random("many " + architecture);
    ForwardPass pass = pass(architecture, parameters(architecture, random));
    List<float[]> examples = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double[] numbers = random.doubles(architecture.input().size(), -1, 1).toArray();
      float[] features = narrow(OperatorSamples.input(architecture, numbers));
      if (i % 2 == 0) {
        Arrays.fill(features, 0, features.length / 2, 0);
      }
      examples.add(features);
    }
    List<float[]> each = examples.stream().map(pass::logits).toList();
    for (int count : new int[] {0, 1, 7, 8, 20, 300}) {
      assertThat(pass.logits(examples.subList(0, count)))
          .usingElementComparator(Arrays::compare)
          .isEqualTo(each.subList(0, count));
    }
  }

  @Test
  void manyOfALargeNetworkTakeNoMoreMemoryThanOne() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 1024, 1024, 1),
            List.of(
                new Pooling(Pooling.Pool.MAX, 1, 1),
                new Pooling(Pooling.Pool.MAX, 512, 512),
                OUTPUT));
    SplittableRandom random = RandomSeed.random("large");
    ForwardPass pass = pass(architecture, parameters(architecture, random));
    float[] features = new float[1 << 20];
    features[5] = 3;
    // Of 256 examples at once it would be two gigabytes.
    assertThat(pass.logits(Collections.nCopies(300, features)))
        .hasSize(300)
        .allSatisfy(logits -> assertThat(logits).isEqualTo(pass.logits(features)));
  }

  @Test
  void everyKindOfLayerButThoseOfDl4jHasAKernelAndIsAmongTheSamples() {
    Set<String> layers =
        new ClassFileImporter()
            .importPackagesOf(Layer.class).stream()
                .filter(type -> type.isAssignableTo(Layer.class) && !type.isInterface())
                .map(type -> type.getName())
                .filter(name -> !name.equals(Dl4jLayer.class.getName()))
                .collect(Collectors.toSet());
    Set<String> kernels = Kernels.kinds().stream().map(Class::getName).collect(Collectors.toSet());
    Set<String> samples =
        architectures()
            .flatMap(architecture -> architecture.layers().stream())
            .map(layer -> layer.getClass().getName())
            .collect(Collectors.toSet());

    assertThat(layers).hasSizeGreaterThan(25);
    assertThat(kernels).isEqualTo(layers);
    assertThat(samples).containsAll(layers);
  }

  @Test
  void aLayerOfDl4jIsRefusedByItsPlace() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Dense(2, Activation.RELU), new Dl4jLayer("{}", new Shape(2, 1, 1), List.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass(architecture, new float[architecture.parameters()]))
        .withMessage("layer 1: a DL4J layer runs in DL4J alone");
  }

  @Test
  void whatNoEmbeddingReadsMayBeAnyNumber() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Node(new ChannelSelection(List.of(2, 1)), List.of(Node.NETWORK_INPUT)),
                new Node(new ChannelSelection(List.of(1)), List.of(0)),
                new Node(new Embedding(10, 2), List.of(1)),
                new Node(new Dense(2, Activation.SOFTMAX), List.of(2))));
    ForwardPass pass = pass(architecture, new float[architecture.parameters()]);

    assertThat(pass.logits(new float[] {-0.5f, 9, 1e6f})).containsExactly(0, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass.logits(new float[] {0, 10, 1}))
        .withMessage("feature 1 = 10.0: must be a token, a whole number from 0 to 9");
  }

  @Test
  void tokensMustBeWholeNumbersThatThereAre() {
    Architecture architecture =
        new Architecture(new InputShape(1, 2, 1, 1), List.of(new Embedding(5, 3), OUTPUT));
    ForwardPass pass = pass(architecture, new float[architecture.parameters()]);
    assertThat(pass.logits(new float[] {0, 4})).hasSize(4);
    for (float wrong : new float[] {-1, 5, 0.5f, Float.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pass.logits(new float[] {0, wrong}))
          .withMessage("feature 1 = %s: must be a token, a whole number from 0 to 4", wrong);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass.logits(new float[3]))
        .withMessage("3 features: the network reads 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass.logits(List.of(new float[2], new float[3])))
        .withMessage("3 features: the network reads 2");
  }

  private static ForwardPass pass(Architecture architecture, float[] parameters) {
    return new ForwardPass(architecture, index -> tensor(architecture, index, parameters));
  }

  private static CompressedTensor tensor(Architecture architecture, int index, float[] parameters) {
    ParameterTensor place = architecture.tensors().get(index);
    return new FloatTensor(
        place.rows(), place.columns(), Arrays.copyOfRange(parameters, place.offset(), place.end()));
  }

  private static float[] parameters(Architecture architecture, SplittableRandom random) {
    float[] parameters = new float[architecture.parameters()];
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        double value = random.nextDouble(-0.7, 0.7);
        parameters[i] = (float) (tensor.role() == Role.VARIANCE ? 0.5 + value * value : value);
      }
    }
    return parameters;
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
