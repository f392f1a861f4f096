package dev.pare.export;

import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** An ONNX model that grows node by node. */
final class OnnxModel {
  /** Opset of a model that needs no later one: {@code DequantizeLinear} has an axis since. */
  private static final int LEAST_OPSET = 13;

  private static final String BATCH = "batch";

  private final List<NodeProto.Builder> nodes = new ArrayList<>();
  private final List<TensorProto> initializers = new ArrayList<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> padded = new HashSet<>();
  private final Map<String, Value> images = new HashMap<>();
  private final Map<String, Value> vectors = new HashMap<>();

  /** Of values that come from whole numbers of 8 bits, by their names. */
  private final Map<String, Quantized> quantized = new HashMap<>();

  /** Of weights that come from such, the steps of their rows. */
  private final Map<String, float[]> rowSteps = new HashMap<>();

  private String scope = "";
  private int opset = LEAST_OPSET;
  private int mlOpset;

  /** Names what is added from here on after a part of the network. */
  void within(String part) {
    scope = part;
  }

  /** Has the model be of this opset at least. */
  void needs(int version) {
    opset = Math.max(opset, version);
  }

  /** Has the model be of this opset of {@code ai.onnx.ml} at least. */
  void needsMl(int version) {
    mlOpset = Math.max(mlOpset, version);
  }

  /** A name that nothing has, for a part of what is being added. */
  String unused(String part) {
    String plain = scope.isEmpty() ? part : scope + "/" + part;
    String name = plain;
    for (int i = 1; !names.add(name); i++) {
      name = plain + "_" + i;
    }
    return name;
  }

  /**
   * Adds an input of the model.
   *
   * @param dims behind the batch
   */
  String input(String name, TensorProto.DataType type, int... dims) {
    names.add(name);
    inputs.add(info(name, type, dims));
    return name;
  }

  /** Adds a node of one output, which is returned. */
  String node(String operator, Map<String, ?> attributes, String... read) {
    return nodeOf(operator, attributes, 1, read)[0];
  }

  /** Adds a node of several outputs, which are returned. */
  String[] nodeOf(String operator, Map<String, ?> attributes, int outputs, String... read) {
    String[] made = new String[outputs];
    for (int i = 0; i < outputs; i++) {
      made[i] = unused(operator);
    }
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(made[0])
            .setOpType(operator)
            .addAllInput(List.of(read))
            .addAllOutput(List.of(made));
    // In an order that does not change from run to run.
    new TreeMap<>(attributes).forEach((key, value) -> node.addAttribute(attribute(key, value)));
    nodes.add(node);
    if (operator.equals("Pad")) {
      padded.add(made[0]);
    }
    return made;
  }

  /** Whether a value is what padding makes. */
  boolean isPadded(String value) {
    return padded.contains(value);
  }

  /** Adds a node of {@code ai.onnx.ml}. */
  String mlNode(String operator, Map<String, ?> attributes, String... read) {
    needsMl(1);
    String name = node(operator, attributes, read);
    nodes.get(nodes.size() - 1).setDomain("ai.onnx.ml");
    return name;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer whole) {
      attribute.setType(AttributeProto.AttributeType.INT).setI(whole);
    } else if (value instanceof Float number) {
      attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
    } else if (value instanceof String text) {
      attribute.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof int[] wholes) {
      attribute.setType(AttributeProto.AttributeType.INTS);
      for (int whole : wholes) {
        attribute.addInts(whole);
      }
    } else if (value instanceof List<?> texts) {
      attribute.setType(AttributeProto.AttributeType.STRINGS);
      texts.forEach(text -> attribute.addStrings(ByteString.copyFromUtf8((String) text)));
    } else {
      throw new IllegalArgumentException("an attribute of " + value);
    }
    return attribute.build();
  }

  /** Adds a tensor and says its name. */
  String constant(TensorProto tensor) {
    initializers.add(tensor);
    return tensor.getName();
  }

  /** Adds a tensor of floats. */
  String floats(String part, int[] dims, float... values) {
    return constant(tensor(unused(part), dims, values));
  }

  /** Adds a tensor of whole numbers, as sides and indices are. */
  String wholes(String part, int[] dims, long... values) {
    ByteBuffer bytes = bytes(values.length * Long.BYTES);
    for (long value : values) {
      bytes.putLong(value);
    }
    return constant(tensor(unused(part), TensorProto.DataType.INT64, dims, bytes.array()));
  }

  /** Adds a vector of whole numbers. */
  String vector(String part, long... values) {
    return wholes(part, new int[] {values.length}, values);
  }

  /** Adds a single number. */
  String number(String part, float value) {
    return floats(part, new int[0], value);
  }

  static TensorProto tensor(String name, int[] dims, float[] values) {
    ByteBuffer bytes = bytes(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    return tensor(name, TensorProto.DataType.FLOAT, dims, bytes.array());
  }

  static TensorProto tensor(String name, TensorProto.DataType type, int[] dims, byte[] raw) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw));
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.build();
  }

  /** Room for numbers as tensors have them. */
  static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Whole numbers of 8 bits, and what makes numbers of them.
   *
   * @param levels name of the whole numbers
   * @param scale name of the scale, whose value is {@code step}
   * @param zero name of the level of 0
   */
  private record Quantized(String levels, String scale, String zero, float step) {}

  /** A value rounded to whole numbers of 8 bits. */
  Value quantized(Value value, Quantization range) {
    String scale = number("scale", range.scale());
    String zero =
        constant(
            tensor(
                unused("zero_point"),
                TensorProto.DataType.UINT8,
                new int[0],
                new byte[] {(byte) range.zeroPoint()}));
    String levels = node("QuantizeLinear", Map.of(), value.name(), scale, zero);
    return dequantized(value, new Quantized(levels, scale, zero, range.scale()));
  }

  private Value dequantized(Value like, Quantized from) {
    String made = node("DequantizeLinear", Map.of(), from.levels, from.scale, from.zero);
    quantized.put(made, from);
    return like.named(made);
  }

  /** From one level to the next, of a value that comes from whole numbers. */
  OptionalDouble step(String value) {
    Quantized from = quantized.get(value);
    return from == null ? OptionalDouble.empty() : OptionalDouble.of(from.step);
  }

  /** Notes that a weight comes from whole numbers of 8 bits. */
  void hasSteps(String weight, float[] steps) {
    rowSteps.put(weight, steps);
  }

  /** From one level to the next, of each row of a weight that comes from whole numbers. */
  Optional<float[]> steps(String weight) {
    return Optional.ofNullable(rowSteps.get(weight));
  }

  /** A value as {@code [batch, channels, height, width]}. */
  Value image(Value value) {
    return value.flat() ? images.computeIfAbsent(value.name(), name -> reshaped(value)) : value;
  }

  private Value reshaped(Value value) {
    Shape shape = value.shape();
    String sides = vector("sides", 0, shape.channels(), shape.height(), shape.width());
    return moved(new Value(value.name(), shape, false), "Reshape", Map.of(), sides);
  }

  /**
   * What a node makes that only lays values out otherwise: of whole numbers the whole numbers, so
   * that what reads it reads these.
   */
  private Value moved(Value value, String operator, Map<String, ?> attributes, String... others) {
    Quantized from = quantized.get(value.name());
    String[] read = new String[others.length + 1];
    read[0] = from == null ? value.name() : from.levels;
    System.arraycopy(others, 0, read, 1, others.length);
    String made = node(operator, attributes, read);
    return from == null
        ? value.named(made)
        : dequantized(value, new Quantized(made, from.scale, from.zero, from.step));
  }

  /** A value as {@code [batch, numbers]}. */
  Value vector(Value value) {
    return value.flat()
        ? value
        : vectors.computeIfAbsent(
            value.name(),
            name -> moved(new Value(name, value.shape(), true), "Flatten", Map.of("axis", 1)));
  }

  /** Calls the output of a node otherwise. */
  Value rename(Value value, String name) {
    for (NodeProto.Builder node : nodes) {
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(value.name())) {
          node.setInput(i, name);
        }
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (node.getOutput(i).equals(value.name())) {
          node.setOutput(i, name);
        }
      }
    }
    return value.named(name);
  }

  private static ValueInfoProto info(String name, TensorProto.DataType type, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  /**
   * The model.
   *
   * @param output a vector for each example
   * @param metadata in the order in which it is written
   */
  ModelProto build(Value output, String version, Map<String, String> metadata) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("network")
            .addAllInput(inputs)
            .addAllInitializer(initializers);
    Set<String> read = new HashSet<>(Set.of(output.name()));
    nodes.forEach(node -> read.addAll(node.getInputList()));
    nodes.stream()
        // What is read as whole numbers alone.
        .filter(
            node -> !quantized.containsKey(node.getOutput(0)) || read.contains(node.getOutput(0)))
        .forEach(graph::addNode);
    graph.addOutput(info(output.name(), TensorProto.DataType.FLOAT, output.shape().size()));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(opset < 15 ? 7 : opset < 19 ? 8 : 9)
            .setProducerName("pare")
            .setProducerVersion(version)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph);
    if (mlOpset > 0) {
      model.addOpsetImport(
          OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(mlOpset));
    }
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }
}
