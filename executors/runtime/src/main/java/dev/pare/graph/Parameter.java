package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A tensor of a layer's parameters, as a matrix: a row for each output unit.
 *
 * @param name short, for people: {@code W}, {@code b}
 * @param role what it is for
 * @param rows how many there are; 1 for a vector
 * @param columns numbers of a row
 * @param rowAxis what the rows are of
 * @param columnAxis what the columns are of
 */
public record Parameter(
    String name, Role role, int rows, int columns, Axis rowAxis, Axis columnAxis)
    implements Serializable {
  /** Most parameters a network may have: they live in one Java array. */
  public static final long MOST = Integer.MAX_VALUE - 64;

  /** What a tensor is for. */
  public enum Role {
    /** What inputs are multiplied by. */
    WEIGHT,
    /** U of a weight that is held as a product U·V. */
    LEFT_FACTOR,
    /** V of a weight that is held as a product U·V. */
    RIGHT_FACTOR,
    /** What is added to such a product: few numbers that are not zero. */
    SPARSE_RESIDUAL,
    BIAS,
    /** A normalization's factor. */
    GAMMA,
    /** A normalization's summand. */
    BETA,
    /** What a PReLU multiplies by below zero. */
    SLOPE,
    /** Batch normalization's running mean, which is not trained. */
    MEAN,
    /** Batch normalization's running variance, which is not trained. */
    VARIANCE;

    /** Whether inputs are multiplied by it: a weight, or what one is made of. */
    public boolean isWeight() {
      return this == WEIGHT
          || this == LEFT_FACTOR
          || this == RIGHT_FACTOR
          || this == SPARSE_RESIDUAL;
    }
  }

  /** What the rows or columns of a tensor are of. */
  public enum Axis {
    /** Of no channels: places of a kernel, the one row of a vector, or what is not known. */
    NONE,
    /** As many for each channel of the layer's output, those of one channel side by side. */
    OUTPUTS,
    /** As many for each channel of the layer's input, those of one channel side by side. */
    INPUTS,
    /**
     * As many for each channel of one group of the layer's input, those of one channel side by
     * side: the rows of each group of outputs read those of their own.
     */
    GROUP_INPUTS,
    /**
     * Those of all outputs for one gate, then for the next. A unit of which all these numbers are
     * zero makes zeros.
     */
    GATES,
    /** Queries, keys or values: those of one head side by side. */
    HEADS,
    /** The inner side of a product of matrices. */
    RANK
  }

  public Parameter {
    requireNonNull(name, "name is null");
    requireNonNull(role, "role is null");
    requireNonNull(rowAxis, "rowAxis is null");
    requireNonNull(columnAxis, "columnAxis is null");
    Sizes.atLeastOne("rows", rows);
    Sizes.atLeastOne("columns", columns);
    Math.multiplyExact(rows, columns);
  }

  /** A tensor of which only the sizes are known. */
  public Parameter(String name, Role role, int rows, int columns) {
    this(name, role, rows, columns, Axis.NONE, Axis.NONE);
  }

  /**
   * A tensor of weights.
   *
   * @throws IllegalArgumentException if they are more than an array holds
   */
  static Parameter weight(String name, int rows, Axis rowAxis, long columns, Axis columnAxis) {
    if (columns > MOST / rows) {
      throw tooMany();
    }
    return new Parameter(name, Role.WEIGHT, rows, (int) columns, rowAxis, columnAxis);
  }

  /** A number, or as many, for each channel of the output. */
  static Parameter vector(String name, Role role, int values) {
    return new Parameter(name, role, 1, values, Axis.NONE, Axis.OUTPUTS);
  }

  static Parameter bias(int values) {
    return vector("b", Role.BIAS, values);
  }

  static IllegalArgumentException tooMany() {
    return new IllegalArgumentException("more than " + MOST + " parameters");
  }

  /** Whether inputs are multiplied by it. */
  public boolean isWeight() {
    return role.isWeight();
  }

  /** How many values it has. */
  public int size() {
    return rows * columns;
  }
}
