package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A layer that only DL4J knows how to run.
 *
 * <p>What it says of itself has to be compared with its configuration before it runs: {@code
 * StockLayers.check} does.
 *
 * @param configuration DL4J's JSON of it
 * @param output shape of what it hands on
 * @param parameters in DL4J's order
 */
public record Dl4jLayer(String configuration, Shape output, List<Parameter> parameters)
    implements Layer {
  /** How often DL4J, and what leads there and back, has a layer's input and output. */
  private static final double COPIES = 3;

  public Dl4jLayer {
    requireNonNull(configuration, "configuration is null");
    requireNonNull(output, "output is null");
    parameters = List.copyOf(parameters);
  }

  @Override
  public String title() {
    return "DL4J layer";
  }

  @Override
  public String summary() {
    return "DL4J layer to " + (output.isPoint() ? output.channels() : output);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return output;
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return parameters;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return false;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape out) {
    return new ExampleCost(COPIES * ((double) inputs.get(0).size() + out.size()), 0);
  }
}
