package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Products of two inputs' matrices, as between queries and keys of attention (Vaswani et al. 2017).
 * Each row of an input's height is a matrix, which has a row for each place of the width and a
 * column for each channel; an input of a single one is repeated for all of the other.
 *
 * @param second how the second input's matrices are multiplied
 */
public record MatrixProduct(Form second) implements Layer {
  /** How matrices are multiplied. */
  public enum Form {
    /** As they are: as many rows as the first has columns. */
    PLAIN(0),
    /** Transposed: as many columns as the first has. */
    TRANSPOSED(1);

    private final int code;

    Form(int code) {
      this.code = code;
    }

    /** The number that stands for this form in files; never reused. */
    public int code() {
      return code;
    }
  }

  public MatrixProduct {
    requireNonNull(second, "second is null");
  }

  @Override
  public String title() {
    return "matrix product";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException(
          "a matrix product of " + inputs.size() + " inputs: must be 2");
    }
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    boolean plain = second == Form.PLAIN;
    if (a.channels() != (plain ? b.width() : b.channels())
        || a.height() != b.height() && a.height() != 1 && b.height() != 1) {
      throw new IllegalArgumentException(
          "a matrix product of %s and %s%s".formatted(a, plain ? "" : "transposed ", b));
    }
    return new Shape(plain ? b.channels() : b.width(), Math.max(a.height(), b.height()), a.width());
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }

  @Override
  public long products(List<Shape> inputs, Shape output) {
    return (long) output.size() * inputs.get(0).channels();
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(0, ExampleCost.SLOW * products(inputs, output));
  }
}
