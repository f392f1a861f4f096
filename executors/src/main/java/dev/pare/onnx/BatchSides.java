package dev.pare.onnx;

import dev.pare.onnx.RuntimeSession.Sides;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * How many numbers the nodes of a model make of several examples, found out without running it on
 * them. A graph was read as it runs for one; what it computes from how many examples there are may
 * be anything: nothing at all, which crashes some of ONNX Runtime's operators, or more than there
 * is memory for.
 *
 * <p>ONNX Runtime infers sides from those of inputs and constants. Between, nodes that look at
 * sides that are known become constants, and so do those that read constants alone.
 */
final class BatchSides {
  private static final int MOST_ROUNDS = 64;
  private static final int MOST_CONSTANT = 1 << 16;

  /** What exporters compute sides with; none of them minds to read or make nothing. */
  private static final Set<String> OF_CONSTANTS =
      Set.of(
          "Add",
          "And",
          "Cast",
          "Ceil",
          "Concat",
          "Constant",
          "ConstantOfShape",
          "Div",
          "Equal",
          "Expand",
          "Floor",
          "Gather",
          "Greater",
          "Identity",
          "Less",
          "Max",
          "Min",
          "Mul",
          "Neg",
          "Not",
          "Or",
          "Range",
          "Reshape",
          "Slice",
          "Squeeze",
          "Sub",
          "Transpose",
          "Unsqueeze",
          "Where");

  /** Beside what as many single examples take. */
  private static final long ALLOWANCE = 1 << 20;

  private final ModelProto model;
  private final GraphProto.Builder graph;
  private final Set<String> constants = new HashSet<>();

  private final Map<String, Sides> inputs = new HashMap<>();

  /** Nodes' outputs without a number. */
  private final Set<String> empty = new HashSet<>();

  private BatchSides(ModelProto model, Map<String, int[]> layout, int batch) {
    this.model = model;
    this.graph = model.getGraph().toBuilder().clearOutput();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
      int[] dims = layout.get(input.getName());
      if (dims != null) {
        long[] sides = Arrays.stream(dims).asLongStream().toArray();
        sides[0] = batch;
        inputs.put(input.getName(), new Sides(sides));
        TensorShapeProto.Builder shape =
            input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().clear();
        Arrays.stream(sides).forEach(side -> shape.addDimBuilder().setDimValue(side));
      }
    }
  }

  /**
   * Whether a model surely makes of several examples about as many numbers as of each by itself,
   * and of each node some.
   *
   * @param layout sides of inputs, of which the first one is the batch's
   */
  static boolean areThoseOfSingleOnes(ModelProto model, Map<String, int[]> layout, int batch) {
    try {
      BatchSides one = new BatchSides(model, layout, 1);
      BatchSides all = new BatchSides(model, layout, batch);
      Optional<Long> most = one.numbers().map(numbers -> 2L * batch * numbers + ALLOWANCE);
      return most.isPresent()
          && all.numbers().filter(numbers -> numbers <= most.get()).isPresent()
          && one.empty.containsAll(all.empty);
    } catch (OnnxException | ArithmeticException e) {
      return false;
    }
  }

  /** How many numbers all nodes make; empty if that is not known. */
  private Optional<Long> numbers() {
    long folded = 0;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Map<String, Sides> sides = inferred();
      long numbers = folded;
      for (Sides its : sides.values()) {
        numbers = Math.addExact(numbers, its.size());
      }
      sides.forEach(
          (name, its) -> {
            if (its.isKnown() && its.size() == 0) {
              empty.add(name);
            }
          });
      if (sides.values().stream().allMatch(Sides::isKnown)) {
        return Optional.of(numbers);
      }
      long made = fold(sides);
      if (made == 0) {
        return Optional.empty();
      }
      folded += made;
    }
    return Optional.empty();
  }

  private Map<String, Sides> inferred() {
    GraphProto.Builder all = graph.clone();
    graph
        .getNodeList()
        .forEach(
            node ->
                node.getOutputList().stream()
                    .filter(name -> !name.isEmpty())
                    .forEach(name -> all.addOutput(ValueInfoProto.newBuilder().setName(name))));
    try (RuntimeSession session = session(all)) {
      return session.sides();
    }
  }

  private RuntimeSession session(GraphProto.Builder some) {
    return new RuntimeSession(
        model.toBuilder().setGraph(some).build().toByteArray(), RuntimeSession.Nodes.AS_THEY_ARE);
  }

  /**
   * Makes constants of nodes.
   *
   * @return how many numbers they have
   */
  private long fold(Map<String, Sides> sides) {
    List<NodeProto> left = new ArrayList<>();
    List<NodeProto> ready = new ArrayList<>();
    Map<String, TensorProto.Builder> made = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      Sides read =
          node.getInputCount() == 1
              ? sides.getOrDefault(node.getInput(0), inputs.get(node.getInput(0)))
              : null;
      if (read != null && read.isKnown() && Import.OF_SIDES.contains(node.getOpType())) {
        made.put(node.getOutput(0), ofSides(node, read));
      } else if (isReady(node, sides)) {
        ready.add(node);
      } else {
        left.add(node);
      }
    }
    long numbers = 0;
    for (Map.Entry<String, TensorProto.Builder> of : made.entrySet()) {
      numbers += add(of.getKey(), of.getValue());
    }
    for (NodeProto node : ready) {
      for (Map.Entry<String, TensorProto.Builder> of : run(node).entrySet()) {
        numbers += add(of.getKey(), of.getValue());
      }
    }
    graph.clearNode().addAllNode(left);
    return numbers;
  }

  private long add(String name, TensorProto.Builder tensor) {
    graph.addInitializer(tensor.setName(name));
    constants.add(name);
    return 1L
        + tensor.getInt64DataCount()
        + tensor.getFloatDataCount()
        + tensor.getInt32DataCount();
  }

  private static TensorProto.Builder ofSides(NodeProto node, Sides read) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.INT64_VALUE);
    if (node.getOpType().equals("Size")) {
      return tensor.addInt64Data(read.size());
    }
    int rank = read.dims().length;
    int start = axis(node, "start", 0, rank);
    int end = Math.max(start, axis(node, "end", rank, rank));
    Arrays.stream(read.dims(), start, end).forEach(tensor::addInt64Data);
    return tensor.addDims(end - start);
  }

  private static int axis(NodeProto node, String name, int otherwise, int rank) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        long axis = attribute.getI() < 0 ? attribute.getI() + rank : attribute.getI();
        return (int) Math.max(0, Math.min(rank, axis));
      }
    }
    return otherwise;
  }

  /** Whether a node reads constants alone, and makes few numbers of them. */
  private boolean isReady(NodeProto node, Map<String, Sides> sides) {
    return OF_CONSTANTS.contains(node.getOpType())
        && node.getInputList().stream().allMatch(n -> n.isEmpty() || constants.contains(n))
        && node.getOutputList().stream()
            .map(sides::get)
            .allMatch(its -> its != null && its.isNumberOrKnown() && its.size() <= MOST_CONSTANT);
  }

  private Map<String, TensorProto.Builder> run(NodeProto node) {
    GraphProto.Builder one = graph.clone().clearNode().clearInput().clearInitializer();
    graph.getInitializerList().stream()
        .filter(tensor -> node.getInputList().contains(tensor.getName()))
        .forEach(one::addInitializer);
    one.addNode(node);
    node.getOutputList().forEach(name -> one.addOutput(ValueInfoProto.newBuilder().setName(name)));
    try (RuntimeSession session = session(one)) {
      return session.constants();
    }
  }
}
