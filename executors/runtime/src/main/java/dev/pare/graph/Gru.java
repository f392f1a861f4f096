package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import java.util.List;

/**
 * Gated recurrent units (Cho et al. 2014), with the reset gate applied to the product of units, as
 * PyTorch's and Keras' {@code reset_after} have it: a step for each row of its input, which it
 * reads channel-major.
 *
 * <p>Its weights have three rows a unit: those of all units' update gates, then of their reset
 * gates (sigmoid), then of their candidates (tanh), which is ONNX' order. The candidates' products
 * with the units' last outputs have biases of their own.
 */
public record Gru(int units, Lstm.Steps output) implements Layer {
  private static final int MOST_UNITS = 1 << 28;

  public Gru {
    Sizes.atLeastOne("units", units);
    if (units > MOST_UNITS) {
      throw new IllegalArgumentException("units = " + units + ": must be at most " + MOST_UNITS);
    }
    requireNonNull(output, "output is null");
  }

  @Override
  public String title() {
    return "GRU";
  }

  @Override
  public String summary() {
    return "GRU " + units + (output == Lstm.Steps.LAST ? " last step" : "");
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(units, output == Lstm.Steps.ALL ? inputs.get(0).height() : 1, 1);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int features = inputs.get(0).channels() * inputs.get(0).width();
    return List.of(
        Parameter.weight("W", 3 * units, Axis.GATES, features, Axis.INPUTS),
        Parameter.weight("RW", 3 * units, Axis.GATES, units, Axis.OUTPUTS),
        new Parameter("b", Role.BIAS, 1, 3 * units, Axis.NONE, Axis.GATES),
        Parameter.vector("Rb", Role.BIAS, units));
  }

  @Override
  public long uses(List<Shape> inputs, Shape output) {
    return inputs.get(0).height();
  }

  @Override
  public int factorable() {
    return 2;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.MIXED;
  }

  @Override
  public Layer reduced(List<int[]> inputs, int[] outputs) {
    return new Gru(outputs.length, output);
  }

  @Override
  public boolean addsConstants() {
    return true;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(10.0 * inputs.get(0).height() * units, 0);
  }
}
