package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Activation;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Mask;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that read tokens, as {@code src/test/python/export_sequences.py} has made them. */
class SequenceImportTest {
  private static final int STEPS = 7;
  private static final InputShape TOKENS = OnnxFiles.TOKENS;
  private static final Layer OUTPUT = new Dense(3, Activation.SOFTMAX);

  private static Network network(String name, InputShape input) throws IOException {
    float[] examples = OnnxFiles.floats(name + ".inputs");
    return OnnxFile.read(OnnxFiles.model(name), input, examples).network();
  }

  private static List<Layer> layers(String name) throws IOException {
    return network("sequences/" + name, TOKENS).architecture().layers();
  }

  static List<String> networks() {
    return OnnxFiles.OF_TOKENS;
  }

  /** Whether tokens are steps or features. */
  @ParameterizedTest
  @MethodSource("networks")
  void outputsAreThoseOfPyTorch(String name) throws IOException {
    float[] inputs = OnnxFiles.floats(name + ".inputs");
    float[] expected = OnnxFiles.floats(name + ".outputs");
    for (InputShape input : List.of(TOKENS, new InputShape(STEPS, 1, 1, 1))) {
      assertThat(OnnxFileTest.logits(network(name, input), inputs))
          .containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void tablesBecomeEmbeddings() throws IOException {
    Window all = new Window(STEPS, STEPS, 0);
    assertThat(layers("mean"))
        .containsExactly(
            new Embedding(20, 6), new Pooling(Pooling.Pool.AVERAGE, all, Window.POINTS), OUTPUT);
    // The scale is in the table.
    assertThat(layers("convolutions"))
        .containsExactly(
            new Embedding(20, 6),
            new Convolution(5, new Window(3, 1, 1), Window.POINTS, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, all, Window.POINTS),
            OUTPUT);
    assertThat(layers("whole")).containsExactly(new Embedding(20, 3), OUTPUT);
  }

  @Test
  void bothDirectionsAreLayersSideBySide() throws IOException {
    Layer all = new Gru(5, Lstm.Steps.ALL);
    Layer last = new Gru(5, Lstm.Steps.LAST);
    assertThat(network("sequences/gru-hidden", TOKENS).architecture().nodes())
        .containsExactly(
            Node.of(new Embedding(20, 4), Node.NETWORK_INPUT),
            Node.of(all, 0),
            Node.of(new Reversal(), 0),
            Node.of(all, 2),
            Node.of(new Reversal(), 3),
            Node.of(new Concatenation(), 1, 4),
            Node.of(last, 5),
            Node.of(new Reversal(), 5),
            Node.of(last, 7),
            Node.of(new Concatenation(), 6, 8),
            Node.of(OUTPUT, 9));
    assertThat(layers("lstm-states").subList(6, 11))
        .containsExactly(
            new Lstm(5, Lstm.Steps.LAST),
            new Reversal(),
            new Lstm(5, Lstm.Steps.LAST),
            new Concatenation(),
            OUTPUT);
    // The last output is the second direction's first one.
    assertThat(layers("gru-last").subList(5, 12))
        .containsExactly(
            new Concatenation(),
            all,
            new Reversal(),
            all,
            new Reversal(),
            new Concatenation(),
            new Crop(STEPS - 1, 0, 0, 0));
    assertThat(layers("lstm-both"))
        .containsExactly(
            new Embedding(20, 4),
            new Lstm(5, Lstm.Steps.ALL),
            new Crop(STEPS - 1, 0, 0, 0),
            new Pooling(Pooling.Pool.AVERAGE, new Window(STEPS, STEPS, 0), Window.POINTS),
            new Shortcut(Activation.IDENTITY),
            OUTPUT);
  }

  @Test
  void productsOfLayersBecomeSelfAttention() throws IOException {
    SelfAttention attention = new SelfAttention(2, 4, SelfAttention.Biases.TRAINED);
    LayerNormalization normalization = new LayerNormalization(1e-5f);
    Layer pooling = new Pooling(Pooling.Pool.AVERAGE, new Window(STEPS, STEPS, 0), Window.POINTS);
    Layer sum = new Shortcut(Activation.IDENTITY);
    List<Layer> block =
        List.of(
            attention,
            sum,
            normalization,
            new Convolution(12, 1, 1, Activation.RELU),
            new Convolution(8, 1, 1, Activation.IDENTITY),
            sum,
            normalization);
    List<Layer> expected = new ArrayList<>(List.of(new Embedding(20, 8), new Positions()));
    expected.addAll(block);
    expected.addAll(block);
    expected.addAll(List.of(pooling, OUTPUT));
    assertThat(layers("transformer")).isEqualTo(expected);
    List<Layer> first = layers("transformer-norm-first");
    assertThat(first.subList(2, 5)).containsExactly(normalization, attention, sum);
    assertThat(first.subList(first.size() - 3, first.size()))
        .containsExactly(normalization, new Crop(0, STEPS - 1, 0, 0), OUTPUT);
    assertThat(layers("attention")).contains(attention);
    assertThat(layers("attention-without-biases")).contains(new SelfAttention(2, 3)).hasSize(7);
    assertThat(layers("multihead"))
        .contains(new SelfAttention(4, 2, SelfAttention.Biases.TRAINED))
        .hasSize(7);
    assertThat(layers("multihead-without-biases")).contains(new SelfAttention(4, 2));
  }

  /** Tokens, their vectors, and products of these by two matrices. */
  private static Models products(int width, int keys) {
    Models model = new Models(DataType.INT64, 17, -1, STEPS);
    String table = model.constant(new int[] {9, width}, new float[9 * width]);
    model.node("Gather", Map.of(), List.of(table, model.last()));
    String source = model.last();
    model.then("MatMul", Map.of(), model.constant(new int[] {width, 4}, new float[4 * width]));
    String queries = model.last();
    model.node(
        "MatMul",
        Map.of(),
        List.of(source, model.constant(new int[] {width, keys}, new float[keys * width])));
    model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
    return model.node("MatMul", Map.of(), List.of(queries, model.last()));
  }

  @Test
  void otherAttentionIsProductsAndTheirSoftmax() throws IOException {
    Layer plain = new MatrixProduct(MatrixProduct.Form.PLAIN);
    Layer transposed = new MatrixProduct(MatrixProduct.Form.TRANSPOSED);
    Layer softmax = new Softmax(Softmax.Form.SHARES);
    Layer scale = new Elementwise(Elementwise.Function.AFFINE, 0.5f, 0);
    // Of each place the keys behind it, one fewer from place to place.
    Mask causal =
        new Mask(
            Mask.Effect.REPLACED,
            -Float.MAX_VALUE,
            STEPS * STEPS,
            List.of(new Mask.Runs(1, STEPS - 1, STEPS - 1, STEPS + 1, -1)));
    assertThat(layers("causal")).containsSubsequence(transposed, scale, causal, softmax, plain);
    assertThat(layers("multi-query"))
        .containsSubsequence(transposed, scale, causal, softmax, plain);
    Mask multiplied = new Mask(Mask.Effect.REPLACED, -1e4f, causal.period(), causal.hidden());
    assertThat(layers("multiplied"))
        .containsSubsequence(transposed, scale, multiplied, softmax, plain);
    assertThat(layers("distances"))
        .containsSubsequence(transposed, scale, new Positions(), causal, softmax, plain);
    Mask shares = new Mask(Mask.Effect.REPLACED, 0, causal.period(), causal.hidden());
    assertThat(layers("kept")).containsSubsequence(transposed, scale, softmax, shares, plain);
    assertThat(layers("decoder"))
        .filteredOn(layer -> layer instanceof MatrixProduct)
        .containsExactly(transposed, plain, transposed, plain);
    assertThat(layers("bare")).containsSubsequence(transposed, softmax, plain);
    assertThat(layers("learnt")).filteredOn(layer -> layer.equals(plain)).hasSize(2);
  }

  @Test
  void productsThatDoNotFitAreRefused() {
    refused(products(6, 3), "(MatMul): of 1×7×4 and 1×3×7");
    Models chosen = products(6, 4);
    String truth = chosen.constant(new int[] {7}, 1L, 0L, 0L, 0L, 0L, 0L, 1L);
    chosen.node("Where", Map.of(), List.of(truth, chosen.last(), "v1"));
    refused(chosen, "(Where): between what two layers make is not supported; Pare has constants");
    Models stretched = products(6, 4);
    stretched.then("Add", Map.of(), stretched.constant(new int[] {2, 7, 7}, new float[98]));
    refused(stretched, "(Add): it stretches 1×7×7 to 2×7×7");
  }

  private static void refused(Models model, String message) {
    assertThatThrownBy(() -> Import.of(GraphReader.read(model.build()), TOKENS))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(message);
  }

  @Test
  void tokensOfTheDataThatAreNotInTheTableAreNamed() throws IOException {
    byte[] file = OnnxFiles.model("sequences/mean");
    assertThatThrownBy(() -> OnnxFile.read(file, TOKENS, new float[] {0, 1, 2, 20, 4, 5, 6}))
        .hasMessageStartingWith("token 20 at place 3 of an example: must be a whole number from 0")
        .hasMessageContaining("to 19");
    assertThatThrownBy(
            () -> OnnxFile.read(file, new InputShape(1, STEPS, 1, 255), new float[STEPS]))
        .hasMessageContaining("embedding reads tokens as they are")
        .hasMessageContaining("divided by 255");
  }

  @Test
  void tokensThatAreComputedAreRefused() {
    Models model = new Models(DataType.INT64, 17, -1, STEPS);
    model.then("Add", Map.of(), model.constant(new int[] {1}, 3L));
    String table = model.constant(new int[] {9, 2}, new float[18]);
    model.node("Gather", Map.of(), List.of(table, model.last()));
    assertThatThrownBy(() -> Import.of(GraphReader.read(model.build()), TOKENS))
        .isInstanceOf(OnnxException.class)
        .hasMessage(
            "node gather-1 (Gather): by what the network computes is not supported; Pare looks up the tokens that it reads");
    Models cube = new Models(DataType.INT64, 17, -1, STEPS);
    String numbers = cube.constant(new int[] {2, 2, 2}, new float[8]);
    cube.node("Gather", Map.of(), List.of(numbers, "x"));
    assertThatThrownBy(() -> Import.of(GraphReader.read(cube.build()), TOKENS))
        .hasMessageContaining("(Gather): from a constant of 2×2×2 along axis 0 is not supported");
  }
}
