package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which weights make each channel of a network, and which read it. */
public final class ChannelWeights {
  private final Architecture architecture;
  private final List<ChannelFlow> flows = new ArrayList<>();
  private final List<List<ParameterTensor>> weights = new ArrayList<>();

  public ChannelWeights(Architecture architecture) {
    this.architecture = architecture;
    for (int i = 0; i < architecture.layers().size(); i++) {
      flows.add(architecture.flow(i));
      weights.add(new ArrayList<>());
    }
    architecture.tensors().stream()
        .filter(ParameterTensor::isWeight)
        .forEach(tensor -> weights.get(tensor.layer()).add(tensor));
  }

  /**
   * Some rows and columns of a weight tensor.
   *
   * @param row the first of its rows
   * @param stride from one of its rows to the next
   * @param rows how many there are
   * @param column the first of its columns, which are side by side
   * @param columns how many there are
   */
  public record Block(
      ParameterTensor tensor, int row, int stride, int rows, int column, int columns) {
    /** One of its rows as a row of the tensor. */
    int row(int index) {
      return row + index * stride;
    }

    /** Index of the first weight of one of its rows among all parameters. */
    int start(int index) {
      return tensor.offset() + row(index) * tensor.columns() + column;
    }

    /** Whether all its weights in one of its rows are zero. */
    boolean isZero(float[] parameters, int index) {
      int from = start(index);
      for (int i = from; i < from + columns; i++) {
        if (parameters[i] != 0) {
          return false;
        }
      }
      return true;
    }

    /** The sum of its weights in one of its rows. */
    double sum(float[] parameters, int index) {
      double sum = 0;
      int from = start(index);
      for (int i = from; i < from + columns; i++) {
        sum += parameters[i];
      }
      return sum;
    }

    /** How many weights it has. */
    public int size() {
      return rows * columns;
    }

    /** Indices of its weights among all parameters, row by row. */
    public IntStream indices() {
      return IntStream.range(0, rows)
          .flatMap(index -> IntStream.range(start(index), start(index) + columns));
    }
  }

  /** The weights by which a layer makes one of its channels, where it makes each by its own. */
  public List<Block> making(int layer, int channel) {
    List<Block> blocks = new ArrayList<>();
    int channels = architecture.outputShape(layer).channels();
    for (ParameterTensor tensor : weights.get(layer)) {
      int each = tensor.rows() / channels;
      switch (tensor.parameter().rowAxis()) {
        case OUTPUTS -> blocks.add(new Block(tensor, channel * each, 1, each, 0, tensor.columns()));
        case GATES -> blocks.add(new Block(tensor, channel, channels, each, 0, tensor.columns()));
        case NONE, INPUTS, GROUP_INPUTS, HEADS, RANK -> {}
      }
    }
    return blocks;
  }

  /**
   * The weights that one channel of what a node makes is multiplied by, to be added to others: of
   * the layers that read it, and of a recurrent layer its own.
   *
   * @param node {@link Node#NETWORK_INPUT} for the network's input
   */
  public List<Block> reading(int node, int channel) {
    List<Block> blocks = new ArrayList<>();
    if (node != Node.NETWORK_INPUT) {
      for (ParameterTensor tensor : weights.get(node)) {
        if (tensor.parameter().columnAxis() == Axis.OUTPUTS) {
          int each = tensor.columns() / architecture.outputShape(node).channels();
          blocks.add(new Block(tensor, 0, 1, tensor.rows(), channel * each, each));
        }
      }
    }
    for (int reader : architecture.readers(node)) {
      if (flows.get(reader).isMixed()) {
        blocks.addAll(multiplying(reader, channel));
      }
    }
    return blocks;
  }

  /** The weights that make a channel, then those that read it. */
  public List<Block> around(int layer, int channel) {
    List<Block> blocks = new ArrayList<>(making(layer, channel));
    blocks.addAll(reading(layer, channel));
    return blocks;
  }

  /** The weights of one layer that one channel of its first input is multiplied by. */
  List<Block> multiplying(int layer, int channel) {
    List<Block> blocks = new ArrayList<>();
    int channels = KeptChannels.count(architecture, architecture.source(layer));
    for (ParameterTensor tensor : weights.get(layer)) {
      Axis axis = tensor.parameter().columnAxis();
      if (axis == Axis.INPUTS) {
        int each = tensor.columns() / channels;
        blocks.add(new Block(tensor, 0, 1, tensor.rows(), channel * each, each));
      } else if (axis == Axis.GROUP_INPUTS) {
        int groups = flows.get(layer).isMixed() ? flows.get(layer).groups() : channels;
        int wide = channels / groups;
        int each = tensor.columns() / wide;
        int high = tensor.rows() / groups;
        blocks.add(new Block(tensor, channel / wide * high, 1, high, channel % wide * each, each));
      }
    }
    return blocks;
  }

  /** Of which of its layer's channels a row of a weight tensor is. */
  int channel(ParameterTensor tensor, int row) {
    int channels = architecture.outputShape(tensor.layer()).channels();
    return tensor.parameter().rowAxis() == Axis.GATES
        ? row % channels
        : row / (tensor.rows() / channels);
  }

  ChannelFlow flow(int layer) {
    return flows.get(layer);
  }

  /** A layer's weight tensors, in their order. */
  List<ParameterTensor> of(int layer) {
    return weights.get(layer);
  }
}
