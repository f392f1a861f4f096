package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.Layer.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Architectures as bytes; package-info specifies them. */
final class ArchitectureFormat {
  private static final int DENSE = 0;
  private static final int CONVOLUTION = 1;
  private static final int POOLING = 2;
  private static final int BATCH_NORMALIZATION = 3;
  private static final int STOCK = 4;
  private static final int PADDED_CONVOLUTION = 5;
  private static final int SHORTCUT = 6;
  private static final int LSTM = 7;
  private static final int POSITIONS = 8;
  private static final int LAYER_NORMALIZATION = 9;
  private static final int SELF_ATTENTION = 10;
  private static final int RECTANGULAR_CONVOLUTION = 11;
  private static final int FACTORED = 12;
  private static final int SPARSE_ACTIVATION = 13;

  /** Whether a self-attention layer says how wide its heads are. */
  private static final int OWN_WIDTH = 1;

  private ArchitectureFormat() {}

  static void write(Architecture architecture, ByteSink out) {
    InputShape input = architecture.input();
    out.writeVarint(input.channels());
    out.writeVarint(input.height());
    out.writeVarint(input.width());
    out.writeFloats(input.divisor());
    out.writeVarint(architecture.layers().size());
    architecture.layers().forEach(layer -> writeLayer(layer, out));
  }

  private static void writeLayer(Layer layer, ByteSink out) {
    switch (layer.kind()) {
      case DENSE -> {
        Layer.Dense dense = (Layer.Dense) layer;
        out.writeByte(DENSE | dense.activation().code() << 4);
        out.writeVarint(dense.units());
      }
      case CONVOLUTION -> writeConvolution((Layer.Convolution) layer, out);
      case SHORTCUT -> {
        Layer.Shortcut shortcut = (Layer.Shortcut) layer;
        out.writeByte(SHORTCUT | shortcut.activation().code() << 4);
        out.writeVarint(shortcut.from());
      }
      case LSTM -> {
        Layer.Lstm lstm = (Layer.Lstm) layer;
        out.writeByte(LSTM | lstm.output().code() << 4);
        out.writeVarint(lstm.units());
      }
      case POSITIONS -> out.writeByte(POSITIONS);
      case LAYER_NORMALIZATION -> {
        out.writeByte(LAYER_NORMALIZATION);
        out.writeFloats(((Layer.LayerNormalization) layer).epsilon());
      }
      case SELF_ATTENTION -> {
        Layer.SelfAttention attention = (Layer.SelfAttention) layer;
        boolean own = attention.width() > 0;
        out.writeByte(own ? SELF_ATTENTION | OWN_WIDTH << 4 : SELF_ATTENTION);
        out.writeVarint(attention.heads());
        if (own) {
          out.writeVarint(attention.width());
        }
      }
      case SPARSE_ACTIVATION -> {
        Layer.SparseActivation sparse = (Layer.SparseActivation) layer;
        out.writeByte(SPARSE_ACTIVATION | sparse.rule().code() << 4);
        if (sparse.rule() == Layer.Rule.WINNERS) {
          out.writeVarint(sparse.winners());
        } else {
          out.writeFloats(sparse.level());
        }
      }
      case FACTORED -> {
        Layer.Factored factored = (Layer.Factored) layer;
        out.writeByte(FACTORED | factored.remainder().code() << 4);
        writeLayer(factored.inner(), out);
        factored.ranks().forEach(out::writeVarint);
      }
      case STOCK -> {
        out.writeByte(STOCK);
        StockLayerFormat.write((Layer.Stock) layer, out);
      }
      case BATCH_NORMALIZATION -> {
        Layer.BatchNormalization normalization = (Layer.BatchNormalization) layer;
        out.writeByte(BATCH_NORMALIZATION | normalization.activation().code() << 4);
        out.writeFloats(normalization.epsilon());
      }
      case POOLING -> {
        Layer.Pooling pooling = (Layer.Pooling) layer;
        out.writeByte(POOLING | pooling.pool().code() << 4);
        out.writeVarint(pooling.window());
        out.writeVarint(pooling.stride());
      }
    }
  }

  private static void writeConvolution(Layer.Convolution convolution, ByteSink out) {
    boolean padded = convolution.isPadded();
    int squareKind = padded ? PADDED_CONVOLUTION : CONVOLUTION;
    int kind = convolution.isSquare() ? squareKind : RECTANGULAR_CONVOLUTION;
    out.writeByte(kind | convolution.activation().code() << 4);
    out.writeVarint(convolution.filters());
    Layer.Axis vertical = convolution.vertical();
    out.writeVarint(vertical.kernel());
    out.writeVarint(vertical.stride());
    if (kind == RECTANGULAR_CONVOLUTION || padded) {
      out.writeVarint(vertical.padding());
    }
    if (kind == RECTANGULAR_CONVOLUTION) {
      Layer.Axis horizontal = convolution.horizontal();
      out.writeVarint(horizontal.kernel());
      out.writeVarint(horizontal.stride());
      out.writeVarint(horizontal.padding());
    }
  }

  /**
   * @throws MalformedArtifactException if no architecture is there
   */
  static Architecture read(ByteSource in) {
    int from = in.position();
    try {
      InputShape input =
          new InputShape(in.readVarint(), in.readVarint(), in.readVarint(), in.readFloat());
      int count = in.readVarint();
      if (count > Architecture.MOST_LAYERS) {
        throw in.invalid(count + " layers, more than " + Architecture.MOST_LAYERS);
      }
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        layers.add(readLayer(in.readByte(), in));
      }
      return new Architecture(input, layers);
    } catch (IllegalArgumentException | ArithmeticException e) {
      // The model's own checks; ArithmeticException is a size beyond an int.
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from, "not an architecture: " + e.getMessage(), e);
    }
  }

  private static Layer readLayer(int kind, ByteSource in) {
    int function = kind >>> 4;
    return switch (kind & 0xF) {
      case DENSE -> new Layer.Dense(in.readVarint(), activation(function, in));
      case CONVOLUTION ->
          new Layer.Convolution(
              in.readVarint(), in.readVarint(), in.readVarint(), activation(function, in));
      case POOLING -> new Layer.Pooling(pool(function, in), in.readVarint(), in.readVarint());
      case BATCH_NORMALIZATION ->
          new Layer.BatchNormalization(in.readFloat(), activation(function, in));
      case STOCK -> StockLayerFormat.read(in);
      case PADDED_CONVOLUTION ->
          new Layer.Convolution(
              in.readVarint(),
              in.readVarint(),
              in.readVarint(),
              padding(in),
              activation(function, in));
      case SHORTCUT -> new Layer.Shortcut(in.readVarint(), activation(function, in));
      case LSTM -> new Layer.Lstm(in.readVarint(), steps(function, in));
      case POSITIONS -> new Layer.Positions();
      case LAYER_NORMALIZATION -> new Layer.LayerNormalization(in.readFloat());
      case SELF_ATTENTION -> attention(function, in);
      case SPARSE_ACTIVATION -> sparse(function, in);
      case RECTANGULAR_CONVOLUTION ->
          rectangular(in.readVarint(), axis(in), axis(in), activation(function, in), in);
      case FACTORED -> factored(remainder(function, in), in);
      default -> throw in.invalid("layer of unknown kind " + (kind & 0xF));
    };
  }

  private static Layer.Axis axis(ByteSource in) {
    return new Layer.Axis(in.readVarint(), in.readVarint(), in.readVarint());
  }

  private static Layer rectangular(
      int filters,
      Layer.Axis vertical,
      Layer.Axis horizontal,
      Activation activation,
      ByteSource in) {
    if (vertical.equals(horizontal)) {
      throw in.invalid("a rectangular convolution that is square");
    }
    return new Layer.Convolution(filters, vertical, horizontal, activation);
  }

  private static Layer factored(Layer.Remainder remainder, ByteSource in) {
    int kind = in.readByte();
    if ((kind & 0xF) == FACTORED) {
      // Not to be read: a chain of them could be as long as the file.
      throw in.invalid("a factored layer in another");
    }
    Layer inner = readLayer(kind, in);
    int[] ranks = new int[Layer.Factored.weights(inner)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = in.readVarint();
    }
    return new Layer.Factored(inner, Arrays.stream(ranks).boxed().toList(), remainder);
  }

  private static Layer.Remainder remainder(int code, ByteSource in) {
    for (Layer.Remainder remainder : Layer.Remainder.values()) {
      if (remainder.code() == code) {
        return remainder;
      }
    }
    throw in.invalid("unknown choice of a remainder " + code);
  }

  private static int padding(ByteSource in) {
    int padding = in.readVarint();
    if (padding == 0) {
      throw in.invalid("a padded convolution without padding");
    }
    return padding;
  }

  private static Layer attention(int form, ByteSource in) {
    int heads = in.readVarint();
    if (form == 0) {
      return new Layer.SelfAttention(heads);
    }
    if (form != OWN_WIDTH) {
      throw in.invalid("unknown form of self-attention " + form);
    }
    int width = in.readVarint();
    if (width == 0) {
      throw in.invalid("heads of no width");
    }
    return new Layer.SelfAttention(heads, width);
  }

  private static Layer sparse(int code, ByteSource in) {
    for (Layer.Rule rule : Layer.Rule.values()) {
      if (rule.code() == code) {
        return rule == Layer.Rule.WINNERS
            ? Layer.SparseActivation.winners(in.readVarint())
            : new Layer.SparseActivation(rule, in.readFloat(), 0);
      }
    }
    throw in.invalid("unknown sparse activation " + code);
  }

  private static Layer.Steps steps(int code, ByteSource in) {
    for (Layer.Steps steps : Layer.Steps.values()) {
      if (steps.code() == code) {
        return steps;
      }
    }
    throw in.invalid("unknown choice of steps " + code);
  }

  private static Activation activation(int code, ByteSource in) {
    for (Activation activation : Activation.values()) {
      if (activation.code() == code) {
        return activation;
      }
    }
    throw in.invalid("unknown activation " + code);
  }

  private static Pool pool(int code, ByteSource in) {
    for (Pool pool : Pool.values()) {
      if (pool.code() == code) {
        return pool;
      }
    }
    throw in.invalid("unknown pooling " + code);
  }
}
