package dev.pare.cli;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import java.util.Locale;
import java.util.StringJoiner;

/** An architecture for people: {@code 1×28×28 → dense 300 relu → dense 10 softmax}. */
final class ArchitectureText {
  private ArchitectureText() {}

  static String of(Architecture architecture) {
    StringJoiner text = new StringJoiner(" → ");
    text.add(shape(architecture.shapes().get(0)));
    for (Layer layer : architecture.layers()) {
      text.add(layer(layer));
    }
    return text.toString();
  }

  private static String layer(Layer layer) {
    return switch (layer.kind()) {
      case DENSE -> {
        Layer.Dense dense = (Layer.Dense) layer;
        yield "dense " + dense.units() + activation(dense.activation());
      }
      case CONVOLUTION -> {
        Layer.Convolution c = (Layer.Convolution) layer;
        yield "convolution "
            + c.filters()
            + " of "
            + square(c.kernel())
            + stride(c.stride(), 1)
            + (c.padding() == 0 ? "" : " padding " + c.padding())
            + activation(c.activation());
      }
      case POOLING -> {
        Layer.Pooling p = (Layer.Pooling) layer;
        yield lower(p.pool()) + " pool " + square(p.window()) + stride(p.stride(), p.window());
      }
      case BATCH_NORMALIZATION ->
          "batch normalization" + activation(((Layer.BatchNormalization) layer).activation());
      case SHORTCUT -> {
        Layer.Shortcut shortcut = (Layer.Shortcut) layer;
        yield "shortcut from layer " + shortcut.from() + activation(shortcut.activation());
      }
      case LSTM -> {
        Layer.Lstm lstm = (Layer.Lstm) layer;
        yield "LSTM " + lstm.units() + (lstm.output() == Layer.Steps.LAST ? " last step" : "");
      }
      case POSITIONS -> "positions";
      case LAYER_NORMALIZATION -> "layer normalization";
      case SELF_ATTENTION -> {
        Layer.SelfAttention attention = (Layer.SelfAttention) layer;
        yield "self-attention of "
            + attention.heads()
            + (attention.heads() == 1 ? " head" : " heads")
            + (attention.width() == 0 ? "" : " of " + attention.width());
      }
      case SPARSE_ACTIVATION -> {
        Layer.SparseActivation sparse = (Layer.SparseActivation) layer;
        yield switch (sparse.rule()) {
          case THRESHOLD -> "threshold " + sparse.level();
          case WINNERS -> sparse.winners() + (sparse.winners() == 1 ? " winner" : " winners");
          case BINARY -> "binary " + sparse.level();
        };
      }
      case STOCK -> "DL4J layer to " + shape(((Layer.Stock) layer).output());
    };
  }

  private static String shape(Architecture.Shape shape) {
    return shape.height() == 1 && shape.width() == 1
        ? String.valueOf(shape.channels())
        : shape.channels() + "×" + shape.height() + "×" + shape.width();
  }

  private static String square(int side) {
    return side + "×" + side;
  }

  private static String stride(int stride, int usual) {
    return stride == usual ? "" : " stride " + stride;
  }

  private static String activation(Activation activation) {
    return activation == Activation.IDENTITY ? "" : " " + lower(activation);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
