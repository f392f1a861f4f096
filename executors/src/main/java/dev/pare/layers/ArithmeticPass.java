package dev.pare.layers;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.Arithmetic.Operation;
import dev.pare.graph.Shape;

/** Two inputs, number by number. */
final class ArithmeticPass extends JoinPass {
  private final Operation operation;
  private final LayerPass first;
  private final LayerPass second;

  /**
   * @param shape of the output
   */
  ArithmeticPass(
      Arithmetic layer, LayerPass first, LayerPass second, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.operation = layer.operation();
    this.first = first;
    this.second = second;
  }

  /** Where an input has the number that counts for one of the output. */
  private static int at(LayerPass input, int y, int c, int x, int batch) {
    Shape s = input.shape();
    int row = s.height() == 1 ? 0 : y;
    int channel = s.channels() == 1 ? 0 : c;
    int column = s.width() == 1 ? 0 : x;
    return ((row * s.channels() + channel) * s.width() + column) * batch;
  }

  private interface Place {
    void at(int out, int one, int other);
  }

  private void forEach(int batch, Place place) {
    int out = 0;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        for (int x = 0; x < shape().width(); x++) {
          place.at(out, at(first, y, c, x, batch), at(second, y, c, x, batch));
          out += batch;
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] a = first.output();
    float[] b = second.output();
    float[] to = output();
    forEach(
        batch,
        (out, one, other) -> {
          switch (operation) {
            case ADD -> {
              for (int i = 0; i < batch; i++) {
                to[out + i] = a[one + i] + b[other + i];
              }
            }
            case SUBTRACT -> {
              for (int i = 0; i < batch; i++) {
                to[out + i] = a[one + i] - b[other + i];
              }
            }
            case MULTIPLY -> {
              for (int i = 0; i < batch; i++) {
                to[out + i] = a[one + i] * b[other + i];
              }
            }
            case DIVIDE -> {
              for (int i = 0; i < batch; i++) {
                to[out + i] = a[one + i] / b[other + i];
              }
            }
          }
        });
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  @Override
  void addInputGradient(int input, int batch) {
    if (input == 0) {
      toFirst(batch);
    } else {
      toSecond(batch);
    }
  }

  private void toFirst(int batch) {
    float[] from = outputGradient();
    float[] to = first.outputGradient();
    float[] b = second.output();
    forEach(
        batch,
        (out, one, other) -> {
          switch (operation) {
            case ADD, SUBTRACT -> add(from, out, to, one, batch);
            case MULTIPLY -> {
              for (int i = 0; i < batch; i++) {
                to[one + i] += from[out + i] * b[other + i];
              }
            }
            case DIVIDE -> {
              for (int i = 0; i < batch; i++) {
                to[one + i] += from[out + i] / b[other + i];
              }
            }
          }
        });
  }

  private void toSecond(int batch) {
    float[] from = outputGradient();
    float[] to = second.outputGradient();
    float[] a = first.output();
    float[] b = second.output();
    forEach(
        batch,
        (out, one, other) -> {
          switch (operation) {
            case ADD -> add(from, out, to, other, batch);
            case SUBTRACT -> {
              for (int i = 0; i < batch; i++) {
                to[other + i] -= from[out + i];
              }
            }
            case MULTIPLY -> {
              for (int i = 0; i < batch; i++) {
                to[other + i] += from[out + i] * a[one + i];
              }
            }
            case DIVIDE -> {
              for (int i = 0; i < batch; i++) {
                to[other + i] -= from[out + i] * a[one + i] / (b[other + i] * b[other + i]);
              }
            }
          }
        });
  }
}
