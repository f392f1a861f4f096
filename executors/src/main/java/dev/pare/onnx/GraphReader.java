package dev.pare.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.FunctionProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Reads the graph of a model: of one output, every value defined once and before it is read. What
 * does not lead to the output is left out.
 */
final class GraphReader {
  static final int OLDEST_OPSET = 9;

  /** Up to this one, what Pare knows of an operator holds, if {@link Operator} says no other. */
  static final int NEWEST_OPSET = 23;

  private static final int MOST_NODES = 20_000;
  private static final int MOST_ATTRIBUTES = 64;
  private static final int MOST_NAMES = 1_000;
  private static final int MOST_INPUTS = 64;

  private final GraphProto graph;
  private final int opset;
  private final Set<String> defined = new HashSet<>();

  private GraphReader(GraphProto graph, int opset) {
    this.graph = graph;
    this.opset = opset;
  }

  /**
   * Reads a model whose tensors are all in it.
   *
   * @throws OnnxException naming what is damaged or not supported
   */
  static Graph read(ModelProto model) {
    if (!model.hasGraph()) {
      throw new OnnxException("not an ONNX model: it has no graph");
    }
    if (model.getFunctionsCount() > 0) {
      throw new OnnxException(
          "it has functions of its own%s, which are not supported; export it with them inlined"
              .formatted(
                  names(model.getFunctionsList().stream().map(FunctionProto::getName).toList())));
    }
    if (model.getTrainingInfoCount() > 0) {
      throw new OnnxException(
          "it has training_info, which is not supported: export the network alone, for inference");
    }
    return new GraphReader(model.getGraph(), opset(model)).read();
  }

  private static int opset(ModelProto model) {
    Long found = null;
    for (OperatorSetIdProto imported : model.getOpsetImportList()) {
      if (isDefault(imported.getDomain())) {
        if (found != null) {
          throw new OnnxException("it imports two versions of ONNX's operators");
        }
        found = imported.getVersion();
      }
    }
    if (found == null) {
      throw new OnnxException("it does not say which version of ONNX's operators it needs");
    }
    if (found < OLDEST_OPSET || found > NEWEST_OPSET) {
      throw new OnnxException(
          "opset %d: must be %d to %d; export it with one of these"
              .formatted(found, OLDEST_OPSET, NEWEST_OPSET));
    }
    return found.intValue();
  }

  static boolean isDefault(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private Graph read() {
    if (graph.getNodeCount() > MOST_NODES) {
      throw new OnnxException("%d nodes: at most %d".formatted(graph.getNodeCount(), MOST_NODES));
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw new OnnxException("it has sparse constants, which are not supported");
    }
    Map<String, TensorProto> constants = new HashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      if (constants.put(name(tensor.getName()), tensor) != null) {
        throw twice(tensor.getName());
      }
    }
    List<ValueInfoProto> inputs = inputs(constants.keySet());
    defined.addAll(constants.keySet());
    inputs.forEach(input -> define(input.getName()));
    List<OnnxNode> nodes = new ArrayList<>();
    for (NodeProto proto : graph.getNodeList()) {
      nodes.add(node(proto));
    }
    if (graph.getOutputCount() != 1) {
      throw new OnnxException(
          "it has %d outputs%s; Pare compresses networks with one: export only the logits"
              .formatted(
                  graph.getOutputCount(),
                  names(graph.getOutputList().stream().map(ValueInfoProto::getName).toList())));
    }
    String output = graph.getOutput(0).getName();
    if (!defined.contains(output)) {
      throw new OnnxException(
          "its output %s is made by no node".formatted(OnnxException.shown(output)));
    }
    List<OnnxNode> needed = needed(nodes, output);
    Map<String, Tensor> read = new HashMap<>();
    for (OnnxNode node : needed) {
      for (String name : node.inputs()) {
        if (constants.containsKey(name) && !read.containsKey(name)) {
          read.put(name, TensorReader.read(constants.get(name)));
        }
      }
    }
    List<Graph.Input> sides = inputs.stream().map(GraphReader::input).toList();
    return new Graph(opset, sides, output, read, needed);
  }

  private static String names(List<String> names) {
    return names.isEmpty()
        ? ""
        : " ("
            + OnnxException.shown(String.join(", ", names.subList(0, Math.min(9, names.size()))))
            + ")";
  }

  /** Files of old versions list constants among their inputs, too. */
  private List<ValueInfoProto> inputs(Set<String> constants) {
    List<ValueInfoProto> inputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!names.add(input.getName())) {
        throw twice(input.getName());
      }
      if (!constants.contains(input.getName())) {
        inputs.add(input);
      }
    }
    if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw new OnnxException(
          "it has %d inputs%s: must be 1 to %d"
              .formatted(
                  inputs.size(),
                  names(inputs.stream().map(ValueInfoProto::getName).toList()),
                  MOST_INPUTS));
    }
    return inputs;
  }

  private static Graph.Input input(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    String name = OnnxException.shown(input.getName());
    TensorProto.DataType its = TensorProto.DataType.forNumber(type.getElemType());
    if (its == null
        || its != TensorProto.DataType.FLOAT
            && its != TensorProto.DataType.INT64
            && its != TensorProto.DataType.INT32) {
      throw new OnnxException(
          "its input %s must be of floats, or of tokens as INT64 or INT32, not of %s"
              .formatted(name, its == null ? type.getElemType() : its));
    }
    if (!type.hasShape() || type.getShape().getDimCount() > Dimensions.MOST_SIDES) {
      throw new OnnxException(
          "its input %s must have a shape of at most %d axes"
              .formatted(name, Dimensions.MOST_SIDES));
    }
    List<Integer> dims = new ArrayList<>();
    for (Dimension dim : type.getShape().getDimList()) {
      long side = dim.hasDimValue() ? dim.getDimValue() : -1;
      if (dim.hasDimValue() && (side < 1 || side > Integer.MAX_VALUE)) {
        throw new OnnxException("its input %s has a side of %d".formatted(name, side));
      }
      dims.add((int) side);
    }
    return new Graph.Input(input.getName(), its, dims);
  }

  private static String name(String name) {
    if (name.isEmpty()) {
      throw new OnnxException("a value has no name");
    }
    return name;
  }

  private void define(String name) {
    if (!defined.add(name(name))) {
      throw twice(name);
    }
  }

  private static OnnxException twice(String name) {
    return new OnnxException("two values have the name " + OnnxException.shown(name));
  }

  private OnnxNode node(NodeProto proto) {
    Map<String, Attribute> attributes = new HashMap<>();
    String name =
        proto.getName().isEmpty() && proto.getOutputCount() > 0
            ? proto.getOutput(0)
            : proto.getName();
    OnnxNode node =
        new OnnxNode(
            name, proto.getOpType(), proto.getInputList(), proto.getOutputList(), attributes);
    if (!isDefault(proto.getDomain())) {
      throw node.failure(
          "operators of the domain %s are not supported; only ONNX's own are"
              .formatted(OnnxException.shown(proto.getDomain())));
    }
    if (proto.getAttributeCount() > MOST_ATTRIBUTES
        || proto.getInputCount() > MOST_NAMES
        || proto.getOutputCount() > MOST_NAMES) {
      throw node.failure("it has too many inputs, outputs or attributes");
    }
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !defined.contains(input)) {
        throw node.failure(
            "it reads %s, which nothing before it makes".formatted(OnnxException.shown(input)));
      }
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty()) {
        define(output);
      }
    }
    for (AttributeProto attribute : proto.getAttributeList()) {
      try {
        if (attributes.put(attribute.getName(), attribute(attribute)) != null) {
          throw new OnnxException("it is there twice");
        }
      } catch (OnnxException e) {
        throw node.failure(
            "attribute %s: %s".formatted(OnnxException.shown(attribute.getName()), e.getMessage()),
            e);
      }
    }
    return new OnnxNode(name, node.operator(), node.inputs(), node.outputs(), attributes);
  }

  private static Attribute attribute(AttributeProto proto) {
    return switch (proto.getType()) {
      case INT -> new Attribute.Whole(proto.getI());
      case FLOAT -> new Attribute.Real(proto.getF());
      case STRING -> new Attribute.Text(proto.getS().toStringUtf8());
      case INTS -> new Attribute.Wholes(List.copyOf(proto.getIntsList()));
      case FLOATS -> new Attribute.Reals(List.copyOf(proto.getFloatsList()));
      case STRINGS ->
          new Attribute.Texts(
              proto.getStringsList().stream().map(ByteString::toStringUtf8).toList());
      case TENSOR -> new Attribute.Constant(TensorReader.read(proto.getT()));
      case GRAPH, GRAPHS ->
          throw new OnnxException(
              "a graph inside of the graph: networks with branches and loops that depend on their"
                  + " input are not supported");
      case SPARSE_TENSOR,
              SPARSE_TENSORS,
              TENSORS,
              TYPE_PROTO,
              TYPE_PROTOS,
              UNDEFINED,
              UNRECOGNIZED ->
          new Attribute.Other(proto.getType().name());
    };
  }

  /** The nodes that an output depends on, in their order. */
  static List<OnnxNode> needed(List<OnnxNode> nodes, String output) {
    Deque<OnnxNode> needed = new ArrayDeque<>();
    Set<String> read = new HashSet<>(Set.of(output));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      OnnxNode node = nodes.get(i);
      if (!Collections.disjoint(node.outputs(), read)) {
        needed.addFirst(node);
        read.addAll(node.inputs());
        read.remove("");
      }
    }
    return List.copyOf(needed);
  }
}
