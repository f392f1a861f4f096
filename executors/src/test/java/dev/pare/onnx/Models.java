package dev.pare.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Builds models for tests: one input {@code x}, nodes one after the other. */
final class Models {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
  private final int opset;
  private String last = "x";
  private int count;

  /**
   * @param dims of the input; −1 leaves one open
   */
  Models(int opset, int... dims) {
    this(TensorProto.DataType.FLOAT, opset, dims);
  }

  /** With an input of any type. */
  Models(TensorProto.DataType type, int opset, int... dims) {
    this.opset = opset;
    graph.addInput(value("x", type, dims));
  }

  static ValueInfoProto value(String name, TensorProto.DataType of, int... dims) {
    TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder().setElemType(of.getNumber());
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      TensorShapeProto.Dimension.Builder side = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim < 0 ? side.setDimParam("n") : side.setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type.setShape(shape)))
        .build();
  }

  /** What the last node makes. */
  String last() {
    return last;
  }

  /** Adds a constant and says its name. */
  String constant(int[] dims, float... values) {
    TensorProto.Builder tensor = tensor(dims).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return constant(tensor);
  }

  /** Adds a constant of whole numbers and says its name. */
  String constant(int[] dims, long... values) {
    TensorProto.Builder tensor = tensor(dims).setDataType(TensorProto.DataType.INT64_VALUE);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return constant(tensor);
  }

  String constant(TensorProto.Builder tensor) {
    String name = "c" + count++;
    graph.addInitializer(tensor.setName(name));
    return name;
  }

  static TensorProto.Builder tensor(int... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder();
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  /** Adds a node that reads the last one's output and then others. */
  Models then(String operator, Map<String, ?> attributes, String... others) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(List.of(others));
    return node(operator, attributes, inputs);
  }

  Models node(String operator, Map<String, ?> attributes, List<String> inputs) {
    last = "v" + count++;
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(operator.toLowerCase(Locale.ROOT) + "-" + graph.getNodeCount())
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(last);
    attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
    graph.addNode(node);
    return this;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer whole) {
      attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
    } else if (value instanceof Float number) {
      attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
    } else if (value instanceof String text) {
      attribute.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof long[] wholes) {
      attribute.setType(AttributeProto.AttributeType.INTS);
      for (long whole : wholes) {
        attribute.addInts(whole);
      }
    } else if (value instanceof TensorProto tensor) {
      attribute.setType(AttributeProto.AttributeType.TENSOR).setT(tensor);
    } else {
      throw new IllegalArgumentException("an attribute of " + value);
    }
    return attribute.build();
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** The model, which ends with the last node. */
  ModelProto build() {
    return build(last);
  }

  ModelProto build(String... outputs) {
    GraphProto.Builder whole = graph.clone();
    for (String output : outputs) {
      whole.addOutput(value(output, TensorProto.DataType.FLOAT));
    }
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(whole)
        .build();
  }
}
