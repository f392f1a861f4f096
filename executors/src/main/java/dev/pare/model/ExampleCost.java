package dev.pare.model;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.ParameterTensor.Role;

/**
 * What one example takes on its way through a network, counted before anything is allocated for it,
 * so that no network runs that a few bytes of a file make larger than any machine.
 *
 * @param numbers in the buffers of all layers, of 4 bytes each
 * @param operations multiply-adds of matrix products, and all else that takes time as such
 */
record ExampleCost(double numbers, double operations) {
  /** Half of it is a ResNet-50 on images of 224×224; 256 MiB. */
  private static final double MOST_NUMBERS = 1 << 26;

  /** Twice a VGG-16 on images of 224×224. */
  private static final double MOST_OPERATIONS = 1L << 35;

  /** Multiply-adds of a matrix product in the time of one number in another loop. */
  private static final double SLOW = 64;

  /** Numbers in the room of one that is a row of its own, as attention has them. */
  private static final double ROW = 8;

  /** Examples whose winners a sparse activation finds at once, though there be only one. */
  private static final double WINNERS_BLOCK = 16;

  /** How often DL4J, and what leads there and back, has a layer's input and output. */
  private static final double COPIES = 3;

  static ExampleCost of(InputShape input) {
    return new ExampleCost(input.size(), 0);
  }

  /** Of a layer, by what it reads and what it makes of it. */
  static ExampleCost of(Layer layer, Shape in, Shape out) {
    ExampleCost output = new ExampleCost(out.size(), multiplyAdds(layer.whole(), in, out));
    return switch (layer.kind()) {
      case CONVOLUTION -> output.plus(unrolled((Layer.Convolution) layer, in, out));
      case POOLING -> {
        double window = ((Layer.Pooling) layer).window();
        yield output.plus(0, SLOW * window * window * out.size());
      }
      case LSTM -> output.plus(8.0 * in.height() * ((Layer.Lstm) layer).units(), 0);
      case SELF_ATTENTION -> {
        Layer.SelfAttention attention = (Layer.SelfAttention) layer;
        double places = (double) in.height() * in.width();
        double inner = (double) attention.heads() * attention.headWidth(in.channels());
        yield output.plus(
            ROW * places * (places * attention.heads() + 4 * inner) + 2 * places * inner,
            SLOW * 2 * places * places * inner);
      }
      case SPARSE_ACTIVATION -> {
        boolean compete = ((Layer.SparseActivation) layer).rule() == Layer.Rule.WINNERS;
        yield output.plus(compete ? WINNERS_BLOCK * in.size() : 0, 0);
      }
      case STOCK ->
          output
              .plus(COPIES * ((double) in.size() + out.size()), 0)
              .plus(StockLayers.windows((Layer.Stock) layer, in, out));
      case FACTORED -> of(layer.whole(), in, out).plus(0, products((Layer.Factored) layer, in));
      case DENSE, BATCH_NORMALIZATION, SHORTCUT, POSITIONS, LAYER_NORMALIZATION -> output;
    };
  }

  /** Numbers under windows, which are copied there, or looked at. */
  static ExampleCost windows(double copied, double read) {
    return new ExampleCost(copied, SLOW * read);
  }

  private static double multiplyAdds(Layer layer, Shape in, Shape out) {
    double all = 0;
    for (Layer.Parameter parameter : LayerTensors.of(layer, in)) {
      if (parameter.role() == Role.WEIGHT) {
        all += (double) parameter.size() * Architecture.uses(layer, in, out);
      }
    }
    return all;
  }

  /** Along x, with the padding. */
  private static ExampleCost unrolled(Layer.Convolution layer, Shape in, Shape out) {
    double height = in.height() + 2.0 * layer.vertical().padding();
    return new ExampleCost(height * in.channels() * layer.horizontal().kernel() * out.width(), 0);
  }

  /** Of its weights, which are put together for each batch. */
  private static double products(Layer.Factored layer, Shape in) {
    double all = 0;
    int weight = 0;
    for (Layer.Parameter whole : LayerTensors.of(layer.inner(), in)) {
      if (whole.role() == Role.WEIGHT) {
        all += (double) whole.size() * layer.ranks().get(weight++);
      }
    }
    return all;
  }

  ExampleCost plus(ExampleCost other) {
    return plus(other.numbers, other.operations);
  }

  private ExampleCost plus(double otherNumbers, double otherOperations) {
    return new ExampleCost(numbers + otherNumbers, operations + otherOperations);
  }

  /**
   * @param layer the last one that is counted
   * @throws IllegalArgumentException if it is too much
   */
  void check(int layer) {
    check(layer, "numbers", numbers, MOST_NUMBERS);
    check(layer, "operations", operations, MOST_OPERATIONS);
  }

  private static void check(int layer, String what, double count, double most) {
    if (!(count <= most)) {
      throw new IllegalArgumentException(
          "layer %d: up to here an example takes %.3g %s, at most %.3g are possible"
              .formatted(layer, count, what, most));
    }
  }
}
