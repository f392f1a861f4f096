package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import java.util.List;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates and without
 * peepholes), as DL4J's LSTM: a step for each row of its input, which it reads channel-major.
 *
 * <p>Its weights have four rows a unit: those of all units' cell inputs (tanh), then of their
 * forget, output and input gates (sigmoid), which is DL4J's order.
 */
public record Lstm(int units, Steps output) implements Layer {
  private static final int MOST_UNITS = 1 << 28;

  /** Which steps of a sequence are handed on. */
  public enum Steps {
    /** Every one: as many rows as the input has. */
    ALL(0),
    /** The last one. */
    LAST(1);

    private final int code;

    Steps(int code) {
      this.code = code;
    }

    /** The number that stands for this choice in files; never reused. */
    public int code() {
      return code;
    }
  }

  public Lstm {
    Sizes.atLeastOne("units", units);
    if (units > MOST_UNITS) {
      throw new IllegalArgumentException("units = " + units + ": must be at most " + MOST_UNITS);
    }
    requireNonNull(output, "output is null");
  }

  @Override
  public String title() {
    return "LSTM";
  }

  @Override
  public String summary() {
    return "LSTM " + units + (output == Steps.LAST ? " last step" : "");
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(units, output == Steps.ALL ? inputs.get(0).height() : 1, 1);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int features = inputs.get(0).channels() * inputs.get(0).width();
    return List.of(
        Parameter.weight("W", 4 * units, Axis.GATES, features, Axis.INPUTS),
        Parameter.weight("RW", 4 * units, Axis.GATES, units, Axis.OUTPUTS),
        new Parameter("b", Role.BIAS, 1, 4 * units, Axis.NONE, Axis.GATES));
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
    return new Lstm(outputs.length, output);
  }

  @Override
  public boolean addsConstants() {
    return true;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(8.0 * inputs.get(0).height() * units, 0);
  }
}
