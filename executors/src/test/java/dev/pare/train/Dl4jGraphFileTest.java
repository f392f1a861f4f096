package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Task;
import dev.pare.data.TestSeed;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Shortcut;
import dev.pare.layers.Batch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jGraphFileTest {
  private static final int BATCH = 5;
  private static final InputShape IMAGE = new InputShape(2, 6, 5, 3);
  private static final InputShape VECTOR = new InputShape(6, 1, 1, 3);
  private static final InputShape ROWS = new InputShape(1, 4, 6, 3);
  private static final InputType FEATURES = InputType.feedForward(6);
  private static final InputType FIRST = InputType.convolutional(6, 5, 2);
  private static final InputType LAST = InputType.convolutional(6, 5, 2, CNN2DFormat.NHWC);

  /** An image with its channels first, of which DL4J is not told. */
  private static final InputType UNTOLD = InputType.convolutionalFlat(6, 5, 2);

  static Stream<Arguments> graphs() {
    return Stream.of(
        of(
            "residual block",
            IMAGE,
            FIRST,
            Shortcut.class,
            graph ->
                graph
                    .addLayer("a", convolution(CNN2DFormat.NCHW, Activation.RELU), "in")
                    .addLayer("b", convolution(CNN2DFormat.NCHW, Activation.IDENTITY), "a")
                    .addLayer("norm", new BatchNormalization(), "b")
                    .addVertex("sum", new ElementWiseVertex(Op.Add), "a", "norm")
                    .addLayer("relu", new ActivationLayer(Activation.RELU), "sum")
                    .addLayer("out", output(), "relu")),
        of(
            "inception of channels first",
            IMAGE,
            FIRST,
            Concatenation.class,
            graph -> inception(graph, CNN2DFormat.NCHW)),
        of(
            "inception of channels last",
            IMAGE,
            LAST,
            Concatenation.class,
            graph -> inception(graph, CNN2DFormat.NHWC)),
        of(
            "a layer whose sums others read before its function",
            VECTOR,
            FEATURES,
            Concatenation.class,
            graph ->
                graph
                    .addLayer("a", dense(4, Activation.IDENTITY), "in")
                    // Not the layer itself: DL4J's activation layers write over what they read.
                    .addVertex("sums", new SubsetVertex(0, 3), "a")
                    .addLayer("tanh", new ActivationLayer(Activation.TANH), "a")
                    .addVertex("both", new MergeVertex(), "sums", "tanh", "in")
                    .addLayer("out", output(), "both")),
        of(
            "vectors that were flattened otherwise, side by side",
            IMAGE,
            LAST,
            Concatenation.class,
            graph ->
                graph
                    .addLayer("a", convolution(CNN2DFormat.NHWC, Activation.RELU), "in")
                    .addLayer("b", convolution(CNN2DFormat.NHWC, Activation.TANH), "in")
                    .addVertex("fa", flattening(CNN2DFormat.NHWC), "a")
                    .addVertex("fb", flattening(CNN2DFormat.NHWC), "b")
                    .addVertex("both", new MergeVertex(), "fa", "fb")
                    .addLayer("out", output(), "both")),
        of(
            "a part, scaled and shifted",
            VECTOR,
            FEATURES,
            ChannelSelection.class,
            graph ->
                graph
                    .addLayer("a", dense(6, Activation.TANH), "in")
                    .addVertex("part", new SubsetVertex(2, 4), "a")
                    .addVertex("scaled", new ScaleVertex(-1.5), "part")
                    .addVertex("shifted", new ShiftVertex(0.25), "scaled")
                    .addLayer("b", dense(3, Activation.RELU), "a")
                    .addVertex("difference", new ElementWiseVertex(Op.Subtract), "shifted", "b")
                    .addLayer("out", output(), "difference")),
        of(
            "channels of an image, frozen",
            IMAGE,
            UNTOLD,
            ChannelSelection.class,
            graph ->
                graph
                    .addLayer("a", convolution(CNN2DFormat.NCHW, Activation.TANH), "in")
                    .addVertex("part", new FrozenVertex(new SubsetVertex(1, 2)), "a")
                    .addLayer("out", output(2 * 6 * 5), flattening(2, CNN2DFormat.NCHW), "part")),
        of(
            "a number for each channel",
            IMAGE,
            UNTOLD,
            Arithmetic.class,
            graph ->
                graph
                    .addLayer("a", convolution(CNN2DFormat.NCHW, Activation.RELU), "in")
                    .addLayer(
                        "squeezed",
                        new SubsamplingLayer.Builder(PoolingType.AVG)
                            .kernelSize(6, 5)
                            .stride(1, 1)
                            .build(),
                        "a")
                    .addLayer(
                        "excited",
                        new ConvolutionLayer.Builder(1, 1)
                            .nIn(3)
                            .nOut(3)
                            .activation(Activation.SIGMOID)
                            .build(),
                        "squeezed")
                    .addVertex("weighted", new ElementWiseVertex(Op.Product), "a", "excited")
                    .addLayer(
                        "out", output(3 * 6 * 5), flattening(3, CNN2DFormat.NCHW), "weighted")),
        of(
            "the last step of an LSTM",
            ROWS,
            InputType.recurrent(6, 4),
            Lstm.class,
            graph ->
                graph
                    .addLayer("a", lstm(3), "in")
                    .addLayer("b", lstm(3), "a")
                    .addVertex("both", new ElementWiseVertex(Op.Average), "a", "b")
                    .addLayer("c", lstm(4), "both")
                    .addVertex("last", new LastTimeStepVertex("in"), "c")
                    .addLayer("out", output(), "last")),
        of(
            "pooled logits",
            IMAGE,
            FIRST,
            Shortcut.class,
            graph ->
                graph
                    .addLayer("a", convolution(CNN2DFormat.NCHW, Activation.IDENTITY), "in")
                    .addLayer("b", convolution(CNN2DFormat.NCHW, Activation.IDENTITY), "in")
                    .addVertex("sum", new ElementWiseVertex(Op.Add), "b", "a")
                    .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "sum")
                    .addLayer(
                        "out",
                        new LossLayer.Builder().activation(Activation.SOFTMAX).build(),
                        "mean")));
  }

  private static GraphBuilder inception(GraphBuilder graph, CNN2DFormat format) {
    return graph
        .addLayer("a", convolution(format, Activation.RELU), "in")
        .addLayer("b", convolution(format, Activation.TANH), "in")
        .addLayer(
            "pool",
            new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(1, 1)
                .convolutionMode(ConvolutionMode.Same)
                .dataFormat(format)
                .build(),
            "b")
        .addVertex("all", new MergeVertex(), "pool", "in", "a", "b")
        .addLayer("c", convolution(format, Activation.RELU), "all")
        .addLayer("out", output(), "c");
  }

  private static Arguments of(
      String name,
      InputShape input,
      InputType type,
      Class<? extends Layer> layer,
      UnaryOperator<GraphBuilder> graph) {
    return Arguments.of(name, input, type, layer, graph);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("graphs")
  void theGraphComputesWhatDl4jComputes(
      String name,
      InputShape input,
      InputType type,
      Class<? extends Layer> layer,
      UnaryOperator<GraphBuilder> vertices)
      throws IOException {
    Network network = assertSame(input, type, vertices);
    assertThat(network.architecture().layers()).anyMatch(layer::isInstance);
  }

  @ParameterizedTest
  @EnumSource(Op.class)
  void elementsOfSeveralValuesAreCombined(Op op) throws IOException {
    assertSame(
        VECTOR,
        FEATURES,
        graph -> {
          graph
              .addLayer("a", dense(4, Activation.TANH), "in")
              .addLayer("b", dense(4, Activation.IDENTITY), "in")
              .addLayer("c", dense(4, Activation.TANH), "a");
          if (op == Op.Subtract) {
            graph.addVertex("all", new ElementWiseVertex(op), "c", "b");
          } else {
            graph.addVertex("all", new ElementWiseVertex(op), "a", "c", "b");
          }
          return graph.addLayer("out", output(), "all");
        });
  }

  private static Network assertSame(
      InputShape input, InputType type, UnaryOperator<GraphBuilder> vertices) throws IOException {
    ComputationGraph dl4j = dl4j(type, vertices);
    float[] examples = examples(input);
    Network network = Dl4jFile.read(zip(dl4j), input, examples, Task.CLASSIFICATION).network();
    float[] expected = dl4j.outputSingle(features(type, input, examples)).dup('c').data().asFloat();
    float[] outputs = new float[expected.length];
    try (Engine engine = Engines.of(network.architecture(), BATCH)) {
      engine.forward(network.parameters(), Batch.of(examples, BATCH), outputs);
    }
    Softmax.rows(outputs, BATCH, outputs.length / BATCH, 1, outputs);
    assertThat(outputs).containsExactly(expected, within(1e-5f));
    return network;
  }

  @Test
  void whatIsNotKnownIsRefusedByVertexAndClass() throws IOException {
    assertRefused(
        graph ->
            graph
                .addLayer("a", dense(4, Activation.RELU), "in")
                .addVertex("norm", new L2NormalizeVertex(), "a")
                .addLayer("out", output(), "norm"),
        "vertex norm: org.deeplearning4j.nn.conf.graph.L2NormalizeVertex is not supported");
    assertRefused(
        graph ->
            graph
                .addLayer("a", dense(4, Activation.RELU), "in")
                .addLayer("one", output(), "a")
                .addLayer("out", output(), "a")
                .setOutputs("one", "out"),
        "networkOutputs: 2 of them (one, out)");
    assertRefused(
        graph ->
            graph
                .addInputs("further")
                .setInputTypes(FEATURES)
                .addVertex("both", new MergeVertex(), "in", "further")
                .addLayer("out", output(), "both"),
        "networkInputs: 2 of them (in, further)");
    assertRefused(
        graph ->
            graph
                .addLayer("a", dense(4, Activation.RELU), "in")
                .addLayer("b", dense(4, Activation.RELU), "a")
                .addVertex("difference", new ElementWiseVertex(Op.Subtract), "a", "b", "a")
                .addLayer("out", output(), "difference"),
        "vertex difference (ElementWiseVertex): it subtracts, but reads 3 values");
  }

  private static void assertRefused(UnaryOperator<GraphBuilder> vertices, String message)
      throws IOException {
    byte[] zip = zip(dl4j(FEATURES, vertices));
    assertThatThrownBy(() -> Dl4jFile.read(zip, VECTOR, examples(VECTOR), Task.CLASSIFICATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void graphsThatAreNoneAreRefused() throws IOException {
    byte[] zip =
        zip(
            dl4j(
                FEATURES,
                graph ->
                    graph
                        .addLayer("a", dense(4, Activation.RELU), "in")
                        .addVertex("both", new MergeVertex(), "a", "in")
                        .addLayer("out", output(), "both")));
    assertRefused(zip, "\"in\", \"a\", \"both\"", "\"in\", \"both\", \"a\"", "both must come once");
    assertRefused(zip, "\"both\" : [ \"a\", \"in\" ]", "\"both\" : [ \"a\", \"out\" ]", "both");
    assertRefused(zip, "\"both\" : [ \"a\", \"in\" ]", "\"both\" : [ \"a\", \"no\" ]", "both");
    assertRefused(zip, "\"out\" : [ \"both\" ]", "\"out\" : [ \"both\", \"a\" ]", "vertex out");
    assertRefused(zip, "\"mergeAxis\" : 1", "\"mergeAxis\" : 0", "not along axis 0");
    assertRefused(zip, "MergeVertex\"", "MergeVertex2\"", "MergeVertex2 is not supported");
    assertRefused(zip, "\"networkOutputs\" : [ \"out\" ]", "\"networkOutputs\" : [ ]", "Outputs");
    assertRefused(zip, "\"nout\" : 4", "\"nout\" : 5", "parameters");
    // DL4J would make an order of its own.
    String numbers = "\"topologicalOrder\" : [ 0, 1, 2, 3 ]";
    assertRefused(zip, numbers, "\"topologicalOrder\" : null", "is not the order of");
    assertRefused(zip, numbers, "\"topologicalOrder\" : [ 0, 2, 1, 3 ]", "is not the order of");
  }

  private static void assertRefused(byte[] zip, String part, String other, String message)
      throws IOException {
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
        ZipOutputStream out = new ZipOutputStream(changed)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] bytes = in.readAllBytes();
        if (entry.getName().equals("configuration.json")) {
          String json = new String(bytes, StandardCharsets.UTF_8);
          assertThat(json).contains(part);
          bytes = json.replace(part, other).getBytes(StandardCharsets.UTF_8);
        }
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(bytes);
      }
    }
    assertThatThrownBy(
            () ->
                Dl4jFile.read(changed.toByteArray(), VECTOR, examples(VECTOR), Task.CLASSIFICATION))
        .as(other)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer convolution(
      CNN2DFormat format, Activation activation) {
    return new ConvolutionLayer.Builder(3, 3)
        .nIn(2)
        .nOut(3)
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(format)
        .activation(activation)
        .build();
  }

  private static PreprocessorVertex flattening(CNN2DFormat format) {
    return new PreprocessorVertex(flattening(3, format));
  }

  private static CnnToFeedForwardPreProcessor flattening(int channels, CNN2DFormat format) {
    return new CnnToFeedForwardPreProcessor(6, 5, channels, format);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer dense(int units, Activation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation).build();
  }

  private static org.deeplearning4j.nn.conf.layers.Layer lstm(int units) {
    return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static org.deeplearning4j.nn.conf.layers.Layer output() {
    return new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
  }

  private static org.deeplearning4j.nn.conf.layers.Layer output(int features) {
    return new OutputLayer.Builder().nIn(features).nOut(3).activation(Activation.SOFTMAX).build();
  }

  /** With random parameters everywhere. */
  private static ComputationGraph dl4j(InputType type, UnaryOperator<GraphBuilder> vertices) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .graphBuilder()
            .addInputs("in")
            .setOutputs("out");
    if (type != UNTOLD) {
      builder.setInputTypes(type);
    }
    ComputationGraph graph = new ComputationGraph(vertices.apply(builder).build());
    graph.init();
    SplittableRandom random = TestSeed.random();
    for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
      layer
          .paramTable()
          .forEach(
              (name, values) -> {
                for (long i = 0; i < values.length(); i++) {
                  double drawn = random.nextDouble() - 0.5;
                  values.putScalar(i, name.equals("var") ? 1 + drawn : drawn);
                }
              });
    }
    return graph;
  }

  private static byte[] zip(ComputationGraph graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, bytes, true);
    return bytes.toByteArray();
  }

  private static float[] examples(InputShape input) {
    SplittableRandom random = TestSeed.random();
    float[] examples = new float[BATCH * input.size()];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) random.nextDouble() * input.divisor();
    }
    return examples;
  }

  private static INDArray features(InputType type, InputShape s, float[] examples) {
    INDArray images =
        Nd4j.create(examples, new long[] {BATCH, s.channels(), s.height(), s.width()}, 'c')
            .div(s.divisor());
    if (type == LAST) {
      return images.permute(0, 2, 3, 1).dup('c');
    }
    if (type == FIRST || type == UNTOLD) {
      return images;
    }
    return type == FEATURES
        ? images.reshape('c', BATCH, s.size())
        : images.permute(0, 1, 3, 2).dup('c').reshape('c', BATCH, s.width(), s.height());
  }
}
