package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A layer that computes what another one does, with weights held as products of narrow matrices:
 * {@code W = U·V}, or {@code U·V + S}.
 *
 * @param inner a layer that has weights which {@link Layer#factorable can be}
 * @param ranks of its weight tensors, in their order: the columns of U, which are the rows of V; 0
 *     for one that is held as it is, at least one not 0
 * @param sparseResidual whether what is held as a product has an S beside it
 */
public record Factored(Layer inner, List<Integer> ranks, SparseResidual sparseResidual)
    implements Layer {
  /** What is added to a product of matrices. */
  public enum SparseResidual {
    /** Nothing. */
    NONE(0),
    /** A matrix of few numbers that are not zero. */
    PRESENT(1);

    private final int code;

    SparseResidual(int code) {
      this.code = code;
    }

    /** The number that stands for this choice in files; never reused. */
    public int code() {
      return code;
    }
  }

  public Factored {
    requireNonNull(inner, "inner is null");
    ranks = List.copyOf(ranks);
    requireNonNull(sparseResidual, "sparseResidual is null");
    if (ranks.size() != weights(inner)) {
      throw new IllegalArgumentException(
          ranks.size() + " ranks for the " + weights(inner) + " weight tensors of " + inner);
    }
    if (ranks.stream().anyMatch(rank -> rank < 0) || ranks.stream().allMatch(rank -> rank == 0)) {
      throw new IllegalArgumentException("ranks = " + ranks + ": must be at least 0, and not all");
    }
  }

  /**
   * How many weight tensors a layer has that can be held as products.
   *
   * @throws IllegalArgumentException if it is of a kind that has none
   */
  public static int weights(Layer layer) {
    int count = layer.factorable();
    if (count == 0) {
      throw new IllegalArgumentException("no weights to hold as products: " + layer);
    }
    return count;
  }

  @Override
  public Layer whole() {
    return inner;
  }

  @Override
  public String title() {
    return "factored " + inner.title();
  }

  @Override
  public String summary() {
    // A dash for a weight that is held as it is.
    String each =
        ranks.stream()
            .map(rank -> rank == 0 ? "–" : String.valueOf(rank))
            .collect(Collectors.joining("/"));
    return inner.summary()
        + " of rank "
        + each
        + (sparseResidual == SparseResidual.PRESENT ? " and a sparse residual" : "");
  }

  @Override
  public OptionalInt vocabulary() {
    return inner.vocabulary();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inner.output(inputs);
  }

  /** Of each weight that is a product U, then V, then S if there is one; all else as it is. */
  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    List<Parameter> parameters = new ArrayList<>();
    Iterator<Integer> next = ranks.iterator();
    for (Parameter whole : inner.parameters(inputs)) {
      int rank = whole.isWeight() ? next.next() : 0;
      if (rank == 0) {
        parameters.add(whole);
        continue;
      }
      int rows = whole.rows();
      int columns = whole.columns();
      if (rank > Math.min(rows, columns)) {
        throw new IllegalArgumentException(
            "a rank of %d for %d×%d weights".formatted(rank, rows, columns));
      }
      parameters.add(part(whole, ".U", Role.LEFT_FACTOR, rows, whole.rowAxis(), rank, Axis.RANK));
      parameters.add(
          part(whole, ".V", Role.RIGHT_FACTOR, rank, Axis.RANK, columns, whole.columnAxis()));
      if (sparseResidual == SparseResidual.PRESENT) {
        parameters.add(
            part(
                whole,
                ".S",
                Role.SPARSE_RESIDUAL,
                rows,
                whole.rowAxis(),
                columns,
                whole.columnAxis()));
      }
    }
    return parameters;
  }

  private static Parameter part(
      Parameter whole,
      String name,
      Role role,
      int rows,
      Axis rowAxis,
      int columns,
      Axis columnAxis) {
    return new Parameter(whole.name() + name, role, rows, columns, rowAxis, columnAxis);
  }

  @Override
  public long uses(List<Shape> inputs, Shape output) {
    return inner.uses(inputs, output);
  }

  @Override
  public long products(List<Shape> inputs, Shape output) {
    return inner.products(inputs, output);
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public Activation activation() {
    return inner.activation();
  }

  @Override
  public Layer withActivation(Activation other) {
    return new Factored(inner.withActivation(other), ranks, sparseResidual);
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    // Its weights are put together for each batch.
    double products = 0;
    Iterator<Integer> next = ranks.iterator();
    for (Parameter whole : inner.parameters(inputs)) {
      if (whole.isWeight()) {
        products += (double) whole.size() * next.next();
      }
    }
    return inner.extraCost(inputs, output).plus(new ExampleCost(0, products));
  }
}
