package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shortcut;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import dev.pare.train.ImportedNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layers networks become, and what is left of exporters' detours. */
class ImportTest {
  private static final InputShape NORMALIZED = new InputShape(2, 4, 3, 1);

  private static final float[] WEIGHTS = {
    1, -2, 3, 0.5f, 1, -1, 2, 0, 1, -1, 1, 2, -3, 1, 0.25f, 2, -1, 4
  };

  private static Architecture architecture(String name) throws IOException {
    return Import.of(
            GraphReader.read(ModelProto.parseFrom(OnnxFiles.model(name))),
            OnnxFiles.SUPPORTED.get(name))
        .network()
        .architecture();
  }

  private static List<Layer> layers(String name) throws IOException {
    return layers(ModelProto.parseFrom(OnnxFiles.model(name)), OnnxFiles.SUPPORTED.get(name));
  }

  private static List<Layer> layers(ModelProto model, InputShape input) {
    return Import.of(GraphReader.read(model), input).network().architecture().layers();
  }

  @Test
  void standardizationBecomesBatchNormalization() throws IOException {
    assertThat(layers("mlp"))
        .containsExactly(
            new BatchNormalization(1e-12f, Activation.IDENTITY),
            new Dense(8, Activation.RELU),
            new Dense(5, Activation.TANH),
            new Dense(3, Activation.SOFTMAX));
  }

  @Test
  void flatteningsByShapesVanish() throws IOException {
    List<Layer> expected =
        List.of(
            new Convolution(4, 3, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(6, 3, 1, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Dense(10, Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.SIGMOID),
            new Dense(4, Activation.SOFTMAX));
    for (String name : List.of("cnn-opset-9", "cnn-opset-17", "cnn-one-example")) {
      assertThat(layers(name)).as(name).isEqualTo(expected);
    }
    assertThat(layers("cnn-unfolded")).hasSize(9);
  }

  @Test
  void sumsBecomeShortcuts() throws IOException {
    assertThat(architecture("resnet").nodes())
        .contains(
            Node.of(new Shortcut(Activation.RELU), 2, 0),
            Node.of(new Shortcut(Activation.RELU), 6, 4))
        .hasSize(10);
    assertThat(layers("resnet")).contains(new Pooling(Pooling.Pool.AVERAGE, 4, 4));
    assertThat(architecture("pre-activation"))
        .isEqualTo(
            new Architecture(
                architecture("pre-activation").input(),
                List.of(
                    new Convolution(4, 3, 1, 1, Activation.IDENTITY),
                    new BatchNormalization(1e-5f, Activation.RELU),
                    new Convolution(4, 3, 1, 1, Activation.IDENTITY),
                    Shortcut.from(0, Activation.IDENTITY),
                    // The sum itself is read again.
                    Elementwise.of(Elementwise.Function.RELU),
                    new Convolution(4, 3, 1, 1, Activation.IDENTITY),
                    Shortcut.from(3, Activation.IDENTITY),
                    new Pooling(Pooling.Pool.AVERAGE, 6, 6),
                    new Dense(3, Activation.SOFTMAX))));
  }

  /** A projection's sum is a shortcut of two convolutions. */
  @Test
  void branchesStayBranches() throws IOException {
    assertThat(architecture("projection").nodes())
        .contains(
            Node.of(new Convolution(6, 1, 2, Activation.IDENTITY), 0),
            Node.of(new Shortcut(Activation.RELU), 3, 2));
    assertThat(layers("mobilenet-v2"))
        .contains(
            new Convolution(8, 8, new Window(3, 2, 1), new Window(3, 2, 1), Activation.IDENTITY),
            new Elementwise(Elementwise.Function.CLIP, 0, 6))
        .hasSize(17);
    assertThat(layers("mobilenet-v3-opset-17"))
        .contains(
            Elementwise.of(Elementwise.Function.HARD_SWISH),
            new Arithmetic(Arithmetic.Operation.MULTIPLY))
        .isEqualTo(layers("mobilenet-v3-opset-9"));
    assertThat(layers("densenet")).filteredOn(Concatenation.class::isInstance).hasSize(3);
  }

  /** The classes of SqueezeNet are channels, whose places are averaged. */
  @Test
  void classesMayBeChannels() throws IOException {
    List<Layer> layers = layers("squeezenet");
    assertThat(layers.subList(layers.size() - 2, layers.size()))
        .containsExactly(
            new Convolution(4, 1, 1, Activation.RELU), new Pooling(Pooling.Pool.AVERAGE, 3, 3));
  }

  /** The channels' order goes into the next selection, where there is one. */
  @Test
  void shufflesBecomeSelectionsOfChannels() throws IOException {
    List<Layer> shuffled = layers("shufflenet-opset-17");
    assertThat(shuffled)
        .filteredOn(ChannelSelection.class::isInstance)
        .containsExactly(
            ChannelSelection.range(0, 4),
            ChannelSelection.range(4, 4),
            new ChannelSelection(List.of(0, 4, 1, 5)),
            new ChannelSelection(List.of(2, 6, 3, 7)),
            new ChannelSelection(List.of(0, 4, 1, 5, 2, 6, 3, 7)));
    assertThat(layers("shufflenet-opset-11")).isEqualTo(shuffled);
  }

  @Test
  void functionsThatExportersWriteAsArithmetic() throws IOException {
    List<Layer> expected =
        List.of(
            Elementwise.of(Elementwise.Function.GELU),
            Elementwise.of(Elementwise.Function.SILU),
            Elementwise.of(Elementwise.Function.SOFTPLUS),
            new Elementwise(Elementwise.Function.ELU, 0.5f, 0),
            Elementwise.of(Elementwise.Function.SELU),
            new Elementwise(Elementwise.Function.LEAKY_RELU, 0.25f, 0),
            new Elementwise(Elementwise.Function.LEAKY_RELU, 0.1f, 0),
            Elementwise.of(Elementwise.Function.HARD_SWISH),
            new Elementwise(Elementwise.Function.HARD_SIGMOID, 1f / 6, 0.5f),
            // Mish.
            Elementwise.of(Elementwise.Function.SOFTPLUS),
            Elementwise.of(Elementwise.Function.TANH),
            new Arithmetic(Arithmetic.Operation.MULTIPLY),
            new Elementwise(Elementwise.Function.CLIP, -0.5f, 0.75f));
    for (String name : List.of("functions-opset-9", "functions-opset-17")) {
      assertThat(layers(name))
          .as(name)
          .filteredOn(layer -> !(layer instanceof Dense))
          .isEqualTo(expected);
    }
  }

  /** In whatever order the factors are. */
  @Test
  void functionsAreRecognizedByTheirCoefficients() {
    Models tanh = new Models(17, -1, 3);
    String x = tanh.last();
    tanh.node("Mul", Map.of(), List.of(x, x));
    tanh.then("Mul", Map.of(), tanh.constant(new int[0], 0.035677408f));
    tanh.then("Add", Map.of(), tanh.constant(new int[0], 0.7978846f));
    tanh.then("Mul", Map.of(), x).then("Tanh", Map.of());
    tanh.then("Mul", Map.of(), tanh.constant(new int[0], 0.5f));
    tanh.then("Add", Map.of(), tanh.constant(new int[0], 0.5f)).then("Mul", Map.of(), x);
    assertThat(layers(ended(tanh), new InputShape(3, 1, 1, 1)))
        .first()
        .isEqualTo(Elementwise.of(Elementwise.Function.GELU_TANH));

    Models other = new Models(17, -1, 3);
    other.then("Div", Map.of(), other.constant(new int[0], 1.5f)).then("Sigmoid", Map.of());
    other.then("Mul", Map.of(), "x");
    assertThat(layers(ended(other), new InputShape(3, 1, 1, 1)))
        .contains(new Arithmetic(Arithmetic.Operation.MULTIPLY))
        .doesNotContain(Elementwise.of(Elementwise.Function.SILU));
  }

  private static ModelProto ended(Models model) {
    return model
        .then("MatMul", Map.of(), model.constant(new int[] {3, 2}, 1, 2, 3, 4, 5, 6f))
        .build();
  }

  @Test
  void paddingIsPartOfWindowsWhereItCanBe() throws IOException {
    assertThat(layers("uneven"))
        .containsExactly(
            new Convolution(
                4, new Window(3, 1, 1, 2, 1), new Window(2, 1, 2, 0, 1), Activation.RELU),
            new ZeroPadding(1, 1, 1, 1),
            new Pooling(Pooling.Pool.AVERAGE, new Window(2, 1, 0), new Window(3, 2, 0)),
            new Convolution(
                6, 2, new Window(3, 1, 2, 2, 2), new Window(3, 1, 2, 2, 2), Activation.IDENTITY),
            new Elementwise(Elementwise.Function.CLIP, 0, 6),
            new Pooling(Pooling.Pool.MAX, new Window(3, 2, 1, 1, 2), new Window(1, 2, 0)),
            new ZeroPadding(1, 1, 1, 1),
            new Convolution(4, 1, 1, Activation.TANH),
            new Pooling(Pooling.Pool.AVERAGE, new Window(8, 8, 0), new Window(4, 4, 0)),
            new Dense(3, Activation.SOFTMAX));
  }

  @Test
  void theLastStepsOfLstms() throws IOException {
    for (String name : List.of("lstm-opset-9", "lstm-opset-17", "lstm-hidden")) {
      assertThat(layers(name))
          .as(name)
          .containsExactly(
              new Lstm(6, Lstm.Steps.ALL),
              new Lstm(6, Lstm.Steps.LAST),
              new Dense(3, Activation.SOFTMAX));
    }
  }

  @Test
  void layerNormalizationInNineOperatorsIsRecognized() throws IOException {
    List<Layer> expected =
        List.of(
            new Dense(8, Activation.IDENTITY),
            new LayerNormalization(1e-5f),
            Elementwise.of(Elementwise.Function.RELU),
            new Dense(5, Activation.IDENTITY),
            new LayerNormalization(1e-5f),
            new Dense(3, Activation.SOFTMAX));
    assertThat(layers("layer-normalization-opset-17")).isEqualTo(expected);
    assertThat(layers("layer-normalization-opset-13")).isEqualTo(expected);
  }

  /**
   * As LayerNorm2d is written, over channels that come first: along one axis, not all behind it.
   */
  @ParameterizedTest
  @CsvSource({"1, 2x1x1", "-3, 2x1x1", "2, 4x1", "-2, 4x1", "3, 3", "-1, 3", "-1, 4x1", "1, 1"})
  void layerNormalizationInNineOperatorsIsAlongOneAxis(long axis, String sides) {
    SplittableRandom random = new SplittableRandom(8);
    int[] dims = Stream.of(sides.split("x")).mapToInt(Integer::parseInt).toArray();
    byte[] file = normalized(random, axis, dims);
    assertThat(OnnxFile.read(file, NORMALIZED, floats(random, 5 * 24)).comparison())
        .startsWith("outputs on 5 examples differ");
  }

  @Test
  void aFactorAlongAnotherAxisThanThatOfTheNormalizationIsRefused() {
    byte[] file = normalized(new SplittableRandom(9), 1, 3);
    assertThatThrownBy(() -> OnnxFile.read(file, NORMALIZED, new float[24]))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("a constant of 3 does not lie along axis 1 of 1×2×4×3");
  }

  private static byte[] normalized(SplittableRandom random, long axis, int... dims) {
    Models model = new Models(13, -1, 2, 4, 3);
    Map<String, Object> over = Map.of("axes", new long[] {axis}, "keepdims", 1);
    String mean = model.then("ReduceMean", over).last();
    String deviation = model.node("Sub", Map.of(), List.of("x", mean)).last();
    model.node("Mul", Map.of(), List.of(deviation, deviation)).then("ReduceMean", over);
    model.then("Add", Map.of(), model.constant(new int[0], 1e-3f)).then("Sqrt", Map.of());
    model.node("Div", Map.of(), List.of(deviation, model.last()));
    int size = IntStream.of(dims).reduce(1, (a, b) -> a * b);
    model.then("Mul", Map.of(), model.constant(dims, floats(random, size)));
    model.then("Add", Map.of(), model.constant(dims, floats(random, size)));
    model.then("Flatten", Map.of());
    model.then("MatMul", Map.of(), model.constant(new int[] {24, 3}, floats(random, 72)));
    return model.build().toByteArray();
  }

  @Test
  void sequencesAndImagesWithChannelsLast() throws IOException {
    assertThat(layers("sequence"))
        .startsWith(
            new Convolution(4, new Window(3, 2, 1), Window.POINTS, Activation.RELU),
            new Convolution(3, new Window(2, 1, 0), Window.POINTS, Activation.TANH));
    assertThat(layers("channels-last"))
        .containsExactly(
            new Convolution(4, 3, 1, Activation.RELU), new Dense(3, Activation.SOFTMAX));
  }

  /** With the means and the variances that do the same; padding comes behind it. */
  @Test
  void standardizedChannelsHaveTheStatisticsOfTheirBatchNormalization() {
    InputShape input = new InputShape(2, 4, 4, 1);
    for (int padding = 0; padding <= 1; padding++) {
      Network network = Import.of(GraphReader.read(standardized(padding).build()), input).network();
      assertThat(network.architecture().layers().get(0))
          .isEqualTo(new BatchNormalization(1e-12f, Activation.IDENTITY));
      // Factors, summands, means and variances.
      assertThat(network.parameters()).startsWith(1, 1, 0, 0, 0.5f, 0.25f, 4, 16);
    }
  }

  /** Steps have the features of one channel, which batch normalization would not tell apart. */
  @Test
  void standardizedFeaturesOfStepsGoIntoTheWeights() {
    Models model = new Models(17, -1, 4, 2);
    model.then("Sub", Map.of(), model.constant(new int[] {2}, 1f, -2f));
    model.then("Mul", Map.of(), model.constant(new int[] {2}, 3f, 0.5f));
    model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
    model.then(
        "LSTM",
        Map.of("hidden_size", 1),
        model.constant(new int[] {1, 4, 2}, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f),
        model.constant(new int[] {1, 4, 1}, new float[4]));
    model.then("Squeeze", Map.of(), model.constant(new int[] {1}, 1L));
    model.then("Gather", Map.of("axis", 0), model.constant(new int[0], 3L));
    model.then("MatMul", Map.of(), model.constant(new int[] {1, 2}, 1f, 2f));
    Network network =
        Import.of(GraphReader.read(model.build()), new InputShape(1, 4, 2, 1)).network();
    assertThat(network.architecture().layers())
        .containsExactly(new Lstm(1, Lstm.Steps.LAST), new Dense(2, Activation.SOFTMAX));
    // ONNX has input, output, forget and cell, Pare cell, forget, output and input.
    assertThat(network.parameters()).startsWith(21, 4, 15, 3, 9, 2, 3, 1);
  }

  private static Models standardized(int padding) {
    Models model = new Models(17, -1, 2, 4, 4);
    model.then("Sub", Map.of(), model.constant(new int[] {2, 1, 1}, 0.5f, 0.25f));
    model.then("Div", Map.of(), model.constant(new int[] {2, 1, 1}, 2f, 4f));
    long[] pads = {padding, padding, padding, padding};
    model.then("Conv", Map.of("pads", pads), model.constant(new int[] {1, 2, 3, 3}, new float[18]));
    model.then("Flatten", Map.of());
    int features = padding == 1 ? 16 : 4;
    return model.then(
        "MatMul", Map.of(), model.constant(new int[] {features, 2}, new float[features * 2]));
  }

  @Test
  void aConvolutionOverAllThereIsEndsANetwork() {
    Models model = new Models(17, -1, 2, 4, 4);
    model.then("Conv", Map.of(), model.constant(new int[] {3, 2, 4, 4}, new float[96]));
    model.then("Flatten", Map.of());
    assertThat(layers(model.build(), new InputShape(2, 4, 4, 1)))
        .containsExactly(new Dense(3, Activation.SOFTMAX));
  }

  /** A normalization of each place by numbers of its own is no layer, but part of the next one. */
  @Test
  void normalizationBehindAFlatteningGoesIntoTheNextWeights() {
    InputShape input = new InputShape(1, 4, 4, 1);
    float[] examples = new float[32];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) Math.sin(i);
    }
    assertThat(
            OnnxFile.read(flattened().build().toByteArray(), input, examples)
                .network()
                .architecture()
                .layers())
        .containsExactly(
            new Convolution(1, 3, 1, Activation.IDENTITY), new Dense(2, Activation.SOFTMAX));
    Models activated = flattened();
    int normalization = 2;
    activated
        .graph()
        .addNode(
            normalization + 1,
            NodeProto.newBuilder()
                .setName("relu")
                .setOpType("Relu")
                .addInput(activated.graph().getNode(normalization).getOutput(0))
                .addOutput("activated"));
    activated.graph().getNodeBuilder(normalization + 2).setInput(0, "activated");
    // Where no weights can take it up, its numbers become channels.
    assertThat(
            OnnxFile.read(activated.build().toByteArray(), input, examples)
                .network()
                .architecture()
                .layers())
        .containsExactly(
            new Convolution(1, 3, 1, Activation.IDENTITY),
            new Rearrangement(4, 1, 1, 0, List.of(4), List.of(1)),
            new BatchNormalization(1e-12f, Activation.RELU),
            new Dense(2, Activation.SOFTMAX));
  }

  /** Rows and columns of channels that stay what they are. */
  @Test
  void cropsLeaveChannelsAsTheyAre() {
    InputShape input = new InputShape(2, 6, 5, 1);
    Models model = new Models(17, -1, 2, 6, 5);
    model.then("Conv", Map.of(), model.constant(new int[] {3, 2, 1, 1}, 1, 2, -1, 1, 0, 3f));
    model.then(
        "Slice",
        Map.of(),
        model.constant(new int[] {2}, 1L, 0L),
        model.constant(new int[] {2}, 6L, 4L),
        model.constant(new int[] {2}, 2L, 3L),
        model.constant(new int[] {2}, 2L, 1L));
    model.then("GlobalMaxPool", Map.of()).then("Flatten", Map.of());
    assertThat(layers(read(model, input), input))
        .containsExactly(
            new Convolution(3, 1, 1, Activation.IDENTITY),
            new Rearrangement(0, 3, 4, 5, List.of(3, 4), List.of(10, 1)),
            new Pooling(Pooling.Pool.MAX, new Window(3, 3, 0), new Window(4, 4, 0)));
  }

  /** A product of an image and its transpose, and vectors of several sizes side by side. */
  @Test
  void numbersThatLieElsewhereAreRearranged() {
    InputShape input = new InputShape(2, 6, 5, 1);
    Models image = new Models(17, -1, 2, 6, 5);
    image.then("Transpose", Map.of("perm", new long[] {0, 1, 3, 2}));
    image.then("Reshape", Map.of(), image.constant(new int[] {4}, 0L, 2L, 6L, 5L));
    image.then("Mul", Map.of(), "x").then("Flatten", Map.of());
    assertThat(layers(read(image, input), input))
        .hasAtLeastOneElementOfType(Rearrangement.class)
        .contains(new Arithmetic(Arithmetic.Operation.MULTIPLY));
    Models flat = new Models(17, -1, 2, 6, 5);
    flat.then("GlobalMaxPool", Map.of()).then("Flatten", Map.of());
    String pooled = flat.last();
    flat.node("Flatten", Map.of(), List.of("x")).then("Concat", Map.of("axis", 1), pooled);
    assertThat(layers(read(flat, input), input))
        .endsWith(new Rearrangement(60, 1, 1, 0, List.of(60), List.of(1)), new Concatenation());
  }

  /** Rows, columns or numbers in an order without a rule are selected in runs that are as long. */
  @Test
  void numbersAtIrregularDistancesAreSelectedInRuns() {
    InputShape input = new InputShape(2, 6, 5, 1);
    Models rows = new Models(17, -1, 2, 6, 5);
    rows.then("Gather", Map.of("axis", 2), rows.constant(new int[] {3}, 0L, 1L, 4L));
    rows.then("Flatten", Map.of());
    assertThat(layers(read(rows, input), input))
        .contains(new ChannelSelection(List.of(0, 1, 4, 6, 7, 10)));
    Models columns = new Models(17, -1, 2, 6, 5);
    columns.then("Gather", Map.of("axis", 3), columns.constant(new int[] {3}, 0L, 1L, 3L));
    columns.then("Flatten", Map.of());
    assertThat(layers(read(columns, input), input))
        .anySatisfy(
            layer ->
                assertThat(layer)
                    .isInstanceOfSatisfying(
                        ChannelSelection.class,
                        selection ->
                            assertThat(selection.channels())
                                .hasSize(36)
                                .startsWith(0, 1, 3, 5, 6, 8)));
  }

  /** Branches that have as many rows and columns, but one of them with its places as channels. */
  @Test
  void branchesInDifferentOrdersAreJoinedInOne() {
    InputShape input = new InputShape(2, 2, 2, 1);
    Models model = new Models(17, -1, 2, 2, 2);
    model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, 2L, 4L));
    model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
    model.then(
        "MatMul", Map.of(), model.constant(new int[] {2, 2}, new float[] {0.5f, -1, 0.25f, 2}));
    model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
    model.then(
        "MatMul",
        Map.of(),
        model.constant(new int[] {4, 2}, new float[] {1, -1, 0.5f, 0.25f, 2, -2, 0.75f, 3}));
    model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, 2L, 2L, 1L));
    String source = model.last();
    model.then(
        "Conv",
        Map.of("kernel_shape", new long[] {1, 1}),
        model.constant(new int[] {2, 2, 1, 1}, new float[] {1, 2, -1, 0.5f}));
    model.node("Concat", Map.of("axis", 1), List.of(model.last(), source));
    model.then(
        "Conv",
        Map.of("kernel_shape", new long[] {1, 1}),
        model.constant(new int[] {1, 4, 1, 1}, new float[] {1, -2, 3, 0.5f}));
    model.then("Flatten", Map.of());
    assertThat(layers(read(model, input), input))
        .contains(new Concatenation())
        .noneMatch(ChannelSelection.class::isInstance);
  }

  /** An output that is an image is what a network of as many numbers makes. */
  @Test
  void imagesMayBeMade() throws IOException {
    assertThat(architecture("autoencoder").outputs()).isEqualTo(2 * 8 * 6);
    assertThat(architecture("autoencoder").outputLayers()).containsExactly(5);
    assertThat(layers("autoencoder"))
        .endsWith(
            new TransposedConvolution(
                2, 1, new Window(3, 1, 1), new Window(3, 1, 1), 0, 0, Activation.IDENTITY),
            new Rearrangement(96, 1, 1, 0, List.of(96), List.of(1)));
  }

  @Test
  void groupNormalizationInSeveralOperatorsIsRecognized() throws IOException {
    for (int opset : new int[] {11, 13, 16}) {
      assertThat(layers("unet-opset-" + opset))
          .filteredOn(GroupNormalization.class::isInstance)
          .containsExactly(
              new GroupNormalization(2, 1e-5f),
              new GroupNormalization(0, 1e-5f),
              new GroupNormalization(4, 1e-5f));
      // That behind a transposed convolution alone.
      assertThat(layers("unet-opset-" + opset))
          .filteredOn(BatchNormalization.class::isInstance)
          .hasSize(1);
    }
  }

  /** Compared with ONNX Runtime. */
  private static ModelProto read(Models model, InputShape input) {
    ModelProto built = model.build();
    float[] examples = new float[3 * input.size()];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) Math.sin(i);
    }
    OnnxFile.read(built.toByteArray(), input, examples).network();
    return built;
  }

  private static Models flattened() {
    Models model = new Models(17, -1, 1, 4, 4);
    float[] kernel = {1, -2, 3, 0.5f, 1, -1, 2, 0, 1};
    model.then("Conv", Map.of(), model.constant(new int[] {1, 1, 3, 3}, kernel));
    model.then("Flatten", Map.of());
    model.then(
        "BatchNormalization",
        Map.of(),
        model.constant(new int[] {4}, 1f, 2f, 3f, 4f),
        model.constant(new int[] {4}, 0.5f, 0f, -1f, 2f),
        model.constant(new int[] {4}, 1f, -1f, 0.5f, 0f),
        model.constant(new int[] {4}, 1f, 4f, 0.25f, 2f));
    float[] weights = {1, 2, -3, 4, 0.5f, -1, 2, 1};
    return model.then("MatMul", Map.of(), model.constant(new int[] {4, 2}, weights));
  }

  /** As a class token and a register beside an image's patches, with positions for all of them. */
  @Test
  void constantsBesideWhatIsComputedBecomePositions() {
    SplittableRandom random = new SplittableRandom(5);
    for (int axis = 1; axis <= 2; axis++) {
      int[] beside = axis == 1 ? new int[] {1, 1, 3} : new int[] {1, 4, 1};
      int[] all = axis == 1 ? new int[] {1, 6, 3} : new int[] {1, 4, 5};
      Models model = new Models(17, 1, 4, 3);
      String token = model.constant(beside, floats(random, beside[1] * beside[2]));
      String register = model.constant(beside, floats(random, beside[1] * beside[2]));
      model.node("Concat", Map.of("axis", axis), List.of(token, "x", register));
      model.then("Add", Map.of(), model.constant(all, floats(random, all[1] * all[2])));
      model.then(
          "MatMul", Map.of(), model.constant(new int[] {all[2], 2}, floats(random, 2 * all[2])));
      model.then("Relu", Map.of());
      model.then("Flatten", Map.of());
      model.then(
          "Gemm", Map.of(), model.constant(new int[] {2 * all[1], 3}, floats(random, 6 * all[1])));
      InputShape input = axis == 1 ? new InputShape(3, 4, 1, 1) : new InputShape(1, 4, 3, 1);
      byte[] file = model.build().toByteArray();

      // Its outputs are compared with ONNX Runtime's.
      List<Layer> layers =
          OnnxFile.read(file, input, floats(random, 36)).network().architecture().layers();

      assertThat(layers).hasAtLeastOneElementOfType(ZeroPadding.class);
      assertThat(layers).hasAtLeastOneElementOfType(Positions.class);
    }
  }

  /** As a vision transformer has it: patches are places of an image, and become steps here. */
  @Test
  void aClassTokenBeforePatchesIsAStepOfItsOwn() {
    SplittableRandom random = new SplittableRandom(6);
    Models model = new Models(17, 1, 1, 4, 6);
    model.then(
        "Conv",
        Map.of("kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2}),
        model.constant(new int[] {5, 1, 2, 2}, floats(random, 20)));
    model.then("Reshape", Map.of(), model.constant(new int[] {3}, 1L, 5L, 6L));
    String patches = model.then("Transpose", Map.of("perm", new long[] {0, 2, 1})).last();
    String token = model.constant(new int[] {1, 1, 5}, floats(random, 5));
    model.node("Concat", Map.of("axis", 1), List.of(token, patches));
    model.then("Add", Map.of(), model.constant(new int[] {1, 7, 5}, floats(random, 35)));
    model.then("MatMul", Map.of(), model.constant(new int[] {5, 4}, floats(random, 20)));
    model.then("Relu", Map.of());
    model.then("Gather", Map.of("axis", 1), model.constant(new int[0], 0L));
    model.then("Gemm", Map.of(), model.constant(new int[] {4, 3}, floats(random, 12)));

    List<Layer> layers =
        OnnxFile.read(model.build().toByteArray(), new InputShape(1, 4, 6, 1), floats(random, 72))
            .network()
            .architecture()
            .layers();

    assertThat(layers).contains(new ZeroPadding(1, 0, 0, 0));
  }

  private static float[] floats(SplittableRandom random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) random.nextDouble(-1, 1);
    }
    return floats;
  }

  /** What reads a file otherwise than ONNX Runtime must not be believed. */
  @Test
  void outputsThatDifferAreRefused() throws IOException {
    byte[] model = OnnxFiles.model("mlp");
    float[] inputs = OnnxFiles.floats("mlp.inputs");
    inputs[0] = Float.NaN;
    assertThatThrownBy(() -> OnnxFile.read(model, OnnxFiles.SUPPORTED.get("mlp"), inputs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("its output 0 of example 0 is NaN, as Pare runs it");
  }

  /** What does not lead to the output is neither read nor run. */
  @Test
  void nodesThatLeadNowhereAreLeftOut() {
    Models model = new Models(17, -1, 4);
    model.node("Loop", Map.of(), List.of("x"));
    model.node("Nonsense", Map.of(), List.of(model.last()));
    model.node(
        "MatMul",
        Map.of(),
        List.of("x", model.constant(new int[] {4, 2}, 1, 2, 3, 4, 5, 6, 7, 8f)));
    float[] examples = {1, 2, 3, 4};
    assertThat(
            OnnxFile.read(model.build().toByteArray(), new InputShape(4, 1, 1, 1), examples)
                .network()
                .architecture()
                .layers())
        .hasSize(1);
  }

  /** Each input is some of the numbers of a row, in the order of the inputs. */
  @Test
  void severalInputsAreReadFromARow() throws IOException {
    assertThat(architecture("two-inputs").nodes())
        .containsExactly(
            Node.of(ChannelSelection.range(0, 60), Node.NETWORK_INPUT),
            Node.of(ChannelSelection.range(60, 3), Node.NETWORK_INPUT),
            Node.of(new Rearrangement(2, 6, 5, 0, List.of(60), List.of(1)), 0),
            Node.of(new Convolution(4, 3, 1, 1, Activation.RELU), 2),
            Node.of(new Pooling(Pooling.Pool.AVERAGE, new Window(6, 6, 0), new Window(5, 5, 0)), 3),
            Node.of(new Dense(5, Activation.TANH), 1),
            Node.of(new Concatenation(), 5, 4),
            Node.of(new Dense(3, Activation.SOFTMAX), 6));
  }

  /** Two tokens of five behind three numbers, and before them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tokensAndNumbersAreReadFromARow(boolean tokensFirst) {
    Models model = new Models(17, -1, 3);
    ValueInfoProto tokens = Models.value("y", TensorProto.DataType.INT64, -1, 2);
    if (tokensFirst) {
      model.graph().addInput(0, tokens);
    } else {
      model.graph().addInput(tokens);
    }
    float[] weights = new float[66];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i * i % 11 / 5f - 1;
    }
    String table = model.constant(new int[] {5, 4}, Arrays.copyOf(weights, 20));
    model.node("Gather", Map.of(), List.of(table, "y"));
    model.then("Flatten", Map.of());
    model.node("Concat", Map.of("axis", 1), List.of("x", model.last()));
    model.then("MatMul", Map.of(), model.constant(new int[] {11, 6}, weights));
    model.then("Relu", Map.of());
    model.then("MatMul", Map.of(), model.constant(new int[] {6, 3}, Arrays.copyOf(weights, 18)));
    float[] examples =
        tokensFirst
            ? new float[] {4, 0, 0.5f, -2, 3, 1, 3, -0.25f, 1, 0}
            : new float[] {0.5f, -2, 3, 4, 0, -0.25f, 1, 0, 1, 3};
    ImportedNetwork read =
        OnnxFile.read(model.build().toByteArray(), new InputShape(5, 1, 1, 1), examples);
    assertThat(read.comparison()).startsWith("outputs on 2 examples differ");
    assertThat(read.network().architecture().vocabularies())
        .containsExactly(tokensFirst ? new int[] {5, 5, 0, 0, 0} : new int[] {0, 0, 0, 5, 5});
  }

  /**
   * Of numbers that nodes see as two heads of two channels each, the last three, in reverse: to
   * Pare heads are rows.
   */
  @Test
  void someOfWhatNodesSeeInAnotherOrderMayBeIrregularToPare() {
    Models model = new Models(17, -1, 4, 3);
    model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, 2L, 2L, 3L));
    String keys = model.last();
    model.then("Transpose", Map.of("perm", new long[] {0, 1, 3, 2}));
    String queries = model.last();
    model.node("MatMul", Map.of(), List.of(queries, keys));
    model.node("MatMul", Map.of(), List.of(model.last(), queries));
    model.then("Transpose", Map.of("perm", new long[] {0, 1, 3, 2}));
    model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, 4L, 3L));
    model.then("Gather", Map.of("axis", 1), model.constant(new int[] {3}, 3L, 2L, 1L));
    model.then("Flatten", Map.of());
    model.then(
        "Gemm",
        Map.of(),
        model.constant(new int[] {9, 2}, WEIGHTS),
        model.constant(new int[] {2}, 1f, 2f));
    float[] examples = new float[24];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = i * i % 7 - 3;
    }
    assertThat(
            OnnxFile.read(model.build().toByteArray(), new InputShape(4, 3, 1, 1), examples)
                .network()
                .architecture()
                .layers())
        .contains(new MatrixProduct(MatrixProduct.Form.PLAIN));
  }
}
