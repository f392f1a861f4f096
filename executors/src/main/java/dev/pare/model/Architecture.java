package dev.pare.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A network: its input and its layers, a chain in which shortcuts may add what an earlier layer
 * said. The last layer is dense: with a softmax, one unit a class, or with another activation, one
 * unit for each number of what the network says.
 *
 * @param input what it reads
 * @param layers from input to output, at least one
 */
public record Architecture(InputShape input, List<Layer> layers) implements Serializable {
  /** Most parameters a network may have: they live in one Java array. */
  static final long MOST_PARAMETERS = Integer.MAX_VALUE - 64;

  /** Most layers a network may have. */
  public static final int MOST_LAYERS = 4096;

  /** Most parameters of layers that are held as products: a GiB where they are put together. */
  private static final long MOST_PUT_TOGETHER = 1 << 28;

  public Architecture {
    requireNonNull(input, "input is null");
    layers = List.copyOf(layers);
    if (layers.isEmpty() || !(layers.get(layers.size() - 1).whole() instanceof Layer.Dense)) {
      throw new IllegalArgumentException("the last layer must be dense: " + last(layers));
    }
    if (layers.size() > MOST_LAYERS) {
      throw new IllegalArgumentException(layers.size() + " layers: must be at most " + MOST_LAYERS);
    }
    for (int i = 0; i < layers.size() - 1; i++) {
      if (activation(layers.get(i).whole()) == Activation.SOFTMAX) {
        throw new IllegalArgumentException(
            "layer " + i + ": softmax is the last layer's activation alone");
      }
    }
    // First, as a window that fits has no more numbers than the shape it is laid on.
    List<Shape> shapes = LayerShapes.of(input, layers);
    long parameters = 0;
    long putTogether = 0;
    ExampleCost cost = ExampleCost.of(input);
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Layer.Stock stock) {
        StockLayers.check(stock, shapes.get(i), i);
      }
      cost = cost.plus(ExampleCost.of(layers.get(i), shapes.get(i), shapes.get(i + 1)));
      cost.check(i);
      if (layers.get(i) instanceof Layer.Factored factored) {
        for (Layer.Parameter whole : LayerTensors.of(factored.inner(), shapes.get(i))) {
          putTogether += whole.size();
        }
        if (putTogether > MOST_PUT_TOGETHER) {
          throw new IllegalArgumentException(
              "layer %d: factored layers of more than %d parameters as put together"
                  .formatted(i, MOST_PUT_TOGETHER));
        }
      }
      for (Layer.Parameter parameter : LayerTensors.of(layers.get(i), shapes.get(i))) {
        parameters += parameter.size();
      }
      if (parameters > MOST_PARAMETERS) {
        throw tooManyParameters();
      }
    }
  }

  private static String last(List<Layer> layers) {
    if (layers.isEmpty()) {
      return "there is none";
    }
    int index = layers.size() - 1;
    Layer last = layers.get(index);
    return "layer "
        + index
        + " is "
        + (last.kind() == Layer.Kind.STOCK ? "one that DL4J runs" : last);
  }

  private static Activation activation(Layer layer) {
    return switch (layer.kind()) {
      case DENSE -> ((Layer.Dense) layer).activation();
      case CONVOLUTION -> ((Layer.Convolution) layer).activation();
      case BATCH_NORMALIZATION -> ((Layer.BatchNormalization) layer).activation();
      case SHORTCUT -> ((Layer.Shortcut) layer).activation();
      case POOLING,
              LSTM,
              POSITIONS,
              LAYER_NORMALIZATION,
              SELF_ATTENTION,
              SPARSE_ACTIVATION,
              FACTORED,
              STOCK ->
          Activation.IDENTITY;
    };
  }

  static IllegalArgumentException tooManyParameters() {
    return new IllegalArgumentException("more than " + MOST_PARAMETERS + " parameters");
  }

  /** Channels, height and width of what flows between layers. */
  public record Shape(int channels, int height, int width) implements Serializable {
    public Shape {
      if ((long) channels * height > Integer.MAX_VALUE / width) {
        throw new IllegalArgumentException(
            "a shape of " + channels + "×" + height + "×" + width + ": more than 2³¹ − 1 numbers");
      }
    }

    /** How many numbers that is. */
    public int size() {
      return channels * height * width;
    }

    /** Whether it has a single place, as vectors do. */
    boolean isPoint() {
      return height == 1 && width == 1;
    }
  }

  /**
   * The shapes between layers: element {@code i} is what layer {@code i} reads, the last one the
   * output.
   */
  public List<Shape> shapes() {
    return LayerShapes.of(input, layers);
  }

  /**
   * From how many rows and columns of its source's output a shortcut takes one.
   *
   * @param shortcut index of a shortcut
   */
  public int shortcutStride(int shortcut) {
    List<Shape> shapes = shapes();
    int from = ((Layer.Shortcut) layers.get(shortcut)).from();
    return LayerShapes.shortcutStride(shapes.get(from + 1), shapes.get(shortcut));
  }

  /** Whether a shortcut starts from the output of a layer. */
  public boolean isShortcutSource(int layer) {
    return layers.stream()
        .anyMatch(other -> other instanceof Layer.Shortcut s && s.from() == layer);
  }

  /** Activation of the last layer. */
  public Activation output() {
    return ((Layer.Dense) layers.get(layers.size() - 1).whole()).activation();
  }

  /** How many outputs it has: the classes that it tells apart, or the numbers that it says. */
  public int classes() {
    return ((Layer.Dense) layers.get(layers.size() - 1).whole()).units();
  }

  /**
   * The map of the flat parameters: for each layer that has any, its weights, then its bias, or its
   * normalization's factor, summand, mean and variance.
   */
  public List<ParameterTensor> tensors() {
    List<ParameterTensor> tensors = new ArrayList<>();
    List<Shape> shapes = shapes();
    int offset = 0;
    for (int i = 0; i < layers.size(); i++) {
      for (Layer.Parameter p : LayerTensors.of(layers.get(i), shapes.get(i))) {
        String name = i + "_" + p.name();
        tensors.add(new ParameterTensor(name, p.role(), i, offset, p.rows(), p.columns()));
        offset += p.size();
      }
    }
    return List.copyOf(tensors);
  }

  /**
   * How often a weight is multiplied for one example: a convolution's and attention's at each
   * place, its padding included, an LSTM's at each step.
   *
   * @param weight a tensor of weights
   */
  public long uses(ParameterTensor weight) {
    List<Shape> shapes = shapes();
    int layer = weight.layer();
    return uses(layers.get(layer).whole(), shapes.get(layer), shapes.get(layer + 1));
  }

  /** How often each weight of a layer is multiplied for one example. */
  static long uses(Layer layer, Shape in, Shape out) {
    return switch (layer.kind()) {
      case DENSE -> 1;
      case LSTM -> in.height();
      case CONVOLUTION, SELF_ATTENTION, STOCK -> (long) out.height() * out.width();
      case POOLING,
              BATCH_NORMALIZATION,
              SHORTCUT,
              POSITIONS,
              LAYER_NORMALIZATION,
              SPARSE_ACTIVATION,
              FACTORED ->
          throw new IllegalArgumentException("no weights: " + layer);
    };
  }

  /** Multiplications of weights, each with an addition, on one example's way through. */
  public long multiplyAdds() {
    long all = 0;
    for (ParameterTensor tensor : tensors()) {
      if (tensor.role() == ParameterTensor.Role.WEIGHT) {
        all += uses(tensor) * tensor.size();
      }
    }
    return all;
  }

  /** Whether a tensor is the U of a factored layer's product, which reads what V has made. */
  public boolean isLeftFactor(ParameterTensor tensor) {
    return layers.get(tensor.layer()).kind() == Layer.Kind.FACTORED
        && tensor.name().endsWith(LayerTensors.LEFT);
  }

  /**
   * Whether a tensor is what a factored layer adds to a product: weights of which most are zero,
   * and which stay so.
   */
  public boolean isRemainder(ParameterTensor tensor) {
    return layers.get(tensor.layer()).kind() == Layer.Kind.FACTORED
        && tensor.name().endsWith(LayerTensors.REMAINDER);
  }

  /** How many parameters it has, biases included. */
  public int parameters() {
    List<ParameterTensor> tensors = tensors();
    return tensors.get(tensors.size() - 1).end();
  }
}
