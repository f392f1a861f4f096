package dev.pare.model;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer.Axis;
import java.util.ArrayList;
import java.util.List;

/** What flows between the layers of a chain; refuses layers that do not fit there. */
final class LayerShapes {
  private LayerShapes() {}

  /**
   * The input's shape, then each layer's output's.
   *
   * @throws IllegalArgumentException naming the first layer that does not fit
   */
  static List<Shape> of(InputShape input, List<Layer> layers) {
    List<Shape> shapes = new ArrayList<>(layers.size() + 1);
    shapes.add(new Shape(input.channels(), input.height(), input.width()));
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Layer.Shortcut shortcut) {
        check(shortcut, i, shapes);
      }
      shapes.add(after(layers.get(i), i, shapes.get(i)));
    }
    return List.copyOf(shapes);
  }

  /** What a layer makes of its input. */
  static Shape after(Layer layer, int index, Shape in) {
    return switch (layer.kind()) {
      case DENSE -> new Shape(((Layer.Dense) layer).units(), 1, 1);
      case CONVOLUTION -> {
        Layer.Convolution c = (Layer.Convolution) layer;
        yield windowed(in, c.filters(), c.vertical(), c.horizontal(), index);
      }
      case POOLING -> {
        Layer.Pooling p = (Layer.Pooling) layer;
        Axis side = new Axis(p.window(), p.stride(), 0);
        yield windowed(in, in.channels(), side, side, index);
      }
      case LSTM -> {
        Layer.Lstm lstm = (Layer.Lstm) layer;
        yield new Shape(lstm.units(), lstm.output() == Layer.Steps.ALL ? in.height() : 1, 1);
      }
      case SELF_ATTENTION -> {
        Layer.SelfAttention attention = (Layer.SelfAttention) layer;
        if (attention.width() == 0 && in.channels() % attention.heads() != 0) {
          throw new IllegalArgumentException(
              "layer %d: %d channels for %d heads"
                  .formatted(index, in.channels(), attention.heads()));
        }
        yield in;
      }
      case BATCH_NORMALIZATION, LAYER_NORMALIZATION, POSITIONS, SHORTCUT, SPARSE_ACTIVATION -> in;
      case FACTORED -> after(layer.whole(), index, in);
      case STOCK -> ((Layer.Stock) layer).output();
    };
  }

  private static Shape windowed(Shape in, int outputs, Axis vertical, Axis horizontal, int index) {
    int height = Math.addExact(in.height(), Math.multiplyExact(2, vertical.padding()));
    int width = Math.addExact(in.width(), Math.multiplyExact(2, horizontal.padding()));
    if (vertical.kernel() > height || horizontal.kernel() > width) {
      String window =
          vertical.kernel() == horizontal.kernel()
              ? String.valueOf(vertical.kernel())
              : vertical.kernel() + "×" + horizontal.kernel();
      throw new IllegalArgumentException(
          "layer " + index + ": a window of " + window + " does not fit " + height + "×" + width);
    }
    return new Shape(
        outputs,
        (height - vertical.kernel()) / vertical.stride() + 1,
        (width - horizontal.kernel()) / horizontal.stride() + 1);
  }

  private static void check(Layer.Shortcut shortcut, int index, List<Shape> before) {
    if (shortcut.from() >= index - 1) {
      throw new IllegalArgumentException(
          "layer " + index + ": a shortcut from layer " + shortcut.from() + " skips nothing");
    }
    Shape source = before.get(shortcut.from() + 1);
    Shape target = before.get(index);
    int stride = shortcutStride(source, target);
    if (source.channels() > target.channels()
        || (source.height() - 1) / stride + 1 != target.height()
        || (source.width() - 1) / stride + 1 != target.width()) {
      throw new IllegalArgumentException(
          "layer " + index + ": a shortcut from " + source + " does not fit " + target);
    }
  }

  /** From how many rows and columns of a shortcut's source one is taken. */
  static int shortcutStride(Shape source, Shape target) {
    return (source.height() - 1) / target.height() + 1;
  }
}
