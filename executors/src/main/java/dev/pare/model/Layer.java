package dev.pare.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/**
 * One layer of a network, without its parameters. Its input's shape follows from the layers before
 * it.
 */
public sealed interface Layer extends Serializable {
  /** What the layer is; switch over this. */
  Kind kind();

  /** The kinds of layers. */
  enum Kind {
    DENSE,
    CONVOLUTION,
    POOLING,
    BATCH_NORMALIZATION,
    STOCK
  }

  /** Fully connected; a spatial input is flattened channel-major. */
  record Dense(int units, Activation activation) implements Layer {
    public Dense {
      atLeastOne("units", units);
      requireNonNull(activation, "activation is null");
    }

    @Override
    public Kind kind() {
      return Kind.DENSE;
    }
  }

  /** Two-dimensional cross-correlation without padding, as DL4J's convolution in truncate mode. */
  record Convolution(int filters, int kernel, int stride, Activation activation) implements Layer {
    public Convolution {
      atLeastOne("filters", filters);
      atLeastOne("kernel", kernel);
      atLeastOne("stride", stride);
      requireNonNull(activation, "activation is null");
    }

    @Override
    public Kind kind() {
      return Kind.CONVOLUTION;
    }
  }

  /** Pooling over square windows, without padding; windows that do not fit are dropped. */
  record Pooling(Pool pool, int window, int stride) implements Layer {
    public Pooling {
      requireNonNull(pool, "pool is null");
      atLeastOne("window", window);
      atLeastOne("stride", stride);
    }

    @Override
    public Kind kind() {
      return Kind.POOLING;
    }
  }

  /**
   * Batch normalization (Ioffe and Szegedy 2015), of each channel over batch, height and width;
   * after a dense layer, of each unit.
   *
   * @param epsilon added to the variance
   */
  record BatchNormalization(float epsilon, Activation activation) implements Layer {
    public BatchNormalization {
      if (!(epsilon > 0 && epsilon <= 1)) {
        throw new IllegalArgumentException(
            "epsilon = " + epsilon + ": must be above 0 and at most 1");
      }
      requireNonNull(activation, "activation is null");
    }

    @Override
    public Kind kind() {
      return Kind.BATCH_NORMALIZATION;
    }
  }

  /**
   * A layer that only DL4J knows how to run.
   *
   * @param configuration DL4J's JSON of it
   * @param output shape of what it hands on
   * @param parameters in DL4J's order
   */
  record Stock(String configuration, Architecture.Shape output, List<Parameter> parameters)
      implements Layer {
    public Stock {
      requireNonNull(configuration, "configuration is null");
      requireNonNull(output, "output is null");
      parameters = List.copyOf(parameters);
    }

    @Override
    public Kind kind() {
      return Kind.STOCK;
    }
  }

  /** A parameter tensor of a {@link Stock} layer, as {@link ParameterTensor} has it. */
  record Parameter(String name, ParameterTensor.Role role, int rows, int columns)
      implements Serializable {
    public Parameter {
      requireNonNull(name, "name is null");
      requireNonNull(role, "role is null");
      atLeastOne("rows", rows);
      atLeastOne("columns", columns);
      Math.multiplyExact(rows, columns);
    }

    /** How many values it has. */
    public int size() {
      return rows * columns;
    }
  }

  /** What pooling takes of a window. */
  enum Pool {
    MAX(0),
    AVERAGE(1);

    private final int code;

    Pool(int code) {
      this.code = code;
    }

    /** The number that stands for this kind in files; never reused. */
    public int code() {
      return code;
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least 1");
    }
  }
}
