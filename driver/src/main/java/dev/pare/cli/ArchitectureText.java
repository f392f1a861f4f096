package dev.pare.cli;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

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
            + windows(c.vertical(), c.horizontal())
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
      case FACTORED -> {
        Layer.Factored factored = (Layer.Factored) layer;
        yield layer(factored.inner())
            + " of rank "
            + ranks(factored)
            + (factored.remainder() == Layer.Remainder.SPARSE ? " and a remainder" : "");
      }
      case STOCK -> "DL4J layer to " + shape(((Layer.Stock) layer).output());
    };
  }

  private static String shape(Architecture.Shape shape) {
    return shape.height() == 1 && shape.width() == 1
        ? String.valueOf(shape.channels())
        : shape.channels() + "×" + shape.height() + "×" + shape.width();
  }

  /** As {@code 3×3 padding 1}, or where the sides differ {@code 3×1 padding 1×0}. */
  private static String windows(Layer.Axis vertical, Layer.Axis horizontal) {
    return sides(vertical.kernel(), horizontal.kernel())
        + (vertical.stride() == 1 && horizontal.stride() == 1
            ? ""
            : " stride " + both(vertical.stride(), horizontal.stride()))
        + (vertical.padding() == 0 && horizontal.padding() == 0
            ? ""
            : " padding " + both(vertical.padding(), horizontal.padding()));
  }

  private static String both(int one, int other) {
    return one == other ? String.valueOf(one) : sides(one, other);
  }

  private static String sides(int one, int other) {
    return one + "×" + other;
  }

  /** One for each weight, a dash for one that is held as it is. */
  private static String ranks(Layer.Factored layer) {
    return layer.ranks().stream()
        .map(rank -> rank == 0 ? "–" : String.valueOf(rank))
        .collect(Collectors.joining("/"));
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
