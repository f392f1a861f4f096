package dev.pare.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Makes a model of one input and one output, for batches of any size. */
final class ModelBuilder {
  private static final int OPSET = 20;
  private static final int IR_VERSION = 9;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("model");
  private int count;

  /** The network's input. */
  KerasModel.Value input(DataType type, int... dims) {
    graph.addInput(value("input", type, dims));
    return new KerasModel.Value("input", dims);
  }

  private static ValueInfoProto value(String name, DataType of, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(of.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  String constant(int[] dims, float... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return constant(tensor, dims);
  }

  String constant(long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(DataType.INT64_VALUE);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return constant(tensor, new int[] {values.length});
  }

  private String constant(TensorProto.Builder tensor, int[] dims) {
    String name = "constant-" + count++;
    IntStream.of(dims).forEach(tensor::addDims);
    graph.addInitializer(tensor.setName(name));
    return name;
  }

  /** A node's output. */
  String node(String operator, Map<String, ?> attributes, String... inputs) {
    return node(operator, attributes, 1, inputs);
  }

  /** The last one of a node's outputs. */
  String node(String operator, Map<String, ?> attributes, int outputs, String... inputs) {
    String last = operator + "-" + count++;
    NodeProto.Builder node =
        NodeProto.newBuilder().setName(last).setOpType(operator).addAllInput(List.of(inputs));
    for (int i = 1; i < outputs; i++) {
      node.addOutput(last + "-" + i);
    }
    node.addOutput(last);
    attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
    graph.addNode(node);
    return last;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer whole) {
      attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
    } else if (value instanceof Float number) {
      attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
    } else if (value instanceof String text) {
      attribute.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else {
      attribute.setType(AttributeProto.AttributeType.INTS);
      IntStream.of((int[]) value).forEach(attribute::addInts);
    }
    return attribute.build();
  }

  ModelProto build(KerasModel.Value output) {
    graph.addOutput(value(output.name(), DataType.FLOAT, output.dims()));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build();
  }
}
