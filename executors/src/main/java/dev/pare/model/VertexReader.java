package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.Arithmetic.Operation;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.model.ReadGraph.Form;
import dev.pare.model.ReadGraph.Value;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;

/** What vertices make that have no layer: of several values, or of the same in another form. */
final class VertexReader {
  private final ReadGraph graph;

  VertexReader(ReadGraph graph) {
    this.graph = graph;
  }

  /** A vertex that has no layer. */
  void combine(GraphVertex operator, List<Value> inputs) {
    if (operator instanceof MergeVertex merge) {
      concatenate(merge.getMergeAxis(), inputs);
    } else if (operator instanceof ElementWiseVertex elements) {
      combine(elements.getOp(), inputs);
    } else if (operator instanceof SubsetVertex subset) {
      select(subset.getFrom(), subset.getTo());
    } else if (operator instanceof ScaleVertex scale) {
      graph.put(affine(scale.getScaleFactor(), 0));
    } else if (operator instanceof ShiftVertex shift) {
      graph.put(affine(1, shift.getShiftFactor()));
    } else if (operator instanceof PreprocessorVertex preProcessor) {
      flatten(preProcessor.getPreProcessor());
    } else if (operator instanceof LastTimeStepVertex) {
      lastStep();
    } else {
      throw new IllegalArgumentException("it is not supported");
    }
  }

  private static Elementwise affine(double factor, double summand) {
    return new Elementwise(Elementwise.Function.AFFINE, (float) factor, (float) summand);
  }

  /** Makes sure that several values are laid out alike, and which way. */
  private void align(List<Value> inputs) {
    Form common =
        inputs.stream()
            .map(value -> value.form() == Form.INPUT ? graph.read : value.form())
            .filter(known -> known != Form.INPUT)
            .findFirst()
            .orElse(Form.VECTOR);
    for (Value value : inputs) {
      graph.form = value.form();
      graph.require(common);
    }
  }

  private void concatenate(int axis, List<Value> inputs) {
    align(inputs);
    if (axis != (graph.form == Form.CHANNELS_LAST ? 3 : 1)) {
      throw new IllegalArgumentException("Pare concatenates channels, not along axis " + axis);
    }
    if (inputs.size() == 1) {
      return;
    }
    graph.put(new Concatenation(), inputs);
    graph.order = concatenated(inputs);
  }

  /** Where the numbers of vectors are when they lie one behind the other. */
  private static int @Nullable [] concatenated(List<Value> inputs) {
    if (inputs.stream().allMatch(value -> value.order() == null)) {
      return null;
    }
    int[] all = new int[inputs.stream().mapToInt(value -> value.shape().size()).sum()];
    int start = 0;
    for (Value value : inputs) {
      int size = value.shape().size();
      int[] own = value.order();
      for (int i = 0; i < size; i++) {
        all[start + i] = start + (own == null ? i : own[i]);
      }
      start += size;
    }
    return all;
  }

  private void combine(ElementWiseVertex.Op op, List<Value> inputs) {
    align(inputs);
    if (!inputs.stream().allMatch(value -> Arrays.equals(value.order(), graph.order))) {
      throw new IllegalArgumentException("it reads vectors that were flattened in different ways");
    }
    if (op == ElementWiseVertex.Op.Subtract && inputs.size() != 2) {
      throw new IllegalArgumentException("it subtracts, but reads " + inputs.size() + " values");
    }
    for (Value value : inputs.subList(1, inputs.size())) {
      Value before = graph.value();
      switch (op) {
        case Add, Average -> sum(before, value);
        case Subtract -> graph.put(new Arithmetic(Operation.SUBTRACT), List.of(before, value));
        case Product -> graph.put(new Arithmetic(Operation.MULTIPLY), List.of(before, value));
        case Max -> {
          // The larger one of a and b is b + max(a − b, 0).
          graph.put(new Arithmetic(Operation.SUBTRACT), List.of(before, value));
          graph.put(Elementwise.of(Elementwise.Function.RELU));
          Value excess = graph.value();
          graph.put(new Arithmetic(Operation.ADD), List.of(excess, value));
        }
      }
    }
    if (op == ElementWiseVertex.Op.Average && inputs.size() > 1) {
      graph.put(affine(1.0 / inputs.size(), 0));
    }
  }

  private void sum(Value one, Value other) {
    boolean shortcut =
        one.shape().equals(other.shape())
            && one.node() >= 0
            && other.node() >= 0
            && one.node() != other.node();
    // A shortcut adds the earlier one to the later.
    boolean turned = shortcut && one.node() < other.node();
    graph.put(
        shortcut ? new Shortcut(Activation.IDENTITY) : new Arithmetic(Operation.ADD),
        turned ? List.of(other, one) : List.of(one, other));
  }

  /** Channels or units, from the first to the last of some. */
  private void select(int from, int to) {
    if (graph.form == Form.INPUT && graph.shape.places() == 1) {
      graph.require(Form.VECTOR);
    }
    boolean channels =
        switch (graph.form) {
          case CHANNELS_FIRST -> true;
          case VECTOR, SEQUENCE -> graph.order == null && graph.shape.width() * vectorHeight() == 1;
          case INPUT, CHANNELS_LAST -> false;
        };
    if (!channels || from < 0 || to < from || to >= graph.shape.channels()) {
      throw new IllegalArgumentException(
          "numbers %d to %d of %s with %s: Pare selects whole channels"
              .formatted(from, to, graph.form.text(), graph.shape));
    }
    graph.put(ChannelSelection.range(from, to - from + 1));
  }

  private int vectorHeight() {
    return graph.form == Form.VECTOR ? graph.shape.height() : 1;
  }

  private void lastStep() {
    graph.require(Form.SEQUENCE);
    if (graph.at < 0 || graph.shared || !(graph.nodes.get(graph.at).layer() instanceof Lstm lstm)) {
      throw new IllegalArgumentException(
          "Pare knows the last step of an LSTM of which no other step is read");
    }
    graph.nodes.set(
        graph.at, graph.nodes.get(graph.at).with(new Lstm(lstm.units(), Lstm.Steps.LAST)));
    graph.shape = new Shape(lstm.units(), 1, 1);
    graph.form = Form.VECTOR;
  }

  /** Images to vectors and back, as an input preprocessor has it. */
  void flatten(@Nullable InputPreProcessor preProcessor) {
    if (preProcessor == null) {
      return;
    }
    Shape its;
    if (preProcessor instanceof FeedForwardToCnnPreProcessor image) {
      its = shape(image.getNumChannels(), image.getInputHeight(), image.getInputWidth());
      graph.require(Form.VECTOR);
      if (graph.order != null) {
        throw new IllegalArgumentException("an image of a vector that was flattened otherwise");
      }
      graph.form = Form.CHANNELS_FIRST;
    } else if (preProcessor instanceof CnnToFeedForwardPreProcessor vector) {
      its = shape(vector.getNumChannels(), vector.getInputHeight(), vector.getInputWidth());
      boolean last = vector.getFormat() == CNN2DFormat.NHWC;
      graph.require(vector.getFormat());
      graph.form = Form.VECTOR;
      graph.order =
          last || vector instanceof ChannelsLastFlattening ? channelsLast(graph.shape) : null;
    } else {
      throw new IllegalArgumentException(
          "input preprocessor " + preProcessor.getClass().getSimpleName() + " is not supported");
    }
    if (!its.equals(graph.shape)) {
      throw new IllegalArgumentException(
          "its input preprocessor is for %s, but there are %s".formatted(its, graph.shape));
    }
  }

  private static Shape shape(long channels, long height, long width) {
    return new Shape(Math.toIntExact(channels), Math.toIntExact(height), Math.toIntExact(width));
  }

  private static int[] channelsLast(Shape shape) {
    int area = shape.height() * shape.width();
    int[] order = new int[shape.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % shape.channels() * area + i / shape.channels();
    }
    return order;
  }
}
