package dev.pare.model;

import dev.pare.graph.Architecture;
import dev.pare.graph.ExampleCost;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network while it is read: what there is of it, and what flows to the next layer. */
final class ReadGraph {
  private final ComputationGraph dl4j;

  /** What there is of the network. */
  final List<Node> nodes = new ArrayList<>();

  private final List<float[]> parameters = new ArrayList<>();

  /** What its layers make for an example. */
  private ExampleCost cost = ExampleCost.NONE;

  /** The vertex that is being read. */
  String vertex = "";

  /** The node that makes what flows to the next layer. */
  int at = Node.NETWORK_INPUT;

  /** What flows to the next layer, as Pare has it. */
  Shape shape;

  /** What flows to the next layer, as DL4J has it. */
  Form form = Form.INPUT;

  /** What the network reads, as DL4J has it. */
  Form read = Form.INPUT;

  /** For each number of a vector as DL4J has it, where Pare has it; null: at the same place. */
  int @Nullable [] order;

  /** Whether others read what flows to the next layer, too. */
  boolean shared;

  enum Form {
    /** The input: whatever form the first layer requires. */
    INPUT,
    VECTOR,
    CHANNELS_FIRST,
    CHANNELS_LAST,
    SEQUENCE;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** What a vertex makes, likewise. */
  record Value(int node, Shape shape, Form form, int @Nullable [] order, boolean shared) {}

  /**
   * @param input what the network reads
   */
  ReadGraph(ComputationGraph dl4j, InputShape input) {
    this.dl4j = dl4j;
    this.shape = new Shape(input.channels(), input.height(), input.width());
  }

  /** What flows to the next layer. */
  Value value() {
    return new Value(at, shape, form, order, shared);
  }

  /** Lets a vertex read what another one makes. */
  void take(Value value) {
    at = value.node();
    shape = value.shape();
    form = value.form();
    order = value.order();
    shared = value.shared();
  }

  /** Checks that the value has the form that a layer requires. */
  void require(Form required) {
    if (form == Form.INPUT) {
      read = read == Form.INPUT ? required : read;
      form = read;
    }
    if (form != required) {
      throw new IllegalArgumentException(
          "reads %s, but its input is %s".formatted(required.text(), form.text()));
    }
  }

  void require(CNN2DFormat format) {
    require(form(format));
  }

  static Form form(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST;
  }

  void put(Layer layer, float[]... tensors) {
    put(layer, List.of(value()), tensors);
  }

  void put(Layer layer, List<Value> inputs, float[]... tensors) {
    shape = layer.output(inputs.stream().map(Value::shape).toList());
    cost = cost.plus(new ExampleCost(shape.size(), 0));
    cost.check(nodes.size());
    nodes.add(new Node(layer, inputs.stream().map(Value::node).toList()));
    parameters.addAll(Arrays.asList(tensors));
    at = nodes.size() - 1;
    shared = false;
  }

  INDArray tensor(String name) {
    return dl4j.getLayer(vertex).getParam(name);
  }

  static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /** All parameters of a vertex's layer, as DL4J has them. */
  float[] all() {
    return values(dl4j.getLayer(vertex).params().reshape(-1));
  }

  /** The network of all that was put. */
  Network network(InputShape input) {
    float[] all = new float[parameters.stream().mapToInt(values -> values.length).sum()];
    int end = 0;
    for (float[] values : parameters) {
      System.arraycopy(values, 0, all, end, values.length);
      end += values.length;
    }
    Architecture architecture = new Architecture(input, nodes);
    StockLayers.check(architecture);
    return new Network(architecture, all);
  }
}
