package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Adds, subtracts, multiplies or divides two inputs, number by number. An input that has one
 * channel, row or column where the other has more is repeated along it.
 */
public record Arithmetic(Operation operation) implements Layer {
  /** What is done with two numbers. */
  public enum Operation {
    ADD(0),
    SUBTRACT(1),
    MULTIPLY(2),
    DIVIDE(3);

    private final int code;

    Operation(int code) {
      this.code = code;
    }

    /** The number that stands for this operation in files; never reused. */
    public int code() {
      return code;
    }
  }

  public Arithmetic {
    requireNonNull(operation, "operation is null");
  }

  @Override
  public String title() {
    return operation.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException(
          "%s %d inputs: must be 2".formatted(title(), inputs.size()));
    }
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    return new Shape(
        side(a.channels(), b.channels(), a, b),
        side(a.height(), b.height(), a, b),
        side(a.width(), b.width(), a, b));
  }

  private int side(int one, int other, Shape a, Shape b) {
    if (one != other && one != 1 && other != 1) {
      throw new IllegalArgumentException("cannot %s %s and %s".formatted(title(), a, b));
    }
    return Math.max(one, other);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    // A repeated channel is part of all.
    return inputs.get(0).channels() == inputs.get(1).channels()
        ? ChannelFlow.same(inputs, output(inputs))
        : ChannelFlow.FIXED;
  }

  @Override
  public OptionalDouble ofConstants(double... numbers) {
    double a = numbers[0];
    double b = numbers[1];
    double made =
        switch (operation) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          case DIVIDE -> a / b;
        };
    return Double.isFinite(made) ? OptionalDouble.of(made) : OptionalDouble.empty();
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs && operation != Operation.SUBTRACT;
  }
}
