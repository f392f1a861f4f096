package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.graph.InputShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.FunctionProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TrainingInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/** What is not supported is refused with the node's name, its operator, and why. */
class RefusedModelsTest {
  private static final InputShape IMAGE = new InputShape(2, 6, 5, 1);
  private static final InputShape FEATURES = new InputShape(4, 1, 1, 1);
  private static final InputShape SEQUENCE = new InputShape(1, 4, 5, 1);
  private static final float[] WEIGHTS = {1, -2, 3, 0.5f, 1, -1, 2, 0, 1, -1, 1, 2};

  /** As PyTorch exports them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upsampled | node /layer/Resize (Resize): mode = cubic is not supported; Pare has nearest and linear",
        "reflected | node /layer/Pad (Pad): mode = reflect is not supported; Pare pads with zeros",
        "control-flow | node /If (If): attribute then_branch: a graph inside of the graph",
        "custom-domain | node warp (Warp): operators of the domain com.example are not supported",
      })
  void networksOfOtherOperators(String name, String message) throws IOException {
    byte[] file = OnnxFiles.model("refused/" + name);
    InputShape input = name.equals("custom-domain") ? FEATURES : IMAGE;

    assertThatThrownBy(() -> OnnxFile.read(file, input, new float[input.size()]))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 24})
  void opsetsThatAreNotKnown(int opset) {
    refused(features(opset).build(), FEATURES, "opset %d: must be 9 to 23".formatted(opset));
  }

  @Test
  void functionsOfTheModelAndItsTraining() {
    refused(
        features(17).build().toBuilder()
            .addFunctions(FunctionProto.newBuilder().setName("Relu"))
            .build(),
        FEATURES,
        "it has functions of its own (Relu), which are not supported");
    refused(
        features(17).build().toBuilder()
            .addTrainingInfo(TrainingInfoProto.getDefaultInstance())
            .build(),
        FEATURES,
        "it has training_info, which is not supported");
  }

  @Test
  void functionsOfALayerThatHasOne() {
    Models model = features(17).then("Sigmoid", Map.of());
    refused(model.build(), FEATURES, "it ends with sigmoid");
    model.then("Tanh", Map.of());
    refused(model.build(), FEATURES, "it ends with tanh");
  }

  /** Half of a binary classifier's usual two outputs, and classes in another order. */
  @Test
  void functionsOfScoresThatAreOnlyMoved() {
    Models pair = features(17).then("Sigmoid", Map.of());
    String one = pair.last();
    pair.node("Sub", Map.of(), List.of(pair.constant(new int[0], 1f), one));
    pair.then("Concat", Map.of("axis", 1), one);
    refused(pair.build(), FEATURES, "it ends with sigmoid");

    Models other = features(17).then("Softmax", Map.of("axis", 1));
    other.then("Gather", Map.of("axis", 1), other.constant(new int[] {3}, 2L, 0L, 1L));
    refused(other.build(), FEATURES, "it ends with softmax");
  }

  @Test
  void exportsOfPareForDividedFeatures() {
    ModelProto own = features(17).build().toBuilder().setProducerName("pare").build();

    assertThatThrownBy(
            () -> OnnxFile.read(own.toByteArray(), new InputShape(4, 1, 1, 255), new float[4]))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("set data.divisor = 1 (it is 255.0)");
    assertThat(
            OnnxFile.read(own.toByteArray(), FEATURES, new float[4])
                .network()
                .architecture()
                .outputs())
        .isEqualTo(3);
  }

  @Test
  void examplesOfAnotherShape() {
    refused(features(17).build(), IMAGE, "its input is ?×4, but examples are 2×6×5; data.shape");
    Models fixed = new Models(17, 3, 4);
    fixed.then("MatMul", Map.of(), fixed.constant(new int[] {4, 2}, new float[8]));
    refused(fixed.build(), FEATURES, "its input is for 3 examples at once");
  }

  @Test
  void severalOutputs() {
    Models two = features(17);
    refused(two.build(two.last(), "x"), FEATURES, "it has 2 outputs (");
  }

  @Test
  void severalInputsThatExamplesDoNotFit() {
    refused(
        twoInputs(TensorProto.DataType.FLOAT, -1, 2, 3),
        FEATURES,
        "it has 2 inputs (x: ?×4, y: ?×2×3), which have 10 numbers: examples must be rows of as many"
            + " columns, those of each input in its order behind those of the one before it, not 4×1×1");
    refused(
        twoInputs(TensorProto.DataType.FLOAT, -1, 2, 3),
        new InputShape(1, 5, 2, 1),
        "behind those of the one before it, not 1×5×2");
    refused(
        twoInputs(TensorProto.DataType.FLOAT, -1, 2, -1),
        FEATURES,
        "of several inputs, each must have an open first axis, the batch's, or 1, and no other open"
            + " one: y: ?×2×?");
    refused(
        twoInputs(TensorProto.DataType.FLOAT, 3, 2),
        FEATURES,
        "of several inputs, each must have an open first axis, the batch's, or 1, and no other open"
            + " one: y: 3×2");
    Models many = features(17);
    for (int i = 0; i < 64; i++) {
      many.graph().addInput(Models.value("y" + i, TensorProto.DataType.FLOAT, -1, 2));
    }
    refused(many.build(), FEATURES, "it has 65 inputs (x, y0, y1");
  }

  private static ModelProto twoInputs(TensorProto.DataType type, int... dims) {
    Models model = features(17);
    model.graph().addInput(Models.value("y", type, dims));
    return model.build();
  }

  @Test
  void weightsThatAreNotFiniteEvenBehindAFunctionThatHidesThem() {
    for (float value : new float[] {Float.NEGATIVE_INFINITY, Float.NaN}) {
      Models model = new Models(17, -1, 4);
      model.then(
          "Gemm",
          Map.of(),
          model.constant(new int[] {4, 2}, new float[8]),
          model.constant(new int[] {2}, 0, value));
      model.then("Relu", Map.of());
      refused(
          model.build(),
          FEATURES,
          "node gemm-0 (Gemm): a weight of it is " + value + "; all must be finite");
    }
  }

  @Test
  void moreLayersThanANetworkMayHave() {
    Models model = new Models(17, -1, 4);
    for (int i = 0; i < 4200; i++) {
      model.then("Abs", Map.of());
    }
    refused(model.build(), FEATURES, "the network has more than 4096 layers");
  }

  @Test
  void lstmsOfOtherKinds() {
    Models model = new Models(17, -1, 4, 5);
    model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
    model.then(
        "LSTM",
        Map.of("direction", "sideways", "hidden_size", 2),
        model.constant(new int[] {1, 8, 5}, new float[40]),
        model.constant(new int[] {1, 8, 2}, new float[16]));
    refused(model.build(), SEQUENCE, "node lstm-1 (LSTM): direction = sideways");
  }

  @Test
  void grusThatResetTheirUnitsFirst() {
    Models model = new Models(17, -1, 4, 5);
    model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
    model.then(
        "GRU",
        Map.of("hidden_size", 2),
        model.constant(new int[] {1, 6, 5}, new float[30]),
        model.constant(new int[] {1, 6, 2}, new float[12]));
    refused(model.build(), SEQUENCE, "node gru-1 (GRU): linear_before_reset = 0 is not supported");
  }

  @Test
  void valuesThatDoNotFitEachOther() {
    Models sum = features(17).then("Add", Map.of(), "x");
    refused(sum.build(), FEATURES, "node add-1 (Add): 1×3 does not go with 1×4");
    Models gathered = new Models(17, -1, 2, 600, 500);
    long[] columns = LongStream.range(0, 150).map(i -> i * i % 499).toArray();
    gathered.then("Gather", Map.of("axis", 3), gathered.constant(new int[] {150}, columns));
    refused(
        gathered.build(),
        new InputShape(2, 600, 500, 1),
        "node gather-0 (Gather): its 1×2×600×150 numbers are in 180000 pieces in what it reads,"
            + " with no regular distances: more than 65536");
  }

  @Test
  void operatorsThatAreNotKnown() {
    refused(
        features(17).then("Hardmax", Map.of()).build(),
        FEATURES,
        "node hardmax-1 (Hardmax): this operator is not supported; Pare has Abs, Add,");
  }

  /** Where the operators' text and ONNX Runtime, or its versions, differ. */
  @Test
  void poolingThatRuntimesDoInSeveralWays() {
    Models dilated = new Models(19, -1, 2, 6, 5);
    dilated.then(
        "MaxPool",
        Map.of(
            "kernel_shape",
            new long[] {3, 2},
            "dilations",
            new long[] {2, 1},
            "auto_pad",
            "SAME_UPPER"));
    refused(dilated.build(), IMAGE, "node maxpool-0 (MaxPool): auto_pad = SAME with dilations");
    Models beyond = new Models(19, -1, 2, 6, 5);
    beyond.then(
        "AveragePool",
        Map.of(
            "kernel_shape", new long[] {3, 3},
            "strides", new long[] {2, 2},
            "pads", new long[] {0, 0, 1, 1},
            "ceil_mode", 1,
            "count_include_pad", 1));
    refused(beyond.build(), IMAGE, "node averagepool-0 (AveragePool): count_include_pad = 1 with");
  }

  /** Before opset 14, training is known by the further outputs. */
  @Test
  void normalizationThatLearns() {
    Models model = new Models(9, -1, 2, 6, 5);
    String[] of = new String[4];
    for (int i = 0; i < of.length; i++) {
      of[i] = model.constant(new int[] {2}, 1f, 2f);
    }
    model.then("BatchNormalization", Map.of(), of);
    model.graph().getNodeBuilder(0).addOutput("mean").addOutput("variance");
    refused(
        model.build(), IMAGE, "node batchnormalization-0 (BatchNormalization): it is in training");
  }

  @Test
  void wholeNumbersThatDoNotFitTheirType() {
    Models model = new Models(17, -1, 4);
    String large = model.constant(new int[] {1}, (1L << 32) + 5);
    model.node("Cast", Map.of("to", TensorProto.DataType.INT32_VALUE), List.of(large));
    model.node("Cast", Map.of("to", TensorProto.DataType.FLOAT_VALUE), List.of(model.last()));
    model.then("Mul", Map.of(), "x");
    refused(model.build(), FEATURES, "node cast-0 (Cast): to = INT32 of a number of more than 32");
  }

  /** The missing attribute is named, not the kind of layer. */
  @Test
  void attributesThatLayersDoNotHave() {
    Models pad = new Models(17, -1, 2, 6, 5);
    pad.then("Pad", Map.of(), pad.constant(new int[] {8}, 0, 1, 0, 0, 0, 0, 0, 0L));
    refused(pad.build(), IMAGE, "node pad-0 (Pad): 1 before and 0 behind axis 1 is not supported");
    Models ones = new Models(17, -1, 2, 6, 5);
    ones.then(
        "Pad", Map.of(), ones.constant(new int[] {8}, new long[8]), ones.constant(new int[0], 1f));
    refused(ones.build(), IMAGE, "node pad-0 (Pad): pads of 1.0 are not supported");
    Models groups = new Models(17, -1, 2, 6, 5);
    groups.then("Conv", Map.of("group", 2), groups.constant(new int[] {4, 2, 1, 1}, new float[8]));
    refused(
        groups.build(), IMAGE, "node conv-0 (Conv): weights of 4×2×1×1 in 2 groups for 1×2×6×5");
    Models cube = features(17).then("Relu", Map.of());
    cube.then("Pow", Map.of(), cube.constant(new int[0], 3f));
    refused(cube.build(), FEATURES, "node pow-2 (Pow): of what the network computes, Pare has");
    Models split = features(17);
    split.then("Split", Map.of("axis", 1), split.constant(new int[] {1}, 2L));
    refused(split.build(), FEATURES, "node split-1 (Split): 1 parts of 3 along axis 1");
  }

  @Test
  void valuesThatAreNotThereOrThereTwice() {
    Models missing = new Models(17, -1, 4);
    missing.node("Add", Map.of(), List.of("x", "later"));
    missing.graph().getNodeBuilder(0).setOutput(0, "later");
    refused(missing.build("later"), FEATURES, "node add-0 (Add): it reads later, which nothing");
    Models twice = features(17);
    twice.then("Relu", Map.of());
    twice.graph().getNodeBuilder(1).setOutput(0, "x");
    refused(twice.build("x"), FEATURES, "two values have the name x");
    refused(features(17).build("nothing"), FEATURES, "its output nothing is made by no node");
  }

  @Test
  void tensorsWhoseNumbersAreNotThere() {
    ByteString four = ByteString.copyFrom(new byte[16]);
    refused(
        tensor(Models.tensor(4, 2).setDataType(1).setRawData(four)),
        "16 bytes for 4×2 numbers of type FLOAT");
    refused(tensor(Models.tensor(-4, 2).setDataType(1).setRawData(four)), "a side of -4");
    refused(
        tensor(
            TensorProto.newBuilder()
                .setDataType(1)
                .addAllDims(List.of(1L << 31, 1L << 33))
                .setRawData(four)),
        "a side of 2147483648");
    refused(
        tensor(
            Models.tensor(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)
                .setDataType(1)
                .setRawData(four)),
        "a tensor of 2147483647×2147483647×2147483647: at most 1073741824 numbers");
    refused(tensor(Models.tensor(4, 2).setDataType(1)), "0 numbers for 4×2 numbers");
    refused(
        tensor(Models.tensor(4, 2).setDataType(8).addStringData(four)),
        "numbers of type STRING are not supported");
    refused(
        tensor(Models.tensor(1, 1, 1, 1, 1, 1, 1, 1, 1).setDataType(1).setRawData(four)),
        "has 9 axes");
  }

  /** Files of few bytes that would take much time or memory. */
  @Test
  void bombs() {
    Models large = new Models(17, -1, 4);
    String dims = large.constant(new int[] {3}, 1L << 20, 1L << 20, 1L);
    large.node("ConstantOfShape", Map.of(), List.of(dims));
    large.then("Add", Map.of(), "x");
    refused(
        large.build(), FEATURES, "node constantofshape-0 (ConstantOfShape): a tensor of 1048576×");

    Models doubled = new Models(17, -1, 4);
    doubled.node("Shape", Map.of(), List.of("x"));
    for (int i = 0; i < 40; i++) {
      doubled.node("Concat", Map.of("axis", 0), List.of(doubled.last(), doubled.last()));
    }
    doubled.node("Reshape", Map.of(), List.of("x", doubled.last()));
    refused(doubled.build(), FEATURES, "(Concat): 33554432 numbers: at most 16777216");

    Models weights = new Models(17, -1, 1000);
    String matrix = weights.constant(new int[] {1000, 1000}, new float[1_000_000]);
    for (int i = 0; i < 5000; i++) {
      weights.then("MatMul", Map.of(), matrix);
    }
    refused(
        weights.build(),
        new InputShape(1000, 1, 1, 1),
        "(MatMul): the layers have more parameters than the file");

    Models moved = new Models(17, -1, 3, 1000, 1000);
    for (int i = 0; i < 5000; i++) {
      moved.then("Transpose", Map.of("perm", new long[] {0, 2, 3, 1}));
    }
    refused(
        moved.build(),
        new InputShape(3, 1000, 1000, 1),
        "(Transpose): up to here, the graph moves more numbers than a network would");
  }

  @Test
  void aGraphOfManyNodes() {
    Models model = new Models(17, -1, 4);
    for (int i = 0; i < 20_001; i++) {
      model.then("Identity", Map.of());
    }
    refused(model.build(), FEATURES, "20001 nodes: at most 20000");
  }

  @Test
  void namesThatAreNotForTerminals() {
    Models model = features(17).then("Relu", Map.of());
    model.graph().getNodeBuilder(1).setName("\u001b[2J\n" + "n".repeat(1000)).setOpType("None");
    assertThatThrownBy(() -> Import.of(GraphReader.read(model.build()), FEATURES))
        .hasMessageStartingWith("node ?[2J?nnn")
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(1000));
  }

  @Test
  void bytesThatAreNoModel() {
    for (byte[] bytes :
        List.of(new byte[0], new byte[100], "not a model".getBytes(StandardCharsets.UTF_8))) {
      assertThatThrownBy(() -> OnnxFile.read(bytes, FEATURES, new float[4]))
          .isInstanceOf(OnnxException.class)
          .hasMessageStartingWith("not an ONNX model");
      assertThat(OnnxFile.isModel(bytes)).isFalse();
    }
    ModelProto none =
        ModelProto.newBuilder()
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.example"))
            .setGraph(features(17).graph())
            .build();
    refused(none, FEATURES, "it does not say which version of ONNX's operators it needs");
  }

  /** For one example they change nothing: the network would be another one than was trained. */
  @ParameterizedTest
  @ValueSource(strings = {"ReduceMean", "ReduceMax", "ReduceSum", "Softmax", "LayerNormalization"})
  void whatWorksAlongTheBatch(String operator) {
    byte[] ofAny = alongTheBatch(-1, operator).build().toByteArray();
    assertThatThrownBy(() -> OnnxFile.read(ofAny, FEATURES, several()))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("change with the other examples of its batch");
    byte[] ofOne = alongTheBatch(1, operator).build().toByteArray();
    assertThat(OnnxFile.read(ofOne, FEATURES, several()).comparison())
        .startsWith("outputs on 3 examples differ");
  }

  /** Before opset 13 a softmax is over all axes from its own on. */
  @Test
  void softmaxOverTheBatchAtTheEnd() {
    for (int opset : new int[] {9, 12}) {
      for (int axis : new int[] {0, -2}) {
        Models model = new Models(opset, -1, 4);
        model.then("MatMul", Map.of(), model.constant(new int[] {4, 3}, WEIGHTS));
        byte[] file = model.then("Softmax", Map.of("axis", axis)).build().toByteArray();
        assertThatThrownBy(() -> OnnxFile.read(file, FEATURES, several()))
            .isInstanceOf(OnnxException.class)
            .hasMessageContaining("change with the other examples of its batch");
      }
    }
  }

  /**
   * What a graph computes from how many examples there are is only run if it is harmless: ONNX
   * Runtime crashes on some that make nothing, and takes memory for all that others make.
   */
  @ParameterizedTest
  @CsvSource({"4, false", "2, false", "-1, true", "-1000000, false", "0, true"})
  void sidesThatFollowFromTheBatchAreNotRun(long each, boolean isCompared) {
    Models model = new Models(17, -1, 2, 4, 4);
    String length = plus(model, 4, -each);
    model.node(
        "Resize",
        Map.of("mode", "nearest"),
        List.of("x", "", "", sides(model, List.of(plus(model, 1, 1), "2", "4", length))));
    model.then(
        "InstanceNormalization",
        Map.of(),
        model.constant(new int[] {2}, 1f, 1f),
        model.constant(new int[] {2}, 0f, 0f));
    model.then("GlobalAveragePool", Map.of()).then("Flatten", Map.of());
    model.then("MatMul", Map.of(), model.constant(new int[] {2, 2}, 1f, 2f, 3f, 4f));
    ModelProto built = model.build();
    assertThat(BatchSides.areThoseOfSingleOnes(built, Map.of("x", new int[] {1, 2, 4, 4}), 64))
        .isEqualTo(isCompared);
  }

  /** The batch and what is said for each example beside the first one. */
  private static String plus(Models model, long first, long each) {
    model.node("Shape", Map.of(), List.of("x"));
    model.then(
        "Slice", Map.of(), model.constant(new int[] {1}, 0L), model.constant(new int[] {1}, 1L));
    model.then("Sub", Map.of(), model.constant(new int[] {1}, 1L));
    model.then("Mul", Map.of(), model.constant(new int[] {1}, each));
    return model.then("Add", Map.of(), model.constant(new int[] {1}, first)).last();
  }

  private static String sides(Models model, List<String> sides) {
    List<String> names =
        sides.stream()
            .map(
                side ->
                    side.matches("[0-9]+")
                        ? model.constant(new int[] {1}, Long.parseLong(side))
                        : side)
            .toList();
    return model.node("Concat", Map.of("axis", 0), names).last();
  }

  /** Which crashed the JVM: of two examples nothing is left, and that is normalized. */
  @Test
  void nothingIsMadeOfSeveralExamples() {
    Models model = new Models(17, -1, 2, 4, 4);
    String end = plus(model, 4, -4);
    model.node(
        "Slice",
        Map.of(),
        List.of("x", model.constant(new int[] {1}, 0L), end, model.constant(new int[] {1}, 3L)));
    model.then(
        "InstanceNormalization",
        Map.of(),
        model.constant(new int[] {2}, 1f, 1f),
        model.constant(new int[] {2}, 0f, 0f));
    model.then("Flatten", Map.of());
    float[] weights = new float[32 * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 7 - 3;
    }
    model.then("MatMul", Map.of(), model.constant(new int[] {32, 3}, weights));
    float[] examples = new float[3 * 32];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = i % 5 * 0.1f;
    }
    byte[] file = model.build().toByteArray();
    assertThat(OnnxFile.read(file, new InputShape(2, 4, 4, 1), examples).comparison())
        .startsWith("outputs on 3 examples differ");
  }

  /**
   * With the sides that they compute of how many examples there are. Of one, where keys are
   * repeated for several heads, these are not found out: it is compared example by example alone.
   */
  @Test
  void exportersModelsAreRunOnSeveralExamples() throws IOException {
    List<String> not = new ArrayList<>();
    for (Map.Entry<String, InputShape> each : OnnxFiles.SUPPORTED.entrySet()) {
      ModelProto model = OnnxFile.parsed(OnnxFiles.model(each.getKey()));
      InputLayout layout =
          InputLayout.of(
              GraphReader.read(model), each.getValue(), InputLayout.Order.CHANNELS_FIRST);
      Map<String, int[]> dims = new HashMap<>();
      layout.parts().forEach(part -> dims.put(part.name(), part.selection().dims()));
      if (layout.batch() == 0 && !BatchSides.areThoseOfSingleOnes(model, dims, 16)) {
        not.add(each.getKey());
      }
    }
    assertThat(not).containsExactly("sequences/grouped");
  }

  /** As exporters leave it that compute sides of the one example they run. */
  @Test
  void sidesOfOneExampleAreAccepted() {
    Models model = new Models(17, -1, 4);
    model.then("Reshape", Map.of(), model.constant(new int[] {2}, 1L, 4L));
    model.then("MatMul", Map.of(), model.constant(new int[] {4, 3}, WEIGHTS));
    assertThat(OnnxFile.read(model.build().toByteArray(), FEATURES, several()).comparison())
        .startsWith("outputs on 3 examples differ");
  }

  /** A file rounds what Pare would not, as may show on no example that they are compared on. */
  @ParameterizedTest
  @ValueSource(strings = {"INT64", "INT32"})
  void numbersThatAreRounded(String type) {
    TensorProto.DataType wholes = TensorProto.DataType.valueOf(type);
    Models cast = new Models(17, -1, 4);
    cast.then("Cast", Map.of("to", wholes.getNumber()));
    cast.then("Identity", Map.of());
    String rounded = cast.last();
    cast.then("Cast", Map.of("to", TensorProto.DataType.FLOAT_VALUE));
    cast.then("MatMul", Map.of(), cast.constant(new int[] {4, 3}, WEIGHTS));
    String numbers = cast.last();
    refused(
        cast.build(),
        FEATURES,
        "node cast-0 (Cast): to = " + type + ", which rounds numbers, is not supported but for");

    // Looked up by as well.
    cast.node("Gather", Map.of(), List.of(cast.constant(new int[] {5, 3}, new float[15]), rounded));
    cast.then("ReduceMean", Map.of("axes", new long[] {1}, "keepdims", 0));
    cast.then("Add", Map.of(), numbers);
    refused(cast.build(), FEATURES, "node cast-0 (Cast): to = " + type + ", which rounds numbers");

    Models input = new Models(wholes, 17, -1, 4);
    input.then("Cast", Map.of("to", TensorProto.DataType.FLOAT_VALUE));
    input.then("MatMul", Map.of(), input.constant(new int[] {4, 3}, WEIGHTS));
    refused(
        input.build(),
        FEATURES,
        "its input x is of " + type + ", which rounds numbers, and not of tokens");
  }

  /** Tokens are whole numbers: moved, and rounded twice, they stay what they are. */
  @Test
  void tokensThatAreMovedAndRoundedAreLookedUp() {
    Models model = new Models(17, -1, 4);
    model.then("Cast", Map.of("to", TensorProto.DataType.INT32_VALUE));
    model.then("Reshape", Map.of(), model.constant(new int[] {3}, -1L, 2L, 2L));
    model.then("Cast", Map.of("to", TensorProto.DataType.FLOAT_VALUE));
    model.then("Cast", Map.of("to", TensorProto.DataType.INT64_VALUE));
    model.then("Flatten", Map.of());
    String table = model.constant(new int[] {4, 3}, WEIGHTS);
    model.node("Gather", Map.of(), List.of(table, model.last()));
    model.then("ReduceMean", Map.of("axes", new long[] {1}, "keepdims", 0));
    float[] tokens = {0, 1, 2, 3, 3, 3, 1, 0};
    assertThat(OnnxFile.read(model.build().toByteArray(), FEATURES, tokens).comparison())
        .startsWith("outputs on 2 examples differ");
  }

  private static Models alongTheBatch(int batch, String operator) {
    Models model = new Models(17, batch, 4);
    model.then("Relu", Map.of());
    switch (operator) {
      case "ReduceSum" ->
          model.then(operator, Map.of("keepdims", 1), model.constant(new int[] {1}, 0L));
      case "Softmax" -> model.then(operator, Map.of("axis", 0));
      case "LayerNormalization" ->
          model.then(operator, Map.of("axis", 0), model.constant(new int[] {1, 4}, 1f, 2f, 3f, 4f));
      default -> model.then(operator, Map.of("axes", new long[] {0}, "keepdims", 1));
    }
    String summary = model.last();
    model.node("Add", Map.of(), List.of("x", summary));
    return model.then("MatMul", Map.of(), model.constant(new int[] {4, 3}, WEIGHTS));
  }

  private static float[] several() {
    return new float[] {1, 2, 3, 4, 2, 1, 0, 5, -1, 3, 2, 2};
  }

  private static Models features(int opset) {
    Models model = new Models(opset, -1, 4);
    return model.then("MatMul", Map.of(), model.constant(new int[] {4, 3}, new float[12]));
  }

  private static ModelProto tensor(TensorProto.Builder tensor) {
    Models model = new Models(17, -1, 4);
    return model.then("MatMul", Map.of(), model.constant(tensor)).build();
  }

  private static void refused(ModelProto model, String problem) {
    refused(model, FEATURES, "tensor c0: " + problem);
  }

  private static void refused(ModelProto model, InputShape input, String message) {
    assertThatThrownBy(() -> Import.of(GraphReader.read(model), input))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(message);
  }
}
