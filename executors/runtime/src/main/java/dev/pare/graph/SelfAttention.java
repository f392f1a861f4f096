package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Multi-head scaled dot-product attention of every place to every place (Vaswani et al. 2017), with
 * as many outputs as inputs.
 *
 * @param heads how many there are
 * @param width numbers of a head's queries, keys and values, or 0 where the heads divide the
 *     channels evenly
 * @param biases which projections have biases
 */
public record SelfAttention(int heads, int width, Biases biases) implements Layer {
  /** Which projections have biases. */
  public enum Biases {
    /** None, as in DL4J. */
    NONE,
    /**
     * Those to queries and outputs. Softmax makes nothing of keys' biases, which add the same to
     * all scores of a place, and as its shares sum to 1, values' biases are a part of the outputs':
     * so this is PyTorch's and Keras' attention, which has four.
     */
    TRAINED
  }

  public SelfAttention {
    Sizes.atLeastOne("heads", heads);
    if (width < 0) {
      throw new IllegalArgumentException("width = " + width + ": must be at least 0");
    }
    Math.multiplyExact(heads, width);
    requireNonNull(biases, "biases is null");
  }

  /** Without biases. */
  public SelfAttention(int heads, int width) {
    this(heads, width, Biases.NONE);
  }

  /** Heads that divide the channels evenly. */
  public SelfAttention(int heads) {
    this(heads, 0);
  }

  /** How many numbers a head's queries have where the layer reads so many channels. */
  public int headWidth(int channels) {
    return width == 0 ? channels / heads : width;
  }

  @Override
  public String title() {
    return "self-attention";
  }

  @Override
  public String summary() {
    return "self-attention of "
        + heads
        + (heads == 1 ? " head" : " heads")
        + (width == 0 ? "" : " of " + width);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (width == 0 && in.channels() % heads != 0) {
      throw new IllegalArgumentException(in.channels() + " channels for " + heads + " heads");
    }
    return in;
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int channels = inputs.get(0).channels();
    int inner = Math.multiplyExact(heads, headWidth(channels));
    List<Parameter> parameters = new ArrayList<>();
    parameters.addAll(weights(channels, inner));
    if (biases == Biases.TRAINED) {
      parameters.add(new Parameter("bq", Role.BIAS, 1, inner, Axis.NONE, Axis.HEADS));
      parameters.add(Parameter.vector("bo", Role.BIAS, channels));
    }
    return parameters;
  }

  private static List<Parameter> weights(int channels, int inner) {
    return List.of(
        Parameter.weight("Wq", inner, Axis.HEADS, channels, Axis.INPUTS),
        Parameter.weight("Wk", inner, Axis.HEADS, channels, Axis.INPUTS),
        Parameter.weight("Wv", inner, Axis.HEADS, channels, Axis.INPUTS),
        Parameter.weight("Wo", channels, Axis.OUTPUTS, inner, Axis.HEADS));
  }

  @Override
  public int factorable() {
    return 4;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  /** Of queries with keys, and of values with their weights. */
  @Override
  public long products(List<Shape> inputs, Shape output) {
    long places = inputs.get(0).places();
    return 2 * places * places * heads * headWidth(inputs.get(0).channels());
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    double places = inputs.get(0).places();
    double inner = (double) heads * headWidth(inputs.get(0).channels());
    return new ExampleCost(
        ExampleCost.ROW * places * (places * heads + 4 * inner) + 2 * places * inner,
        ExampleCost.SLOW * 2 * places * places * inner);
  }
}
