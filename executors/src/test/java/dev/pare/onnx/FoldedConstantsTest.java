package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Named.named;

import dev.pare.graph.InputShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is computed of constants while a file is read is what ONNX Runtime computes: it is added to
 * logits, which are compared.
 */
class FoldedConstantsTest {
  private static final InputShape INPUT = new InputShape(3, 1, 1, 1);
  private static final float[] EXAMPLES = {1, 2, 3, 0.5f, -2, 4};

  /** From the model so far to the same with a node more, whose output is of twelve numbers. */
  private record Computed(int opset, int size, UnaryOperator<Models> nodes) {}

  static Stream<Named<Computed>> computed() {
    return Stream.of(
        of("slice backwards", 12, m -> slice(m, -1, Long.MIN_VALUE, 1, -1)),
        of("slice every second", 6, m -> slice(m, 0, Long.MAX_VALUE, 1, 2)),
        of("slice a part", 3, m -> slice(m, -3, -2, 1, 1)),
        of("slice beyond the end", 3, m -> slice(m, 2, 100, 1, 5)),
        of(
            "slice of an old opset",
            9,
            9,
            m ->
                m.node(
                        "Slice",
                        Map.of(
                            "starts",
                            new long[] {1, 0},
                            "ends",
                            new long[] {3, 100},
                            "axes",
                            new long[] {1, 0}),
                        List.of(matrix(m)))
                    .then("Concat", Map.of("axis", 1), m.constant(new int[] {3, 1}, 7f, 8f, 9f))),
        of(
            "gather rows",
            8,
            m ->
                m.node("Gather", Map.of(), List.of(matrix(m), m.constant(new int[] {2}, -1L, 0L)))),
        of(
            "gather columns",
            6,
            m ->
                m.node(
                    "Gather",
                    Map.of("axis", 1),
                    List.of(matrix(m), m.constant(new int[] {1, 2}, 3L, 1L)))),
        of("transpose", 12, m -> m.node("Transpose", Map.of(), List.of(matrix(m)))),
        of(
            "transpose of three axes",
            12,
            m ->
                m.node(
                        "Reshape",
                        Map.of(),
                        List.of(matrix(m), m.constant(new int[] {3}, 2L, -1L, 3L)))
                    .then("Transpose", Map.of("perm", new long[] {2, 0, 1}))),
        of(
            "expand",
            24,
            m ->
                m.node(
                    "Expand", Map.of(), List.of(matrix(m), m.constant(new int[] {3}, 2L, 1L, 1L)))),
        of("flatten", 12, m -> m.node("Flatten", Map.of("axis", 0), List.of(matrix(m)))),
        of(
            "squeeze and unsqueeze",
            12,
            m ->
                m.node(
                        "Unsqueeze",
                        Map.of(),
                        List.of(matrix(m), m.constant(new int[] {2}, 0L, -1L)))
                    .then("Squeeze", Map.of(), m.constant(new int[] {1}, 3L))),
        of(
            "squeeze all",
            9,
            12,
            m ->
                m.node("Unsqueeze", Map.of("axes", new long[] {0, 3}), List.of(matrix(m)))
                    .then("Squeeze", Map.of())),
        of(
            "reshape with zeros",
            12,
            m ->
                m.node(
                    "Reshape",
                    Map.of(),
                    List.of(matrix(m), m.constant(new int[] {3}, 0L, 2L, -1L)))),
        of("shape and its parts", 1, m -> m.node("Shape", Map.of("start", -1), List.of(matrix(m)))),
        of("size", 1, m -> m.node("Size", Map.of(), List.of(matrix(m)))),
        of(
            "constant of shape",
            4,
            m ->
                m.node(
                    "ConstantOfShape",
                    Map.of(
                        "value",
                        Models.tensor(1)
                            .setDataType(TensorProto.DataType.INT64_VALUE)
                            .addInt64Data(7)
                            .build()),
                    List.of(m.constant(new int[] {2}, 2L, 2L)))),
        of(
            "range",
            4,
            m ->
                m.node(
                    "Range",
                    Map.of(),
                    List.of(
                        m.constant(new int[0], 10L),
                        m.constant(new int[0], -1L),
                        m.constant(new int[0], -3L)))),
        of(
            "equal and where",
            12,
            m -> {
              String matrix = matrix(m);
              m.node(
                  "Equal", Map.of(), List.of(matrix, m.constant(new int[] {4}, 0f, -2.5f, 1f, 9f)));
              return m.node(
                  "Where",
                  Map.of(),
                  List.of(m.last(), matrix, m.constant(new int[] {3, 1}, 5f, 6f, 7f)));
            }),
        of(
            "whole numbers",
            3,
            m ->
                m.node(
                        "Mul",
                        Map.of(),
                        List.of(
                            m.constant(new int[] {3}, 7L, -7L, 9L), m.constant(new int[] {1}, 3L)))
                    .then("Div", Map.of(), m.constant(new int[0], 2L))
                    .then("Sub", Map.of(), m.constant(new int[] {3}, 1L, 2L, 3L))
                    .then("Add", Map.of(), m.constant(new int[] {1}, 4L))),
        of(
            "floats",
            12,
            m -> {
              m.node(
                  "Div", Map.of(), List.of(matrix(m), m.constant(new int[] {3, 1}, 3f, 0.7f, -2f)));
              m.then("Neg", Map.of()).then("Abs", Map.of()).then("Sqrt", Map.of());
              m.then("Pow", Map.of(), m.constant(new int[] {1}, 1.5f));
              return m.then("Min", Map.of(), m.constant(new int[0], 4f))
                  .then("Max", Map.of(), m.constant(new int[0], 0.1f));
            }),
        of(
            "extremes of several",
            12,
            m ->
                m.node(
                        "Max",
                        Map.of(),
                        List.of(matrix(m), m.constant(new int[0], 1f), m.constant(new int[0], 2f)))
                    .then("Min", Map.of(), m.constant(new int[0], 7f), m.constant(new int[0], 5f))),
        of(
            "roundings",
            12,
            m ->
                m.node("Floor", Map.of(), List.of(matrix(m)))
                    .then("Ceil", Map.of())
                    .then("Exp", Map.of())
                    .then("Reciprocal", Map.of())),
        of(
            "casts",
            12,
            m ->
                m.node("Cast", Map.of("to", 7), List.of(matrix(m)))
                    .then("Cast", Map.of("to", 9))
                    .then("Cast", Map.of("to", 6))),
        of(
            "numbers of each width",
            6,
            m ->
                m.node(
                    "Concat",
                    Map.of("axis", 0),
                    List.of(half(m), m.constant(new int[] {2}, 1.5f, 2f), doubles(m)))),
        of(
            "a constant's number",
            1,
            m -> m.node("Constant", Map.of("value_float", 2.5f), List.of())),
        of(
            "a constant's numbers",
            3,
            m -> m.node("Constant", Map.of("value_ints", new long[] {1, -2, 3}), List.of())));
  }

  private static Named<Computed> of(String name, int size, UnaryOperator<Models> nodes) {
    return of(name, 17, size, nodes);
  }

  private static Named<Computed> of(String name, int opset, int size, UnaryOperator<Models> nodes) {
    return named(name, new Computed(opset, size, nodes));
  }

  private static String matrix(Models model) {
    float[] values = {0, -2.5f, 1, 9, 5, 4, 3.25f, -1, 0, 7, 8, -6};
    return model.constant(new int[] {3, 4}, values);
  }

  private static Models slice(Models m, long start, long end, long axis, long step) {
    return m.node(
        "Slice",
        Map.of(),
        List.of(
            matrix(m),
            m.constant(new int[] {1}, start),
            m.constant(new int[] {1}, end),
            m.constant(new int[] {1}, axis),
            m.constant(new int[] {1}, step)));
  }

  /** 1.5 and 2⁻²⁴, then as floats. */
  private static String half(Models model) {
    TensorProto.Builder tensor =
        Models.tensor(2)
            .setDataType(TensorProto.DataType.FLOAT16_VALUE)
            .addInt32Data(0x3E00)
            .addInt32Data(0xC001);
    return model.node("Cast", Map.of("to", 1), List.of(model.constant(tensor))).last();
  }

  private static String doubles(Models model) {
    TensorProto.Builder tensor =
        Models.tensor(2)
            .setDataType(TensorProto.DataType.DOUBLE_VALUE)
            .addDoubleData(1e-3)
            .addDoubleData(-7);
    return model.node("Cast", Map.of("to", 1), List.of(model.constant(tensor))).last();
  }

  @ParameterizedTest
  @MethodSource
  void computed(Computed computed) {
    Models model = new Models(computed.opset(), -1, 3);
    computed.nodes().apply(model);
    model.then("Cast", Map.of("to", 1));
    model.then("Reshape", Map.of(), model.constant(new int[] {1}, -1L));
    String result = model.last();
    int units = computed.size();
    float[] weights = new float[3 * units];
    Arrays.fill(weights, 0.1f);
    model.node("MatMul", Map.of(), List.of("x", model.constant(new int[] {3, units}, weights)));
    model.then("Add", Map.of(), result);
    ModelProto proto = model.build();

    assertThatCode(() -> OnnxFile.read(proto.toByteArray(), INPUT, EXAMPLES))
        .doesNotThrowAnyException();
    assertThat(Import.of(GraphReader.read(proto), INPUT).network().architecture().layers())
        .hasSize(1);
  }
}
