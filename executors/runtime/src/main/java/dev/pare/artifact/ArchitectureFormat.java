package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Factored;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Pooling.Pool;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;

/** Architectures as bytes; package-info specifies them. */
public final class ArchitectureFormat {
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

  /** Before a layer that reads another first than the one before it. */
  private static final int ELSEWHERE = 14;

  /** A layer whose number follows. */
  private static final int NUMBERED = 15;

  /** Whether a self-attention layer says how wide its heads are. */
  private static final int OWN_WIDTH = 1;

  private ArchitectureFormat() {}

  /** An architecture as a file has it, without a file around it. */
  public static byte[] bytes(Architecture architecture) {
    ByteSink out = new ByteSink();
    write(architecture, out);
    return out.toBytes();
  }

  /**
   * The architecture of which {@link #bytes} are all that there is.
   *
   * @throws MalformedArtifactException if they are of none
   */
  public static Architecture of(byte[] bytes) {
    ByteSource in = new ByteSource(bytes, 0, bytes.length, Fault.TRUNCATED);
    Architecture architecture = read(in);
    if (in.remaining() > 0) {
      throw in.invalid(in.remaining() + " bytes behind an architecture");
    }
    return architecture;
  }

  static void write(Architecture architecture, ByteSink out) {
    InputShape input = architecture.input();
    out.writeVarint(input.channels());
    out.writeVarint(input.height());
    out.writeVarint(input.width());
    out.writeFloats(input.divisor());
    out.writeVarint(architecture.nodes().size());
    for (int i = 0; i < architecture.nodes().size(); i++) {
      Node node = architecture.nodes().get(i);
      int back = i - node.inputs().get(0);
      if (back != 1) {
        out.writeByte(ELSEWHERE);
        out.writeVarint(back);
      }
      writeLayer(node.layer(), out);
      if (LayerForms.readsSeveral(node.layer())) {
        out.writeVarint(node.inputs().size() - 1);
      }
      for (int from : node.inputs().subList(1, node.inputs().size())) {
        out.writeVarint(from == Node.NETWORK_INPUT ? i : from);
      }
    }
  }

  private static void writeLayer(Layer layer, ByteSink out) {
    if (LayerForms.writes(layer)) {
      out.writeByte(NUMBERED | layer.activation().code() << 4);
      LayerForms.write(layer, out);
    } else if (layer instanceof Dense dense) {
      out.writeByte(DENSE | dense.activation().code() << 4);
      out.writeVarint(dense.units());
    } else if (layer instanceof Convolution convolution) {
      writeConvolution(convolution, out);
    } else if (layer instanceof Shortcut shortcut) {
      out.writeByte(SHORTCUT | shortcut.activation().code() << 4);
    } else if (layer instanceof Lstm lstm) {
      out.writeByte(LSTM | lstm.output().code() << 4);
      out.writeVarint(lstm.units());
    } else if (layer instanceof Positions) {
      out.writeByte(POSITIONS);
    } else if (layer instanceof LayerNormalization normalization) {
      out.writeByte(LAYER_NORMALIZATION);
      out.writeFloats(normalization.epsilon());
    } else if (layer instanceof SelfAttention attention) {
      boolean own = attention.width() > 0;
      out.writeByte(own ? SELF_ATTENTION | OWN_WIDTH << 4 : SELF_ATTENTION);
      out.writeVarint(attention.heads());
      if (own) {
        out.writeVarint(attention.width());
      }
    } else if (layer instanceof SparseActivation sparse) {
      out.writeByte(SPARSE_ACTIVATION | sparse.rule().code() << 4);
      if (sparse.rule() == SparseActivation.Rule.TOP_K) {
        out.writeVarint(sparse.k());
      } else {
        out.writeFloats(sparse.level());
      }
    } else if (layer instanceof Factored factored) {
      out.writeByte(FACTORED | factored.sparseResidual().code() << 4);
      writeLayer(factored.inner(), out);
      factored.ranks().forEach(out::writeVarint);
    } else if (layer instanceof Dl4jLayer own) {
      out.writeByte(STOCK);
      Dl4jLayerFormat.write(own, out);
    } else if (layer instanceof BatchNormalization normalization) {
      out.writeByte(BATCH_NORMALIZATION | normalization.activation().code() << 4);
      out.writeFloats(normalization.epsilon());
    } else if (layer instanceof Pooling pooling) {
      out.writeByte(POOLING | pooling.pool().code() << 4);
      out.writeVarint(pooling.vertical().kernel());
      out.writeVarint(pooling.vertical().stride());
    } else {
      throw new IllegalArgumentException("a " + layer.title() + " has no form in files");
    }
  }

  private static void writeConvolution(Convolution convolution, ByteSink out) {
    boolean padded = convolution.isPadded();
    int squareKind = padded ? PADDED_CONVOLUTION : CONVOLUTION;
    int kind = convolution.isSquare() ? squareKind : RECTANGULAR_CONVOLUTION;
    out.writeByte(kind | convolution.activation().code() << 4);
    out.writeVarint(convolution.filters());
    Window vertical = convolution.vertical();
    out.writeVarint(vertical.kernel());
    out.writeVarint(vertical.stride());
    if (kind == RECTANGULAR_CONVOLUTION || padded) {
      out.writeVarint(vertical.before());
    }
    if (kind == RECTANGULAR_CONVOLUTION) {
      Window horizontal = convolution.horizontal();
      out.writeVarint(horizontal.kernel());
      out.writeVarint(horizontal.stride());
      out.writeVarint(horizontal.before());
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
      List<Node> nodes = new ArrayList<>();
      int selected = 0;
      for (int i = 0; i < count; i++) {
        Node node = readNode(i, in);
        // A few bytes make a million of them, before the architecture is there to refuse them.
        selected += node.layer() instanceof ChannelSelection s ? s.channels().size() : 0;
        if (selected > ChannelSelection.MOST_CHANNELS) {
          throw in.invalid(
              "selections of more than %d channels".formatted(ChannelSelection.MOST_CHANNELS));
        }
        nodes.add(node);
      }
      Architecture architecture = new Architecture(input, nodes);
      checkForeign(architecture);
      return architecture;
    } catch (IllegalArgumentException | ArithmeticException e) {
      // The model's own checks; ArithmeticException is a size beyond an int.
      throw new MalformedArtifactException(
          Fault.INVALID_CONTENT, from, "not an architecture: " + e.getMessage(), e);
    }
  }

  /** Lets the engine that runs layers of its own check them, where there is one. */
  private static void checkForeign(Architecture architecture) {
    if (architecture.layers().stream().anyMatch(Dl4jLayer.class::isInstance)) {
      ServiceLoader.load(ArchitectureCheck.class, ArchitectureCheck.class.getClassLoader())
          .forEach(check -> check.check(architecture));
    }
  }

  private static Node readNode(int index, ByteSource in) {
    int first = index - 1;
    int kind = in.readByte();
    if (kind == ELSEWHERE) {
      int back = in.readVarint();
      if (back < 2) {
        throw in.invalid("a layer that reads elsewhere reads the one before it");
      }
      first = index - back;
      kind = in.readByte();
    }
    Layer layer = readLayer(kind, in);
    List<Integer> inputs = new ArrayList<>();
    inputs.add(first);
    int further = layer instanceof Shortcut ? 1 : 0;
    if (LayerForms.readsSeveral(layer)) {
      further = in.readVarint();
      if (further > index) {
        throw in.invalid("a layer that reads %d others".formatted(further));
      }
    }
    for (int i = 0; i < further; i++) {
      int from = in.readVarint();
      inputs.add(from == index ? Node.NETWORK_INPUT : from);
    }
    return new Node(layer, inputs);
  }

  private static Layer readLayer(int kind, ByteSource in) {
    int function = kind >>> 4;
    return switch (kind & 0xF) {
      case DENSE -> new Dense(in.readVarint(), activation(function, in));
      case CONVOLUTION ->
          new Convolution(
              in.readVarint(), in.readVarint(), in.readVarint(), activation(function, in));
      case POOLING -> new Pooling(pool(function, in), in.readVarint(), in.readVarint());
      case BATCH_NORMALIZATION -> new BatchNormalization(in.readFloat(), activation(function, in));
      case STOCK -> Dl4jLayerFormat.read(in);
      case PADDED_CONVOLUTION ->
          new Convolution(
              in.readVarint(),
              in.readVarint(),
              in.readVarint(),
              padding(in),
              activation(function, in));
      case SHORTCUT -> new Shortcut(activation(function, in));
      case LSTM -> new Lstm(in.readVarint(), steps(function, in));
      case POSITIONS -> new Positions();
      case LAYER_NORMALIZATION -> new LayerNormalization(in.readFloat());
      case SELF_ATTENTION -> attention(function, in);
      case SPARSE_ACTIVATION -> sparse(function, in);
      case RECTANGULAR_CONVOLUTION ->
          rectangular(in.readVarint(), axis(in), axis(in), activation(function, in), in);
      case FACTORED -> factored(sparseResidual(function, in), in);
      case NUMBERED -> LayerForms.read(activation(function, in), in);
      default -> throw in.invalid("layer of unknown kind " + (kind & 0xF));
    };
  }

  private static Window axis(ByteSource in) {
    return new Window(in.readVarint(), in.readVarint(), in.readVarint());
  }

  private static Layer rectangular(
      int filters, Window vertical, Window horizontal, Activation activation, ByteSource in) {
    if (vertical.equals(horizontal)) {
      throw in.invalid("a rectangular convolution that is square");
    }
    return new Convolution(filters, vertical, horizontal, activation);
  }

  private static Layer factored(Factored.SparseResidual sparseResidual, ByteSource in) {
    int kind = in.readByte();
    if ((kind & 0xF) == FACTORED) {
      // Not to be read: a chain of them could be as long as the file.
      throw in.invalid("a factored layer in another");
    }
    Layer inner = readLayer(kind, in);
    int[] ranks = new int[Factored.weights(inner)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = in.readVarint();
    }
    return new Factored(inner, Arrays.stream(ranks).boxed().toList(), sparseResidual);
  }

  private static Factored.SparseResidual sparseResidual(int code, ByteSource in) {
    return coded(
        code,
        Factored.SparseResidual.values(),
        Factored.SparseResidual::code,
        "choice of a sparse residual",
        in);
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
      return new SelfAttention(heads);
    }
    if (form != OWN_WIDTH) {
      throw in.invalid("unknown form of self-attention " + form);
    }
    int width = in.readVarint();
    if (width == 0) {
      throw in.invalid("heads of no width");
    }
    return new SelfAttention(heads, width);
  }

  private static Layer sparse(int code, ByteSource in) {
    SparseActivation.Rule rule =
        coded(
            code,
            SparseActivation.Rule.values(),
            SparseActivation.Rule::code,
            "sparse activation",
            in);
    return rule == SparseActivation.Rule.TOP_K
        ? SparseActivation.topK(in.readVarint())
        : new SparseActivation(rule, in.readFloat(), 0);
  }

  static Lstm.Steps steps(int code, ByteSource in) {
    return coded(code, Lstm.Steps.values(), Lstm.Steps::code, "choice of steps", in);
  }

  private static Activation activation(int code, ByteSource in) {
    return coded(code, Activation.values(), Activation::code, "activation", in);
  }

  static Pool pool(int code, ByteSource in) {
    return coded(code, Pool.values(), Pool::code, "pooling", in);
  }

  /**
   * The constant that a number stands for.
   *
   * @param what constants are, for the message
   */
  static <E> E coded(int code, E[] constants, ToIntFunction<E> codes, String what, ByteSource in) {
    for (E constant : constants) {
      if (codes.applyAsInt(constant) == code) {
        return constant;
      }
    }
    throw in.invalid("unknown " + what + " " + code);
  }
}
