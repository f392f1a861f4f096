package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Shape;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a layer makes, as an ONNX node sees it.
 *
 * @param layer index of the layer, −1 for the input
 * @param shape as Pare has it
 * @param dims as the node has it; as many numbers
 * @param order for each number as the node has it, where Pare has it, channel-major; null: at the
 *     same place
 * @param readers whether others may read the same
 * @param affine what is still to be done to it; null: nothing
 */
record Flow(
    int layer,
    Shape shape,
    int[] dims,
    int @Nullable [] order,
    Readers readers,
    @Nullable Affine affine)
    implements Value {
  /** Who reads a value. */
  enum Readers {
    ONE,
    SEVERAL
  }

  Flow {
    requireNonNull(readers, "readers is null");
    order = order == null || isAscending(order) ? null : order;
    if (Dimensions.computed(dims) != shape.size()) {
      throw new OnnxException(
          "%s numbers of %s".formatted(Dimensions.text(dims), Dimensions.text(shape.size())));
    }
  }

  /** Where Pare has a number. */
  int place(int index) {
    return order == null ? index : order[index];
  }

  /** Where Pare has each number. */
  int[] places() {
    return IntStream.range(0, shape.size()).map(this::place).toArray();
  }

  /** How a node sees it. */
  IndexMap seen() {
    return new IndexMap(dims, order);
  }

  /** How many places each channel has. */
  int area() {
    return shape.places();
  }

  /** Whether all indices are there, in their order. */
  static boolean isAscending(int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Whether its numbers are where Pare has them. */
  boolean isInOrder() {
    return order == null;
  }

  /** The same numbers in other sides, or in another order. */
  Flow arranged(IndexMap selection) {
    int[] from = selection.from();
    int[] places = order;
    if (from != null) {
      places = new int[from.length];
      for (int i = 0; i < from.length; i++) {
        places[i] = place(from[i]);
      }
    }
    return new Flow(layer, shape, selection.dims(), places, readers, affine);
  }

  /** What its layer makes with another number of channels. */
  Flow projected(int channels, IndexMap seen) {
    Shape to = new Shape(channels, shape.height(), shape.width());
    return new Flow(layer, to, seen.dims(), seen.from(), readers, affine);
  }

  Flow withReaders(Readers all) {
    return new Flow(layer, shape, dims, order, all, affine);
  }

  Flow withAffine(@Nullable Affine other) {
    return new Flow(layer, shape, dims, order, readers, other);
  }
}
