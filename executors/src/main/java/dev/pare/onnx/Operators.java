package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.Elementwise.Function;
import dev.pare.graph.Pooling;
import dev.pare.graph.Softmax;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The operators that are supported, one a line. */
final class Operators {
  private static final Map<String, Operator> ALL = new HashMap<>();

  static {
    // Constants and shapes.
    add(
        "Constant",
        ConstantOperators::constant,
        "value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints");
    add("ConstantOfShape", ConstantOperators::constantOfShape, "value");
    add("Shape", ConstantOperators::shape, "start", "end");
    add("Size", ConstantOperators::size);
    add("Cast", ConstantOperators::cast, "to", "saturate");
    add("DequantizeLinear", ConstantOperators::dequantize, "axis", "block_size");
    add("Range", ConstantOperators::range);
    add("Equal", ConstantOperators.compared((a, b) -> a == b));
    add("Less", ConstantOperators.compared((a, b) -> a < b));
    add("LessOrEqual", ConstantOperators.compared((a, b) -> a <= b));
    add("Greater", ConstantOperators.compared((a, b) -> a > b));
    add("GreaterOrEqual", ConstantOperators.compared((a, b) -> a >= b));
    add("And", ConstantOperators.compared((a, b) -> a != 0 && b != 0));
    add("Or", ConstantOperators.compared((a, b) -> a != 0 || b != 0));
    add("Not", ConstantOperators::not);
    add("Trilu", ConstantOperators::triangle, "upper");
    add("Where", ConstantOperators::where);
    add("Sqrt", ConstantOperators.each(Math::sqrt));
    add("Exp", ConstantOperators.each(Math::exp));
    add("Floor", ConstantOperators.each(Math::floor));
    add("Ceil", ConstantOperators.each(Math::ceil));
    add("Reciprocal", ConstantOperators.each(value -> 1 / value));

    // Where numbers are.
    add("Identity", LayoutOperators::identity);
    add("Dropout", LayoutOperators::dropout, "ratio", "seed");
    add("Reshape", LayoutOperators::reshape, "allowzero");
    add("Flatten", LayoutOperators::flatten, "axis");
    add("Squeeze", LayoutOperators::squeeze, "axes");
    add("Unsqueeze", LayoutOperators::unsqueeze, "axes");
    add("Transpose", LayoutOperators::transpose, "perm");
    add("Slice", SelectionOperators::slice, "starts", "ends", "axes");
    add("Gather", SelectionOperators::gather, "axis");
    add("Expand", LayoutOperators::expand);
    add("Concat", LayoutOperators::concat, "axis");
    add("Split", SelectionOperators::split, "axis", "split", "num_outputs");
    add("Pad", LayoutOperators::pad, "mode", "pads", "value");

    // Functions of each number.
    add("Add", ArithmeticOperators::add);
    add("Sub", ArithmeticOperators::subtract);
    add("Mul", ArithmeticOperators::multiply);
    add("Div", ArithmeticOperators::divide);
    add("Neg", ArithmeticOperators::negate);
    add("Abs", ElementwiseOperators::absolute);
    add("Pow", ArithmeticOperators::power);
    add("Min", ArithmeticOperators::smallest);
    add("Max", ArithmeticOperators::largest);
    add("Clip", ElementwiseOperators::clip, "min", "max");
    add("Relu", ElementwiseOperators.activation(Activation.RELU));
    add("Sigmoid", ElementwiseOperators.activation(Activation.SIGMOID));
    add("Tanh", ElementwiseOperators.activation(Activation.TANH));
    add("LeakyRelu", ElementwiseOperators.function(Function.LEAKY_RELU, "alpha", 0.01f), "alpha");
    add("PRelu", ElementwiseOperators::slope);
    add("Elu", ElementwiseOperators.function(Function.ELU, "alpha", 1), "alpha");
    add("Selu", ElementwiseOperators::selu, "alpha", "gamma");
    add(
        "HardSigmoid",
        ElementwiseOperators.function(Function.HARD_SIGMOID, "alpha", 0.2f, "beta", 0.5f),
        "alpha",
        "beta");
    add("HardSwish", ElementwiseOperators.function(Function.HARD_SWISH));
    add("Softplus", ElementwiseOperators.function(Function.SOFTPLUS));
    add("Swish", ElementwiseOperators.function(ElementwiseOperators::swish), "alpha");
    add("Gelu", ElementwiseOperators.function(ElementwiseOperators::gelu), "approximate");
    add("Softmax", ElementwiseOperators.softmax(Softmax.Form.SHARES), "axis");
    add("LogSoftmax", ElementwiseOperators.softmax(Softmax.Form.LOGARITHMS), "axis");

    // Layers.
    add("Gemm", WeightOperators::gemm, "alpha", "beta", "transA", "transB");
    add("MatMul", WeightOperators::matrixProduct);
    add(
        "Conv",
        WeightOperators::convolution,
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "pads",
        "strides");
    add(
        "ConvTranspose",
        WeightOperators::transposedConvolution,
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "output_padding",
        "output_shape",
        "pads",
        "strides");
    add(
        "MaxPool",
        PoolingOperators.windows(Pooling.Pool.MAX),
        "auto_pad",
        "ceil_mode",
        "dilations",
        "kernel_shape",
        "pads",
        "storage_order",
        "strides");
    add(
        "AveragePool",
        PoolingOperators.windows(Pooling.Pool.AVERAGE),
        "auto_pad",
        "ceil_mode",
        "count_include_pad",
        "dilations",
        "kernel_shape",
        "pads",
        "strides");
    add(
        "Resize",
        ResizeOperators::resize,
        "antialias",
        "axes",
        "coordinate_transformation_mode",
        "cubic_coeff_a",
        "exclude_outside",
        "extrapolation_value",
        "keep_aspect_ratio_policy",
        "mode",
        "nearest_mode");
    add("Upsample", ResizeOperators::upsample, "mode");
    add("GlobalAveragePool", PoolingOperators.global(Pooling.Pool.AVERAGE));
    add("GlobalMaxPool", PoolingOperators.global(Pooling.Pool.MAX));
    add(
        "ReduceMean",
        PoolingOperators.axes(PoolingOperators.Reduction.MEAN),
        "axes",
        "keepdims",
        "noop_with_empty_axes");
    add(
        "ReduceMax",
        PoolingOperators.axes(PoolingOperators.Reduction.MAX),
        "axes",
        "keepdims",
        "noop_with_empty_axes");
    add(
        "ReduceSum",
        PoolingOperators.axes(PoolingOperators.Reduction.SUM),
        "axes",
        "keepdims",
        "noop_with_empty_axes");
    add(
        "BatchNormalization",
        NormalizationOperators::batch,
        "epsilon",
        "momentum",
        "training_mode");
    add("InstanceNormalization", NormalizationOperators::instance, "epsilon");
    add("GroupNormalization", NormalizationOperators::group, "epsilon", "num_groups", "stash_type");
    add(LayerNormalizationPattern.OPERATOR, NormalizationOperators::along, "axis", "epsilon");
    add("LayerNormalization", NormalizationOperators::layer, "axis", "epsilon", "stash_type");
    add(
        "LSTM",
        RecurrentOperators::lstm,
        "activations",
        "direction",
        "hidden_size",
        "input_forget",
        "layout");
    add(
        "GRU",
        RecurrentOperators::gru,
        "activations",
        "direction",
        "hidden_size",
        "layout",
        "linear_before_reset");
  }

  private Operators() {}

  private static void add(String name, Operator.Meaning meaning, String... attributes) {
    ALL.put(name, new Operator(Set.of(attributes), meaning));
  }

  /**
   * What a node does.
   *
   * @throws OnnxException if its operator or one of its attributes is not supported
   */
  static Operator.Meaning of(OnnxNode node) {
    Operator operator = ALL.get(node.operator());
    if (node.operator().equals("QuantizeLinear")) {
      throw node.failure(ConstantOperators.QUANTIZED);
    }
    if (operator == null) {
      throw node.failure("this operator is not supported; Pare has " + String.join(", ", names()));
    }
    for (String attribute : node.attributes().keySet()) {
      if (!operator.attributes().contains(attribute)) {
        throw node.failure(
            "attribute %s is not supported".formatted(OnnxException.shown(attribute)));
      }
    }
    return operator.meaning();
  }

  private static Set<String> names() {
    return new TreeSet<>(ALL.keySet());
  }
}
