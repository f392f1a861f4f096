package dev.pare.graph;

import java.util.ArrayList;
import java.util.List;

/** Small networks that have every kind of layer, in places where it differs from others. */
public final class OperatorSamples {
  private static final Layer OUTPUT = new Dense(4, Activation.SOFTMAX);
  private static final InputShape IMAGE = new InputShape(2, 6, 5, 2);

  private OperatorSamples() {}

  /** All of them. */
  public static List<Architecture> all() {
    List<Architecture> all = new ArrayList<>();
    all.add(depthwise());
    all.add(grouped());
    all.add(dilated());
    all.add(depthwiseMultiplied());
    all.add(projection());
    all.add(inception());
    all.add(squeezeAndExcitation());
    all.add(shuffle());
    all.add(arithmetic());
    all.add(
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(2, 3, 1, 1, Activation.TANH),
                Node.of(new Shortcut(Activation.RELU), 0, Node.NETWORK_INPUT),
                Node.of(new Concatenation(), 1, Node.NETWORK_INPUT),
                OUTPUT)));
    all.add(
        new Architecture(
            new InputShape(2, 4, 3, 1),
            List.of(
                new Gru(5, Lstm.Steps.ALL),
                new Gru(4, Lstm.Steps.LAST),
                new Dense(3, Activation.TANH),
                OUTPUT)));
    all.add(shares());
    all.add(slopes());
    all.add(rearranged());
    all.add(cropped());
    all.addAll(interpolations());
    all.add(decoder());
    all.add(groupedDecoder());
    all.add(groupsOfChannels());
    all.add(pooledChannels());
    all.addAll(tokens());
    all.add(bothDirections());
    all.add(
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(4, 3, 1, 1, Activation.TANH),
                new Crop(1, 2, 0, 3),
                Node.of(new Crop(0, 3, 2, 1), 0),
                new Reversal(),
                Node.of(new Arithmetic(Arithmetic.Operation.MULTIPLY), 1, 3),
                new Convolution(3, 2, 1, Activation.IDENTITY),
                OUTPUT)));
    all.addAll(products());
    all.addAll(endings());
    for (Elementwise function : functions()) {
      all.add(
          new Architecture(
              new InputShape(3, 2, 2, 1),
              List.of(
                  new Convolution(6, 1, 1, Activation.IDENTITY),
                  function,
                  new Dense(5, Activation.IDENTITY),
                  function,
                  OUTPUT)));
    }
    return all;
  }

  /** Activations of 8 bits, which are not differentiable, and thus not among the others. */
  public static Architecture quantized() {
    return new Architecture(
        new InputShape(2, 6, 5, 2),
        List.of(
            new Quantization(0.0041f, 128),
            new Convolution(4, 3, 1, 1, Activation.RELU),
            new Quantization(0.0113f, 0),
            new Pooling(Pooling.Pool.MAX, 2, 1),
            new Convolution(3, 2, 1, Activation.IDENTITY),
            new Quantization(0.0171f, 101),
            new Dense(5, Activation.TANH),
            new Quantization(0.0078f, 128),
            OUTPUT));
  }

  /** Recurrent layers that read a sequence from its first and from its last step on. */
  private static Architecture bothDirections() {
    return new Architecture(
        new InputShape(2, 4, 3, 1),
        List.of(
            new Gru(3, Lstm.Steps.ALL),
            Node.of(new Reversal(), Node.NETWORK_INPUT),
            new Gru(3, Lstm.Steps.ALL),
            new Reversal(),
            Node.of(new Concatenation(), 0, 3),
            new Lstm(4, Lstm.Steps.LAST),
            Node.of(new Reversal(), 4),
            new Lstm(2, Lstm.Steps.LAST),
            Node.of(new Concatenation(), 5, 7),
            OUTPUT));
  }

  /**
   * Networks that read tokens: along a sequence, from one channel of two, of low rank, and beside
   * numbers.
   */
  private static List<Architecture> tokens() {
    return List.of(
        new Architecture(
            new InputShape(1, 5, 1, 1),
            List.of(
                new Embedding(7, 6),
                new Convolution(4, sides(2, 1, 1, 0), Window.POINTS, Activation.TANH),
                new Pooling(Pooling.Pool.AVERAGE, sides(5, 5, 0, 0), Window.POINTS),
                OUTPUT)),
        new Architecture(
            new InputShape(2, 2, 3, 1),
            List.of(
                ChannelSelection.range(1, 1),
                new Embedding(5, 3),
                Node.of(new Embedding(6, 4), Node.NETWORK_INPUT),
                new Gru(3, Lstm.Steps.ALL),
                Node.of(new ChannelSelection(List.of(2, 0)), 1),
                new Dense(3, Activation.TANH),
                Node.of(new Dense(3, Activation.IDENTITY), 3),
                Node.of(new Shortcut(Activation.RELU), 6, 5),
                OUTPUT)),
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                new Factored(new Embedding(7, 5), List.of(2), Factored.SparseResidual.PRESENT),
                OUTPUT)),
        new Architecture(
            new InputShape(5, 1, 1, 1),
            List.of(
                ChannelSelection.range(0, 2),
                new Embedding(4, 3),
                new Dense(4, Activation.TANH),
                Node.of(ChannelSelection.range(2, 3), Node.NETWORK_INPUT),
                Node.of(new Concatenation(), 2, 3),
                OUTPUT)));
  }

  /**
   * What a network may read.
   *
   * @param numbers from −1 to 1: what it reads unless that must be tokens
   */
  public static double[] input(Architecture architecture, double[] numbers) {
    int[] vocabularies = architecture.vocabularies();
    double[] input = numbers.clone();
    for (int i = 0; i < input.length; i++) {
      int tokens = vocabularies[i % vocabularies.length];
      input[i] = tokens == 0 ? numbers[i] : Math.floor(Math.abs(numbers[i]) * tokens);
    }
    return input;
  }

  /** Every function, with constants that make all its parts matter. */
  public static List<Elementwise> functions() {
    return List.of(
        Elementwise.of(Elementwise.Function.RELU),
        new Elementwise(Elementwise.Function.CLIP, -0.2f, 0.3f),
        new Elementwise(Elementwise.Function.LEAKY_RELU, 0.3f, 0),
        new Elementwise(Elementwise.Function.ELU, 0.7f, 0),
        Elementwise.of(Elementwise.Function.SELU),
        Elementwise.of(Elementwise.Function.SIGMOID),
        new Elementwise(Elementwise.Function.HARD_SIGMOID, 0.9f, 0.4f),
        Elementwise.of(Elementwise.Function.TANH),
        Elementwise.of(Elementwise.Function.SOFTPLUS),
        Elementwise.of(Elementwise.Function.SILU),
        Elementwise.of(Elementwise.Function.HARD_SWISH),
        Elementwise.of(Elementwise.Function.GELU),
        Elementwise.of(Elementwise.Function.GELU_TANH),
        new Elementwise(Elementwise.Function.AFFINE, -0.6f, 0.1f),
        Elementwise.of(Elementwise.Function.SQUARE),
        Elementwise.of(Elementwise.Function.ABSOLUTE));
  }

  /** As MobileNets have them: a stride of two, and uneven padding. */
  public static Architecture depthwise() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.RELU),
            new Convolution(4, 4, sides(3, 1, 1, 1), sides(3, 1, 1, 1), Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.TANH),
            new Convolution(6, 1, 1, Activation.IDENTITY),
            new Convolution(6, 6, sides(3, 2, 0, 1), sides(3, 2, 1, 1), Activation.SIGMOID),
            new Convolution(3, 1, 1, Activation.IDENTITY),
            OUTPUT));
  }

  /** Two filters a channel, and groups of several. */
  private static Architecture grouped() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 2, sides(2, 1, 0, 1), sides(3, 1, 2, 0), Activation.TANH),
            new Convolution(6, 2, sides(3, 1, 1, 1), sides(1, 1, 0, 0), Activation.IDENTITY),
            new Pooling(Pooling.Pool.AVERAGE, sides(3, 2, 1, 1), sides(2, 1, 0, 1)),
            new Convolution(6, 3, Window.POINTS, Window.POINTS, Activation.RELU),
            OUTPUT));
  }

  /** Several filters a channel, strides that leave out rows and columns, and dilation. */
  private static Architecture depthwiseMultiplied() {
    return new Architecture(
        new InputShape(2, 9, 8, 1),
        List.of(
            new Convolution(
                4, 2, new Window(2, 2, 3, 2, 1), new Window(3, 1, 2, 1, 2), Activation.TANH),
            new Convolution(8, 4, sides(1, 2, 0, 0), sides(2, 3, 0, 1), Activation.IDENTITY),
            OUTPUT));
  }

  private static Architecture dilated() {
    return new Architecture(
        new InputShape(1, 9, 8, 1),
        List.of(
            new Convolution(3, new Window(3, 1, 2, 2, 1), sides(2, 1, 0, 0), Activation.TANH),
            new Convolution(3, sides(3, 1, 0, 2), new Window(3, 1, 2, 1, 2), Activation.TANH),
            new Pooling(Pooling.Pool.MAX, new Window(2, 2, 2, 1, 0), sides(3, 2, 1, 0)),
            OUTPUT));
  }

  private static Window sides(int kernel, int stride, int before, int after) {
    return new Window(kernel, stride, 1, before, after);
  }

  /** A block that halves the image, with a convolution beside it. */
  public static Architecture projection() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(3, 3, 1, 1, Activation.TANH),
            new Convolution(4, 3, 2, 1, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.RELU),
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.IDENTITY),
            Node.of(new Convolution(4, 1, 2, Activation.IDENTITY), 0),
            new BatchNormalization(1e-2f, Activation.IDENTITY),
            Node.of(new Shortcut(Activation.RELU), 4, 6),
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            Node.of(new Shortcut(Activation.IDENTITY), 7, 8),
            OUTPUT));
  }

  /** Branches side by side, one of which is all there is of another. */
  public static Architecture inception() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(3, 1, 1, Activation.TANH),
            Node.of(new Convolution(2, 3, 1, 1, Activation.RELU), 0),
            Node.of(new Pooling(Pooling.Pool.MAX, sides(3, 1, 1, 1), sides(3, 1, 1, 1)), 0),
            Node.of(new Convolution(2, 1, 1, Activation.TANH), Node.NETWORK_INPUT),
            Node.of(new Concatenation(), 1, 2, 0, 3),
            new Convolution(3, 3, 2, Activation.IDENTITY),
            OUTPUT));
  }

  private static Architecture squeezeAndExcitation() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 3, 1, 1, Activation.TANH),
            new Pooling(Pooling.Pool.AVERAGE, sides(6, 6, 0, 0), sides(5, 5, 0, 0)),
            new Convolution(2, 1, 1, Activation.RELU),
            new Convolution(4, 1, 1, Activation.IDENTITY),
            new Elementwise(Elementwise.Function.HARD_SIGMOID, 1f / 6, 0.5f),
            Node.of(new Arithmetic(Arithmetic.Operation.MULTIPLY), 4, 0),
            OUTPUT));
  }

  /**
   * Attention of its parts: heads that share keys and values, causal; products of what is read
   * twice, and of the input; masks of rows, of places and of vectors.
   */
  private static List<Architecture> products() {
    Layer plain = new MatrixProduct(MatrixProduct.Form.PLAIN);
    Layer transposed = new MatrixProduct(MatrixProduct.Form.TRANSPOSED);
    Softmax shares = new Softmax(Softmax.Form.SHARES);
    boolean[] causal = new boolean[25];
    boolean[] band = new boolean[20];
    for (int i = 0; i < causal.length; i++) {
      causal[i] = i % 5 > i / 5;
    }
    for (int i = 0; i < band.length; i++) {
      band[i] = Math.abs(i % 3 - i / 3) == 1 || i == 19;
    }
    return List.of(
        new Architecture(
            new InputShape(3, 2, 5, 1),
            List.of(
                new Convolution(4, 1, 1, Activation.TANH),
                Node.of(new Convolution(4, 2, 1, Activation.IDENTITY), Node.NETWORK_INPUT),
                new ZeroPadding(0, 0, 0, 1),
                Node.of(transposed, 0, 2),
                Mask.of(Mask.Effect.SHIFTED, -1e9f, causal),
                shares,
                Node.of(plain, 5, 2),
                OUTPUT)),
        new Architecture(
            new InputShape(4, 1, 3, 1),
            List.of(
                new Convolution(4, 1, 1, Activation.TANH),
                Node.of(transposed, 0, 0),
                Mask.of(Mask.Effect.REPLACED, -0.5f, new boolean[] {true, false, true}),
                Node.of(transposed, Node.NETWORK_INPUT, 0),
                Node.of(plain, 2, 3),
                Mask.of(
                    Mask.Effect.REPLACED,
                    0,
                    new boolean[] {false, true, true, true, false, false, true, true, true}),
                new Dense(20, Activation.IDENTITY),
                Mask.of(Mask.Effect.SHIFTED, 0.25f, band),
                OUTPUT)),
        new Architecture(
            new InputShape(2, 1, 4, 1),
            List.of(
                new Convolution(3, 1, 1, Activation.TANH),
                Node.of(new Convolution(6, 1, 1, Activation.TANH), Node.NETWORK_INPUT),
                new Rearrangement(3, 2, 4, 0, List.of(3, 2, 4), List.of(8, 4, 1)),
                Node.of(transposed, 0, 2),
                shares,
                OUTPUT)));
  }

  /** Softmax and its logarithm, of places and of vectors. */
  private static Architecture shares() {
    Layer shares = new Softmax(Softmax.Form.SHARES);
    Layer logarithms = new Softmax(Softmax.Form.LOGARITHMS);
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(3, 3, 1, 1, Activation.IDENTITY),
            shares,
            new Convolution(4, 3, 2, 1, Activation.TANH),
            logarithms,
            new Dense(5, Activation.IDENTITY),
            logarithms,
            new Dense(3, Activation.IDENTITY),
            shares,
            OUTPUT));
  }

  /** Learnt ones, of channels and of units. */
  private static Architecture slopes() {
    return new Architecture(
        IMAGE,
        List.of(
            new Prelu(),
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            new Prelu(),
            new Convolution(3, 3, 2, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.IDENTITY),
            new Prelu(),
            new Dense(5, Activation.IDENTITY),
            new Prelu(),
            OUTPUT));
  }

  /** Attention to places by what all channels are there (Woo et al. 2018), and to units. */
  private static Architecture pooledChannels() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(3, 3, 1, 1, Activation.TANH),
            Node.of(new ChannelPooling(Pooling.Pool.AVERAGE), 0),
            Node.of(new ChannelPooling(Pooling.Pool.MAX), 0),
            Node.of(new Concatenation(), 1, 2),
            new Convolution(1, 3, 1, 1, Activation.SIGMOID),
            Node.of(new Arithmetic(Arithmetic.Operation.MULTIPLY), 4, 0),
            new Dense(5, Activation.TANH),
            new ChannelPooling(Pooling.Pool.MAX),
            Node.of(new Arithmetic(Arithmetic.Operation.SUBTRACT), 6, 7),
            OUTPUT));
  }

  /** Group and instance normalization, of places and of units. */
  private static Architecture groupsOfChannels() {
    return new Architecture(
        IMAGE,
        List.of(
            new GroupNormalization(1, 1e-2f),
            new Convolution(6, 3, 1, 1, Activation.TANH),
            new GroupNormalization(2, 1e-2f),
            new Convolution(4, 3, 2, 1, Activation.IDENTITY),
            new GroupNormalization(0, 1e-2f),
            Elementwise.of(Elementwise.Function.TANH),
            new Convolution(3, 1, 1, Activation.IDENTITY),
            new GroupNormalization(1, 1e-2f),
            new Dense(6, Activation.IDENTITY),
            new GroupNormalization(3, 1e-2f),
            OUTPUT));
  }

  /** Transposed convolutions, cut off unevenly, with gaps and with rows that nothing reaches. */
  public static Architecture decoder() {
    return new Architecture(
        new InputShape(2, 3, 4, 2),
        List.of(
            new TransposedConvolution(
                4, 1, sides(3, 2, 1, 0), sides(2, 2, 0, 0), 1, 0, Activation.TANH),
            new TransposedConvolution(
                3,
                1,
                new Window(2, 1, 2, 0, 2),
                new Window(2, 3, 2, 1, 0),
                0,
                2,
                Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.SIGMOID),
            new Convolution(2, 3, 2, 1, Activation.RELU),
            OUTPUT));
  }

  /** In groups of one channel and of several. */
  private static Architecture groupedDecoder() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 3, 2, 1, Activation.TANH),
            new TransposedConvolution(
                8, 4, sides(3, 2, 1, 1), sides(3, 2, 1, 1), 1, 0, Activation.TANH),
            new TransposedConvolution(
                2, 2, sides(2, 1, 0, 1), sides(3, 1, 1, 1), 0, 0, Activation.IDENTITY),
            OUTPUT));
  }

  /** All methods and coordinates, to larger sides and to smaller ones. */
  private static List<Architecture> interpolations() {
    List<Architecture> all = new ArrayList<>();
    for (Interpolation.Method method : Interpolation.Method.values()) {
      for (Interpolation.Coordinates coordinates : Interpolation.Coordinates.values()) {
        all.add(
            new Architecture(
                new InputShape(2, 3, 4, 2),
                List.of(
                    new Convolution(3, 1, 1, Activation.TANH),
                    new Interpolation(method, coordinates, side(6, 2), side(3, 0.75f)),
                    new Convolution(2, 2, 2, Activation.TANH),
                    new Interpolation(method, coordinates, side(4, 1.5f), side(1, 1)),
                    new Dense(3, Activation.SOFTMAX))));
      }
    }
    return all;
  }

  private static Interpolation.Side side(int length, float scale) {
    return new Interpolation.Side(length, scale);
  }

  /** Places as channels, and places and channels in patches. */
  private static Architecture rearranged() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 3, 1, 1, Activation.TANH),
            new Rearrangement(30, 4, 1, 0, List.of(30, 4), List.of(1, 30)),
            new Convolution(6, 1, 1, Activation.TANH),
            new Rearrangement(2, 4, 3, 23, List.of(2, 3, 4), List.of(-12, -4, -1)),
            new Convolution(2, 2, 1, Activation.IDENTITY),
            OUTPUT));
  }

  /** Of each channel all but an edge, and every second row; then its rows side by side. */
  public static Architecture cropped() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(4, 1, 1, Activation.SIGMOID),
            new Rearrangement(0, 3, 4, 6, List.of(3, 4), List.of(10, 1)),
            new Convolution(3, 2, 1, 1, Activation.TANH),
            new Rearrangement(0, 20, 1, 0, List.of(20), List.of(1)),
            OUTPUT));
  }

  /** Networks that do not end with a dense layer. */
  public static List<Architecture> endings() {
    Window high = sides(6, 6, 0, 0);
    Window wide = sides(5, 5, 0, 0);
    return List.of(
        // As SqueezeNet: its classes are channels.
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(3, 3, 1, 1, Activation.TANH),
                new Convolution(4, 1, 1, Activation.RELU),
                new Pooling(Pooling.Pool.AVERAGE, high, wide))),
        new Architecture(
            IMAGE,
            List.of(
                new Convolution(3, high, wide, Activation.TANH),
                new Convolution(4, 1, 1, Activation.IDENTITY))),
        new Architecture(
            IMAGE,
            List.of(
                new Dense(4, Activation.TANH),
                new Dense(4, Activation.IDENTITY),
                Node.of(new Shortcut(Activation.IDENTITY), 1, 0))),
        new Architecture(
            IMAGE,
            List.of(
                new Dense(2, Activation.TANH),
                Node.of(new Dense(2, Activation.IDENTITY), 0),
                Node.of(new Dense(2, Activation.IDENTITY), 0),
                Node.of(new Concatenation(), 2, 1),
                new BatchNormalization(1e-2f, Activation.IDENTITY))));
  }

  /** A split, one half of which is left as it is, and a shuffle behind. */
  public static Architecture shuffle() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(6, 1, 1, Activation.TANH),
            ChannelSelection.range(0, 3),
            Node.of(ChannelSelection.range(3, 3), 0),
            new Convolution(3, 1, 1, Activation.TANH),
            Node.of(new Concatenation(), 1, 3),
            new ChannelSelection(List.of(0, 3, 1, 4, 2, 5)),
            new ZeroPadding(1, 0, 0, 2),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            OUTPUT));
  }

  /** Everything with everything, repeated along sides. */
  private static Architecture arithmetic() {
    return new Architecture(
        IMAGE,
        List.of(
            new Convolution(3, 3, 1, 1, Activation.TANH),
            Node.of(new Pooling(Pooling.Pool.AVERAGE, sides(6, 6, 0, 0), sides(1, 1, 0, 0)), 0),
            Node.of(new Arithmetic(Arithmetic.Operation.SUBTRACT), 0, 1),
            Node.of(new Convolution(1, 1, 1, Activation.SIGMOID), 0),
            new Elementwise(Elementwise.Function.AFFINE, 1, 0.5f),
            Node.of(new Arithmetic(Arithmetic.Operation.DIVIDE), 2, 4),
            Node.of(new Arithmetic(Arithmetic.Operation.ADD), 5, 5),
            Node.of(new Arithmetic(Arithmetic.Operation.MULTIPLY), 6, 0),
            OUTPUT));
  }
}
