package dev.pare.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One layer of a network, without its parameters. Its input's shape follows from the layers before
 * it.
 */
public sealed interface Layer extends Serializable {
  /** What the layer is; switch over this. */
  Kind kind();

  /** The layer as if its weights were held as they are used: of a factored one, the inner. */
  default Layer whole() {
    return this;
  }

  /** The kinds of layers. */
  enum Kind {
    DENSE,
    CONVOLUTION,
    POOLING,
    BATCH_NORMALIZATION,
    SHORTCUT,
    LSTM,
    POSITIONS,
    LAYER_NORMALIZATION,
    SELF_ATTENTION,
    SPARSE_ACTIVATION,
    FACTORED,
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

  /**
   * Two-dimensional cross-correlation, as DL4J's convolution in truncate mode.
   *
   * @param vertical how windows lie along the height
   * @param horizontal how they lie along the width
   */
  record Convolution(int filters, Axis vertical, Axis horizontal, Activation activation)
      implements Layer {
    public Convolution {
      atLeastOne("filters", filters);
      requireNonNull(vertical, "vertical is null");
      requireNonNull(horizontal, "horizontal is null");
      requireNonNull(activation, "activation is null");
    }

    /** With a square kernel, and the same along both sides. */
    public Convolution(int filters, int kernel, int stride, int padding, Activation activation) {
      this(
          filters,
          new Axis(kernel, stride, padding),
          new Axis(kernel, stride, padding),
          activation);
    }

    /** With a square kernel, without padding. */
    public Convolution(int filters, int kernel, int stride, Activation activation) {
      this(filters, kernel, stride, 0, activation);
    }

    /** The same with another number of filters. */
    public Convolution withFilters(int count) {
      return new Convolution(count, vertical, horizontal, activation);
    }

    /** The same with another activation. */
    public Convolution withActivation(Activation other) {
      return new Convolution(filters, vertical, horizontal, other);
    }

    /** Whether height and width are treated alike. */
    public boolean isSquare() {
      return vertical.equals(horizontal);
    }

    /** Whether there are zeros around the input. */
    public boolean isPadded() {
      return vertical.padding() > 0 || horizontal.padding() > 0;
    }

    /** How many places of a channel a filter is laid on at once. */
    public int area() {
      return Math.multiplyExact(vertical.kernel(), horizontal.kernel());
    }

    @Override
    public Kind kind() {
      return Kind.CONVOLUTION;
    }
  }

  /**
   * How a convolution's windows lie along one side of its input.
   *
   * @param kernel rows or columns of a window
   * @param stride from a window to the next
   * @param padding rows or columns of zeros at either end, fewer than the kernel's
   */
  record Axis(int kernel, int stride, int padding) implements Serializable {
    /** One place after the other. */
    public static final Axis POINTS = new Axis(1, 1, 0);

    public Axis {
      atLeastOne("kernel", kernel);
      atLeastOne("stride", stride);
      if (padding < 0 || padding >= kernel) {
        throw new IllegalArgumentException(
            "padding = " + padding + ": must be at least 0 and less than the kernel's " + kernel);
      }
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
      checkEpsilon(epsilon);
      requireNonNull(activation, "activation is null");
    }

    @Override
    public Kind kind() {
      return Kind.BATCH_NORMALIZATION;
    }
  }

  /**
   * Adds the output of an earlier layer to its input, then applies the activation (He et al. 2016).
   * Where the earlier output is larger, every s-th place of it counts, with the one stride s that
   * gives the input's height and width; where it has fewer channels, the further ones get nothing
   * (their option A, which has no parameters).
   *
   * @param from index of that layer, before the one that computes the input
   */
  record Shortcut(int from, Activation activation) implements Layer {
    public Shortcut {
      if (from < 0) {
        throw new IllegalArgumentException("from = " + from + ": must be at least 0");
      }
      requireNonNull(activation, "activation is null");
    }

    @Override
    public Kind kind() {
      return Kind.SHORTCUT;
    }
  }

  /**
   * Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates and without
   * peepholes), as DL4J's LSTM: a step for each row of its input, which it reads channel-major.
   *
   * <p>Its weights have four rows a unit: those of all units' cell inputs (tanh), then of their
   * forget, output and input gates (sigmoid), which is DL4J's order.
   */
  record Lstm(int units, Steps output) implements Layer {
    private static final int MOST_UNITS = 1 << 28;

    public Lstm {
      atLeastOne("units", units);
      if (units > MOST_UNITS) {
        throw new IllegalArgumentException("units = " + units + ": must be at most " + MOST_UNITS);
      }
      requireNonNull(output, "output is null");
    }

    @Override
    public Kind kind() {
      return Kind.LSTM;
    }
  }

  /** Which steps of a sequence are handed on. */
  enum Steps {
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

  /** Adds a learnt number to each of its input's, which tells places apart. */
  record Positions() implements Layer {
    @Override
    public Kind kind() {
      return Kind.POSITIONS;
    }
  }

  /**
   * Layer normalization (Ba, Kiros and Hinton 2016) over the channels of each place.
   *
   * @param epsilon added to the variance
   */
  record LayerNormalization(float epsilon) implements Layer {
    public LayerNormalization {
      checkEpsilon(epsilon);
    }

    @Override
    public Kind kind() {
      return Kind.LAYER_NORMALIZATION;
    }
  }

  /**
   * Multi-head scaled dot-product attention of every place to every place (Vaswani et al. 2017),
   * with as many outputs as inputs. Like DL4J's, its projections have no biases.
   *
   * @param heads how many there are
   * @param width numbers of a head's queries, keys and values, or 0 where the heads divide the
   *     channels evenly
   */
  record SelfAttention(int heads, int width) implements Layer {
    public SelfAttention {
      atLeastOne("heads", heads);
      if (width < 0) {
        throw new IllegalArgumentException("width = " + width + ": must be at least 0");
      }
      Math.multiplyExact(heads, width);
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
    public Kind kind() {
      return Kind.SELF_ATTENTION;
    }
  }

  /**
   * An activation most of whose outputs are zero, of each number of its input or of all together.
   *
   * @param rule which of them say something, and what
   * @param level θ of {@link Rule#THRESHOLD}, what {@link Rule#BINARY} says, 0 of {@link
   *     Rule#WINNERS}
   * @param winners how many numbers of an example are left at most by {@link Rule#WINNERS}, 0 of
   *     the others
   */
  record SparseActivation(Rule rule, float level, int winners) implements Layer {
    public SparseActivation {
      requireNonNull(rule, "rule is null");
      switch (rule) {
        case THRESHOLD -> {
          if (!(level >= 0 && level <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                "threshold = " + level + ": must be at least 0 and finite");
          }
        }
        case BINARY -> {
          if (!(level > 0 && level <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                "level = " + level + ": must be positive and finite");
          }
        }
        case WINNERS -> {
          atLeastOne("winners", winners);
          if (level != 0) {
            throw new IllegalArgumentException("level = " + level + ": must be 0 of winners");
          }
        }
      }
      if (rule != Rule.WINNERS && winners != 0) {
        throw new IllegalArgumentException("winners = " + winners + ": must be 0 of " + rule);
      }
    }

    /** What is at least {@code least} stays as it is, all else is zero (Kurtz et al. 2020). */
    public static SparseActivation threshold(float least) {
      return new SparseActivation(Rule.THRESHOLD, least, 0);
    }

    /** The {@code count} largest numbers of an example stay, if they are positive. */
    public static SparseActivation winners(int count) {
      return new SparseActivation(Rule.WINNERS, 0, count);
    }

    /** {@code level} for what is at least half of it, else zero. */
    public static SparseActivation binary(float level) {
      return new SparseActivation(Rule.BINARY, level, 0);
    }

    /**
     * What it makes of a number, if that follows from the number alone: of winners, what is not
     * positive never wins.
     */
    public OptionalDouble of(double number) {
      return switch (rule) {
        case THRESHOLD -> OptionalDouble.of(number >= level ? number : 0);
        case BINARY -> OptionalDouble.of(number >= level / 2 ? level : 0);
        case WINNERS -> number <= 0 ? OptionalDouble.of(0) : OptionalDouble.empty();
      };
    }

    @Override
    public Kind kind() {
      return Kind.SPARSE_ACTIVATION;
    }
  }

  /** Which numbers a sparse activation leaves. */
  enum Rule {
    /** Those of at least a threshold: FATReLU (Kurtz et al. 2020). */
    THRESHOLD(0),
    /**
     * The k largest of an example, over all channels and places, if they are positive; of equal
     * ones the first (Makhzani and Frey 2015; Ahmad and Scheinkman 2019).
     */
    WINNERS(1),
    /**
     * Those of at least half a level, which become that level: the activations of PACT (Choi et al.
     * 2018) with one bit and a fixed level. Gradients pass straight through from zero to the level.
     */
    BINARY(2);

    private final int code;

    Rule(int code) {
      this.code = code;
    }

    /** The number that stands for this rule in files; never reused. */
    public int code() {
      return code;
    }
  }

  /**
   * A layer that computes what another one does, with weights held as products of narrow matrices:
   * {@code W = U·V}, or {@code U·V + S}.
   *
   * @param inner a dense, convolution, LSTM or self-attention layer
   * @param ranks of its weight tensors, in their order: the columns of U, which are the rows of V;
   *     0 for one that is held as it is, at least one not 0
   * @param remainder whether what is held as a product has an S beside it
   */
  record Factored(Layer inner, List<Integer> ranks, Remainder remainder) implements Layer {
    public Factored {
      requireNonNull(inner, "inner is null");
      ranks = List.copyOf(ranks);
      requireNonNull(remainder, "remainder is null");
      if (ranks.size() != weights(inner)) {
        throw new IllegalArgumentException(
            ranks.size() + " ranks for the " + weights(inner) + " weight tensors of " + inner);
      }
      if (ranks.stream().anyMatch(rank -> rank < 0) || ranks.stream().allMatch(rank -> rank == 0)) {
        throw new IllegalArgumentException(
            "ranks = " + ranks + ": must be at least 0, and not all");
      }
    }

    /**
     * How many weight tensors a layer has that can be held as products.
     *
     * @throws IllegalArgumentException if it is of a kind that has none
     */
    public static int weights(Layer layer) {
      return switch (layer.kind()) {
        case DENSE, CONVOLUTION -> 1;
        case LSTM -> 2;
        case SELF_ATTENTION -> 4;
        case POOLING,
                BATCH_NORMALIZATION,
                SHORTCUT,
                POSITIONS,
                LAYER_NORMALIZATION,
                SPARSE_ACTIVATION,
                FACTORED,
                STOCK ->
            throw new IllegalArgumentException("no weights to hold as products: " + layer);
      };
    }

    @Override
    public Layer whole() {
      return inner;
    }

    @Override
    public Kind kind() {
      return Kind.FACTORED;
    }
  }

  /** What is added to a product of matrices. */
  enum Remainder {
    /** Nothing. */
    NONE(0),
    /** A matrix of few numbers that are not zero. */
    SPARSE(1);

    private final int code;

    Remainder(int code) {
      this.code = code;
    }

    /** The number that stands for this choice in files; never reused. */
    public int code() {
      return code;
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

  private static void checkEpsilon(float epsilon) {
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "epsilon = " + epsilon + ": must be above 0 and at most 1");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least 1");
    }
  }
}
