package dev.pare.layers;

import dev.pare.graph.Factored;
import dev.pare.graph.ParameterTensor;
import dev.pare.layers.Blas.Form;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A layer whose weights are products of narrow matrices: {@code W = U·V + S}. The weights are put
 * together before the inner layer's pass, and its gradient is taken apart after it: {@code dU =
 * dW·Vᵀ}, {@code dV = Uᵀ·dW}, {@code dS = dW}. A batch has far more places than weights have rows,
 * so that the products cost little beside the pass.
 */
final class FactoredPass extends LayerPass {
  private final LayerPass inner;
  private final List<Piece> pieces;

  /** The inner layer's parameters, and their gradient. */
  private final float[] whole;

  private final float[] wholeGradient;

  /**
   * One of the inner layer's tensors.
   *
   * @param at index of its first value among the inner layer's parameters
   * @param from index of the first value of what it is made of among all parameters: of U, followed
   *     by V and S, or of the tensor itself
   * @param rank columns of U; 0 for a tensor that is held as it is
   */
  private record Piece(int at, int from, int rows, int columns, int rank, boolean sparseResidual) {
    int size() {
      return rows * columns;
    }

    int right() {
      return from + rows * rank;
    }

    int rest() {
      return right() + rank * columns;
    }
  }

  /**
   * @param inner the pass of {@link Factored#inner()}, over parameters that begin at 0
   * @param tensors the layer's
   */
  FactoredPass(Factored layer, LayerPass inner, List<ParameterTensor> tensors) {
    super(inner);
    this.inner = inner;
    this.pieces = pieces(layer, tensors);
    Piece last = pieces.get(pieces.size() - 1);
    this.whole = new float[last.at() + last.size()];
    this.wholeGradient = new float[whole.length];
  }

  private static List<Piece> pieces(Factored layer, List<ParameterTensor> tensors) {
    boolean sparseResidual = layer.sparseResidual() == Factored.SparseResidual.PRESENT;
    List<Piece> pieces = new ArrayList<>();
    Iterator<Integer> ranks = layer.ranks().iterator();
    int at = 0;
    for (Iterator<ParameterTensor> i = tensors.iterator(); i.hasNext(); ) {
      ParameterTensor tensor = i.next();
      int rank = tensor.isWeight() ? ranks.next() : 0;
      int columns = tensor.columns();
      if (rank > 0) {
        columns = i.next().columns();
        if (sparseResidual) {
          i.next();
        }
      }
      Piece piece = new Piece(at, tensor.offset(), tensor.rows(), columns, rank, sparseResidual);
      pieces.add(piece);
      at += piece.size();
    }
    return pieces;
  }

  @Override
  long floatsAnExample(Mode mode) {
    return inner.floatsAnExample(mode);
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    for (Piece p : pieces) {
      if (p.rank() == 0) {
        System.arraycopy(parameters, p.from(), whole, p.at(), p.size());
        continue;
      }
      if (p.sparseResidual()) {
        System.arraycopy(parameters, p.rest(), whole, p.at(), p.size());
      }
      Blas.multiply(
          Form.PLAIN,
          Form.PLAIN,
          p.columns(),
          p.rows(),
          p.rank(),
          parameters,
          p.right(),
          p.columns(),
          parameters,
          p.from(),
          p.rank(),
          p.sparseResidual() ? 1 : 0,
          whole,
          p.at(),
          p.columns());
    }
    inner.forward(whole, batch, mode);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    inner.backward(whole, wholeGradient, batch);
    for (Piece p : pieces) {
      if (p.rank() == 0) {
        System.arraycopy(wholeGradient, p.at(), gradient, p.from(), p.size());
        continue;
      }
      Blas.multiply(
          Form.TRANSPOSE,
          Form.PLAIN,
          p.rank(),
          p.rows(),
          p.columns(),
          parameters,
          p.right(),
          p.columns(),
          wholeGradient,
          p.at(),
          p.columns(),
          0,
          gradient,
          p.from(),
          p.rank());
      Blas.multiply(
          Form.PLAIN,
          Form.TRANSPOSE,
          p.columns(),
          p.rank(),
          p.rows(),
          wholeGradient,
          p.at(),
          p.columns(),
          parameters,
          p.from(),
          p.rank(),
          0,
          gradient,
          p.right(),
          p.columns());
      if (p.sparseResidual()) {
        System.arraycopy(wholeGradient, p.at(), gradient, p.rest(), p.size());
      }
    }
  }
}
