package dev.pare.graph;

import dev.pare.graph.Parameter.Axis;
import java.util.List;
import java.util.OptionalInt;

/**
 * Embedding: a learnt vector for each token (Bengio et al. 2003). Every number that it reads, a
 * whole one that counts the tokens from 0, becomes a step of a sequence, in channel-major order.
 *
 * <p>Its weight has a row for each number of a vector, as other layers have one for each unit, and
 * a column for each token.
 *
 * @param tokens how many there are
 * @param width numbers of a token's vector, which are the output's channels
 */
public record Embedding(int tokens, int width) implements Layer {
  /** Most tokens, all of which are whole numbers of a float. */
  private static final int MOST_TOKENS = 1 << 24;

  public Embedding {
    Sizes.atLeastOne("tokens", tokens);
    Sizes.atLeastOne("width", width);
    if (tokens > MOST_TOKENS) {
      throw new IllegalArgumentException("tokens = " + tokens + ": must be at most " + MOST_TOKENS);
    }
  }

  @Override
  public String title() {
    return "embedding";
  }

  @Override
  public String summary() {
    return "embedding of " + tokens + " tokens " + width;
  }

  @Override
  public OptionalInt vocabulary() {
    return OptionalInt.of(tokens);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(width, inputs.get(0).size(), 1);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(Parameter.weight("W", width, Axis.OUTPUTS, tokens, Axis.NONE));
  }

  /** Vectors are looked up, not multiplied. */
  @Override
  public long uses(List<Shape> inputs, Shape output) {
    return 0;
  }

  @Override
  public int factorable() {
    return 1;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.MADE;
  }

  @Override
  public Layer reduced(List<int[]> inputs, int[] outputs) {
    return new Embedding(tokens, outputs.length);
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(inputs.get(0).size(), output.size());
  }
}
