package dev.pare.layers;

import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Shape;
import java.util.Arrays;

/** Products of matrices of each example, for all examples at once. */
final class MatrixProductPass extends JoinPass {
  private final LayerPass first;
  private final LayerPass second;
  private final boolean transposed;

  /** How long the rows are that are multiplied by columns. */
  private final int inner;

  /**
   * @param shape of the output
   */
  MatrixProductPass(
      MatrixProduct layer, LayerPass first, LayerPass second, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.first = first;
    this.second = second;
    this.transposed = layer.second() == MatrixProduct.Form.TRANSPOSED;
    this.inner = first.shape().channels();
  }

  private interface Factors {
    void at(int out, int one, int other);
  }

  /** All pairs of numbers that are multiplied, with the one that their product is a part of. */
  private void forEach(int batch, Factors factors) {
    int rows = shape().width();
    int columns = shape().channels();
    for (int y = 0; y < shape().height(); y++) {
      int a = first.shape().height() == 1 ? 0 : y * inner * rows;
      int b = second.shape().height() == 1 ? 0 : y * inner * columns;
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          int out = (y * columns + column) * rows + row;
          for (int k = 0; k < inner; k++) {
            int other = b + (transposed ? k * columns + column : column * inner + k);
            factors.at(out * batch, (a + k * rows + row) * batch, other * batch);
          }
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] to = output();
    float[] one = first.output();
    float[] other = second.output();
    Arrays.fill(to, 0, shape().size() * batch, 0);
    forEach(batch, (out, a, b) -> addProducts(one, a, other, b, to, out, batch));
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int input, int batch) {
    float[] from = outputGradient();
    if (input == 0) {
      float[] to = first.outputGradient();
      float[] other = second.output();
      forEach(batch, (out, a, b) -> addProducts(from, out, other, b, to, a, batch));
    } else {
      float[] to = second.outputGradient();
      float[] one = first.output();
      forEach(batch, (out, a, b) -> addProducts(from, out, one, a, to, b, batch));
    }
  }

  private static void addProducts(
      float[] one, int a, float[] other, int b, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] += one[a + i] * other[b + i];
    }
  }
}
