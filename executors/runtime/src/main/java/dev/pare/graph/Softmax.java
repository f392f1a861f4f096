package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Softmax over the channels of each place, or its logarithm; of a vector, over all its numbers. */
public record Softmax(Form form) implements Layer {
  /** What is made of the shares of channels. */
  public enum Form {
    /** Nothing: they are positive and add up to one. */
    SHARES(0),
    /** Their logarithms. */
    LOGARITHMS(1);

    private final int code;

    Form(int code) {
      this.code = code;
    }

    /** The number that stands for this form in files; never reused. */
    public int code() {
      return code;
    }
  }

  public Softmax {
    requireNonNull(form, "form is null");
  }

  @Override
  public String title() {
    return form == Form.SHARES ? "softmax" : "log-softmax";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return form == Form.SHARES;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(0, ExampleCost.SLOW * output.size());
  }
}
