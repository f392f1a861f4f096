package dev.pare.artifact;

import dev.pare.graph.Activation;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.ChannelPooling;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.Gru;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Mask;
import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Pooling;
import dev.pare.graph.Prelu;
import dev.pare.graph.Quantization;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Softmax;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The layers that files know by number; package-info has the table. */
final class LayerForms {
  private static final List<Form<?>> FORMS = new ArrayList<>();

  static {
    put(
        0,
        Convolution.class,
        convolution -> !convolution.isPlain(),
        (convolution, out) -> {
          out.writeVarint(convolution.filters());
          out.writeVarint(convolution.groups());
          write(convolution.vertical(), out);
          write(convolution.horizontal(), out);
        },
        (activation, in) ->
            new Convolution(in.readVarint(), in.readVarint(), window(in), window(in), activation));
    put(
        1,
        Pooling.class,
        pooling -> !pooling.isPlain(),
        (pooling, out) -> {
          out.writeByte(pooling.pool().code());
          write(pooling.vertical(), out);
          write(pooling.horizontal(), out);
        },
        (activation, in) ->
            new Pooling(ArchitectureFormat.pool(in.readByte(), in), window(in), window(in)));
    put(2, Elementwise.class, layer -> true, LayerForms::write, (a, in) -> elementwise(in));
    put(3, Concatenation.class, layer -> true, (layer, out) -> {}, (a, in) -> new Concatenation());
    put(
        4,
        ChannelSelection.class,
        layer -> true,
        NumberForms::write,
        (a, in) -> NumberForms.selection(in));
    put(
        5,
        Arithmetic.class,
        layer -> true,
        (layer, out) -> out.writeByte(layer.operation().code()),
        (a, in) -> new Arithmetic(operation(in)));
    put(
        6,
        ZeroPadding.class,
        layer -> true,
        (layer, out) -> {
          out.writeVarint(layer.top());
          out.writeVarint(layer.bottom());
          out.writeVarint(layer.left());
          out.writeVarint(layer.right());
        },
        (a, in) ->
            new ZeroPadding(in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint()));
    put(
        7,
        Gru.class,
        layer -> true,
        (layer, out) -> {
          out.writeByte(layer.output().code());
          out.writeVarint(layer.units());
        },
        (a, in) -> {
          Lstm.Steps output = ArchitectureFormat.steps(in.readByte(), in);
          return new Gru(in.readVarint(), output);
        });
    put(
        20,
        Softmax.class,
        layer -> true,
        (layer, out) -> out.writeByte(layer.form().code()),
        (a, in) -> new Softmax(softmaxForm(in)));
    put(
        22,
        ChannelPooling.class,
        layer -> true,
        (layer, out) -> out.writeByte(layer.pool().code()),
        (a, in) -> new ChannelPooling(ArchitectureFormat.pool(in.readByte(), in)));
    put(
        23,
        GroupNormalization.class,
        layer -> true,
        (layer, out) -> {
          out.writeVarint(layer.groups());
          out.writeFloats(layer.epsilon());
        },
        (a, in) -> new GroupNormalization(in.readVarint(), in.readFloat()));
    put(
        24,
        TransposedConvolution.class,
        layer -> true,
        (layer, out) -> {
          out.writeVarint(layer.filters());
          out.writeVarint(layer.groups());
          write(layer.vertical(), out);
          write(layer.horizontal(), out);
          out.writeVarint(layer.below());
          out.writeVarint(layer.right());
        },
        (activation, in) ->
            new TransposedConvolution(
                in.readVarint(),
                in.readVarint(),
                window(in),
                window(in),
                in.readVarint(),
                in.readVarint(),
                activation));
    put(
        25,
        Interpolation.class,
        layer -> true,
        (layer, out) -> {
          out.writeByte(layer.method().code());
          out.writeByte(layer.coordinates().code());
          write(layer.vertical(), out);
          write(layer.horizontal(), out);
        },
        (a, in) -> new Interpolation(method(in), coordinates(in), side(in), side(in)));
    put(
        26,
        Rearrangement.class,
        layer -> true,
        NumberForms::write,
        (a, in) -> NumberForms.rearrangement(in));
    put(21, Prelu.class, layer -> true, (layer, out) -> {}, (a, in) -> new Prelu());
    put(
        40,
        Embedding.class,
        layer -> true,
        (layer, out) -> {
          out.writeVarint(layer.tokens());
          out.writeVarint(layer.width());
        },
        (a, in) -> new Embedding(in.readVarint(), in.readVarint()));
    put(
        41,
        Crop.class,
        layer -> true,
        (layer, out) -> {
          out.writeVarint(layer.top());
          out.writeVarint(layer.bottom());
          out.writeVarint(layer.left());
          out.writeVarint(layer.right());
        },
        (a, in) -> new Crop(in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint()));
    put(42, Reversal.class, layer -> true, (layer, out) -> {}, (a, in) -> new Reversal());
    put(
        43,
        SelfAttention.class,
        attention -> attention.biases() == SelfAttention.Biases.TRAINED,
        (attention, out) -> {
          out.writeVarint(attention.heads());
          out.writeVarint(attention.width());
        },
        (a, in) ->
            new SelfAttention(in.readVarint(), in.readVarint(), SelfAttention.Biases.TRAINED));
    put(
        44,
        MatrixProduct.class,
        layer -> true,
        (layer, out) -> out.writeByte(layer.second().code()),
        (a, in) -> new MatrixProduct(productForm(in)));
    put(
        46,
        Quantization.class,
        layer -> true,
        (layer, out) -> {
          out.writeFloats(layer.scale());
          out.writeByte(layer.zeroPoint());
        },
        (a, in) -> new Quantization(in.readFloat(), in.readByte()));
    put(45, Mask.class, layer -> true, NumberForms::write, (a, in) -> NumberForms.mask(in));
  }

  private LayerForms() {}

  private interface Writer<L> {
    void write(L layer, ByteSink out);
  }

  private interface Reader<L> {
    L read(Activation activation, ByteSource in);
  }

  /**
   * How a layer is written.
   *
   * @param number never reused
   * @param which of the layers of a class have this form
   */
  private record Form<L extends Layer>(
      int number, Class<L> layer, Predicate<L> which, Writer<L> writer, Reader<L> reader) {
    boolean writes(Layer other) {
      return layer.isInstance(other) && which.test(layer.cast(other));
    }

    void write(Layer other, ByteSink out) {
      out.writeVarint(number);
      writer.write(layer.cast(other), out);
    }
  }

  private static <L extends Layer> void put(
      int number, Class<L> layer, Predicate<L> which, Writer<L> writer, Reader<L> reader) {
    FORMS.add(new Form<>(number, layer, which, writer, reader));
  }

  /** Whether a layer has a form here. */
  static boolean writes(Layer layer) {
    return FORMS.stream().anyMatch(form -> form.writes(layer));
  }

  /** Whether the layers that one reads are counted in files, as there may be any number. */
  static boolean readsSeveral(Layer layer) {
    return layer instanceof Concatenation
        || layer instanceof Arithmetic
        || layer instanceof MatrixProduct;
  }

  static void write(Layer layer, ByteSink out) {
    for (Form<?> form : FORMS) {
      if (form.writes(layer)) {
        form.write(layer, out);
        return;
      }
    }
    throw new IllegalArgumentException("a " + layer.title() + " has no number");
  }

  static Layer read(Activation activation, ByteSource in) {
    int number = in.readVarint();
    for (Form<?> form : FORMS) {
      if (form.number() == number) {
        Layer layer = form.reader().read(activation, in);
        if (!form.writes(layer) || layer.activation() != activation) {
          throw in.invalid("a %s in another form than its own".formatted(layer.title()));
        }
        return layer;
      }
    }
    throw in.invalid("layer of unknown number " + number);
  }

  private static void write(Window window, ByteSink out) {
    out.writeVarint(window.kernel());
    out.writeVarint(window.stride());
    out.writeVarint(window.dilation());
    out.writeVarint(window.before());
    out.writeVarint(window.after());
  }

  private static Window window(ByteSource in) {
    return new Window(
        in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
  }

  private static void write(Elementwise layer, ByteSink out) {
    out.writeByte(layer.function().code());
    if (layer.function().constants() > 0) {
      out.writeFloats(layer.first());
    }
    if (layer.function().constants() > 1) {
      out.writeFloats(layer.second());
    }
  }

  private static Elementwise elementwise(ByteSource in) {
    Elementwise.Function function =
        ArchitectureFormat.coded(
            in.readByte(),
            Elementwise.Function.values(),
            Elementwise.Function::code,
            "function",
            in);
    float first = function.constants() > 0 ? in.readFloat() : 0;
    return new Elementwise(function, first, function.constants() > 1 ? in.readFloat() : 0);
  }

  private static Arithmetic.Operation operation(ByteSource in) {
    return ArchitectureFormat.coded(
        in.readByte(), Arithmetic.Operation.values(), Arithmetic.Operation::code, "operation", in);
  }

  private static void write(Interpolation.Side side, ByteSink out) {
    out.writeVarint(side.length());
    out.writeFloats(side.scale());
  }

  private static Interpolation.Side side(ByteSource in) {
    return new Interpolation.Side(in.readVarint(), in.readFloat());
  }

  private static Interpolation.Method method(ByteSource in) {
    return ArchitectureFormat.coded(
        in.readByte(),
        Interpolation.Method.values(),
        Interpolation.Method::code,
        "method of interpolation",
        in);
  }

  private static Interpolation.Coordinates coordinates(ByteSource in) {
    return ArchitectureFormat.coded(
        in.readByte(),
        Interpolation.Coordinates.values(),
        Interpolation.Coordinates::code,
        "coordinates",
        in);
  }

  private static MatrixProduct.Form productForm(ByteSource in) {
    return ArchitectureFormat.coded(
        in.readByte(),
        MatrixProduct.Form.values(),
        MatrixProduct.Form::code,
        "form of a matrix product",
        in);
  }

  private static Softmax.Form softmaxForm(ByteSource in) {
    return ArchitectureFormat.coded(
        in.readByte(), Softmax.Form.values(), Softmax.Form::code, "form of softmax", in);
  }
}
