package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.onnx.Flow.Readers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** Follows a graph as it runs for one example, and so makes a network of Pare's layers. */
final class Import {
  /** Operators that look at the sides of what they read, not at its numbers. */
  static final Set<String> OF_SIDES = Set.of("Shape", "Size");

  private static final Set<String> SOFTMAXES = Set.of("Softmax", "LogSoftmax");

  /** Numbers that may be looked at and made, beside a multiple of the file's own. */
  private static final long MOST_WORK = 1L << 29;

  private static final long MOST_MADE = 1L << 25;

  private final Graph graph;
  private final InputShape shape;
  private final InputLayout layout;
  private final Lookups lookups;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private final NetworkBuilder builder;
  private final long constants;
  private long work;
  private long made;

  private Import(Graph graph, InputShape shape, InputLayout.Order order) {
    this.graph = graph;
    this.shape = shape;
    this.layout = InputLayout.of(graph, shape, order);
    this.lookups = Lookups.of(graph);
    this.constants = graph.initializers().values().stream().mapToLong(Tensor::size).sum();
    this.builder = new NetworkBuilder(shape, constants);
  }

  /**
   * A network, and how to run the file to compare it.
   *
   * @param logits name of the value that the network's outputs are
   * @param layout how the file has the examples
   */
  record Imported(Network network, String logits, InputLayout layout) {
    /**
     * The same without the softmax that a classifier has.
     *
     * @throws OnnxException if the graph has one itself
     */
    Imported withOutputsAsTheyAre(Graph graph) {
      if (!logits.equals(graph.output())) {
        throw new OnnxException("it ends with a softmax, which is for classes alone");
      }
      Architecture architecture = network.architecture();
      Network linear =
          new Network(
              architecture.with(
                  i -> {
                    Layer layer = architecture.layers().get(i);
                    return layer.activation() == Activation.SOFTMAX
                        ? layer.withActivation(Activation.IDENTITY)
                        : layer;
                  }),
              network.parameters());
      return new Imported(linear, logits, layout);
    }
  }

  /** Reads a network whose channels come first, if its input fits both. */
  static Imported of(Graph graph, InputShape input) {
    return of(graph, input, InputLayout.Order.CHANNELS_FIRST);
  }

  /**
   * Reads a network.
   *
   * @throws OnnxException naming the first node that is not supported
   */
  static Imported of(Graph graph, InputShape input, InputLayout.Order order) {
    return new Import(Patterns.recognized(graph), input, order).imported();
  }

  private Imported imported() {
    count();
    values.putAll(graph.initializers());
    if (layout.parts().size() == 1) {
      InputLayout.Part whole = layout.parts().get(0);
      put(whole.name(), builder.input(whole.selection()));
    } else {
      Flow row = builder.input(IndexMap.reshaped(1, shape.size())).withReaders(Readers.SEVERAL);
      for (InputLayout.Part part : layout.parts()) {
        put(part.name(), builder.arrangement().select(row, part.selection()));
      }
    }
    String logits = graph.output();
    for (OnnxNode node : graph.nodes()) {
      follow(node);
      if (node.outputs().contains(graph.output()) && SOFTMAXES.contains(node.operator())) {
        logits = node.inputs().get(0);
      }
    }
    checkRounded();
    Value output = values.get(graph.output());
    if (output instanceof Tensor) {
      throw new OnnxException("its output does not depend on its input");
    }
    Network network;
    try {
      network = builder.network(builder.joins().made(requireNonNull(output)));
    } catch (OnnxException e) {
      throw e;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new OnnxException(String.valueOf(e.getMessage()), e);
    }
    return new Imported(network, logits, layout);
  }

  private void count() {
    for (OnnxNode node : graph.nodes()) {
      if (!OF_SIDES.contains(node.operator())) {
        node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum));
      }
    }
    readers.merge(graph.output(), 1, Integer::sum);
  }

  /** What a file rounds as it is fed, Pare does not. */
  private void checkRounded() {
    for (Graph.Input input : graph.inputs()) {
      if (input.type() != DataType.FLOAT && !lookups.isToken(input.name())) {
        throw new OnnxException(
            "its input %s is of %s, which rounds numbers, and not of tokens that nothing but an"
                    .formatted(OnnxException.shown(input.name()), input.type())
                + " embedding's Gather reads; export it with an input of FLOAT");
      }
    }
  }

  private void put(String name, Value value) {
    boolean several = readers.getOrDefault(name, 0) > 1;
    Value put = value;
    if (several && value instanceof Flow flow) {
      // Once for all of its readers.
      put = (builder.canSettle(flow) ? builder.settled(flow) : flow).withReaders(Readers.SEVERAL);
    } else if (several && value instanceof Joined joined) {
      put = joined.withReaders(Readers.SEVERAL);
    }
    values.put(name, put);
  }

  private void follow(OnnxNode node) {
    Operator.Meaning meaning = Operators.of(node);
    List<@Nullable Value> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      Value value = name.isEmpty() ? null : values.get(name);
      if (!name.isEmpty() && value == null) {
        throw node.failure(
            "it reads %s, an output that is not supported".formatted(OnnxException.shown(name)));
      }
      inputs.add(value);
      if (value != null && !OF_SIDES.contains(node.operator())) {
        work += Dimensions.size(value.dims());
      }
    }
    try {
      List<Value> outputs = meaning.of(new Call(graph, node, inputs, lookups, builder));
      for (int i = 0; i < outputs.size() && i < node.outputs().size(); i++) {
        put(node.outputs().get(i), outputs.get(i));
      }
      for (Value output : outputs) {
        count(output);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw node.failure(String.valueOf(e.getMessage()), e);
    }
  }

  private void count(Value output) {
    long size = Dimensions.size(output.dims());
    work += size;
    if (output instanceof Tensor || output instanceof Flow flow && flow.order() != null) {
      made += size;
    }
    if (output instanceof Flow flow && flow.affine() != null) {
      made += 4 * size;
    }
    if (work > MOST_WORK + 64 * constants || made > MOST_MADE + 2 * constants) {
      throw new OnnxException("up to here, the graph moves more numbers than a network would");
    }
  }
}
