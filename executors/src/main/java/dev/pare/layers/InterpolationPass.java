package dev.pare.layers;

import dev.pare.graph.Interpolation;
import dev.pare.graph.Interpolation.Neighbours;
import dev.pare.graph.Shape;
import java.util.Arrays;

/** Each channel in another size. Loops run along the examples of a batch. */
final class InterpolationPass extends JoinPass {
  private final boolean linear;
  private final LayerPass input;
  private final Neighbours rows;
  private final Neighbours columns;

  /**
   * @param shape of the output
   */
  InterpolationPass(Interpolation layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.linear = layer.method() == Interpolation.Method.LINEAR;
    this.input = input;
    this.rows = layer.neighbours(layer.vertical(), input.shape().height());
    this.columns = layer.neighbours(layer.horizontal(), input.shape().width());
  }

  private interface Part {
    /**
     * @param from where a neighbour's examples are in the input
     * @param to where those of the output's number are
     * @param share how much it counts
     */
    void at(int from, int to, float share);
  }

  private void forEach(int batch, Part part) {
    Shape s = input.shape();
    int to = 0;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        int above = (rows.first()[y] * s.channels() + c) * s.width();
        int below = (rows.second()[y] * s.channels() + c) * s.width();
        float down = rows.share()[y];
        for (int x = 0; x < shape().width(); x++) {
          int left = columns.first()[x];
          if (linear) {
            int right = columns.second()[x];
            float across = columns.share()[x];
            part.at((above + left) * batch, to, (1 - down) * (1 - across));
            part.at((above + right) * batch, to, (1 - down) * across);
            part.at((below + left) * batch, to, down * (1 - across));
            part.at((below + right) * batch, to, down * across);
          } else {
            part.at((above + left) * batch, to, 1);
          }
          to += batch;
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] in = input.output();
    float[] out = output();
    if (linear) {
      Arrays.fill(out, 0, shape().size() * batch, 0);
      forEach(batch, (from, to, share) -> add(in, from, share, out, to, batch));
    } else {
      forEach(batch, (from, to, share) -> System.arraycopy(in, from, out, to, batch));
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int index, int batch) {
    float[] from = outputGradient();
    float[] to = input.outputGradient();
    forEach(batch, (in, out, share) -> add(from, out, share, to, in, batch));
  }

  private static void add(float[] from, int fromAt, float share, float[] to, int toAt, int length) {
    if (share != 0) {
      for (int i = 0; i < length; i++) {
        to[toAt + i] += share * from[fromAt + i];
      }
    }
  }
}
