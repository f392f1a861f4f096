package dev.pare.model;

import static java.util.Objects.requireNonNull;

import dev.pare.model.ParameterTensor.Role;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A feed-forward classifier: its input and its layers. The last layer is dense with a softmax, one
 * unit a class.
 *
 * @param input what it reads
 * @param layers from input to output, at least one
 */
public record Architecture(InputShape input, List<Layer> layers) implements Serializable {
  /** Most parameters a network may have: they live in one Java array. */
  private static final long MOST_PARAMETERS = Integer.MAX_VALUE - 64;

  /** Batch normalization's tensors in order, with DL4J's names. */
  private static final Map<Role, String> NORMALIZATION =
      new EnumMap<>(
          Map.of(Role.GAMMA, "gamma", Role.BETA, "beta", Role.MEAN, "mean", Role.VARIANCE, "var"));

  public Architecture {
    requireNonNull(input, "input is null");
    layers = List.copyOf(layers);
    if (layers.isEmpty()
        || !(layers.get(layers.size() - 1) instanceof Layer.Dense output)
        || output.activation() != Activation.SOFTMAX) {
      throw new IllegalArgumentException("the last layer must be dense with softmax: " + layers);
    }
    long parameters = 0;
    Shape shape = new Shape(input.channels(), input.height(), input.width());
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      // First, as a window that fits has no more numbers than the shape it is laid on.
      Shape next = shape.through(layer, i);
      parameters += weightRows(layer) * ((long) weightColumns(layer, shape) + 1);
      if (layer.kind() == Layer.Kind.BATCH_NORMALIZATION) {
        parameters += (long) NORMALIZATION.size() * shape.channels();
      }
      if (layer instanceof Layer.Stock stock) {
        parameters += stock.parameters().stream().mapToLong(Layer.Parameter::size).sum();
      }
      if (parameters > MOST_PARAMETERS) {
        throw new IllegalArgumentException("more than " + MOST_PARAMETERS + " parameters");
      }
      shape = next;
    }
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

    Shape through(Layer layer, int index) {
      return switch (layer.kind()) {
        case DENSE -> new Shape(((Layer.Dense) layer).units(), 1, 1);
        case CONVOLUTION -> {
          Layer.Convolution c = (Layer.Convolution) layer;
          yield windowed(c.filters(), c.kernel(), c.stride(), index);
        }
        case BATCH_NORMALIZATION -> this;
        case STOCK -> ((Layer.Stock) layer).output();
        case POOLING -> {
          Layer.Pooling p = (Layer.Pooling) layer;
          yield windowed(channels, p.window(), p.stride(), index);
        }
      };
    }

    private Shape windowed(int outputs, int window, int stride, int index) {
      if (window > height || window > width) {
        throw new IllegalArgumentException(
            "layer " + index + ": a window of " + window + " does not fit " + height + "×" + width);
      }
      return new Shape(outputs, (height - window) / stride + 1, (width - window) / stride + 1);
    }
  }

  /**
   * The shapes between layers: element {@code i} is what layer {@code i} reads, the last one the
   * output.
   */
  public List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>(layers.size() + 1);
    shapes.add(new Shape(input.channels(), input.height(), input.width()));
    for (int i = 0; i < layers.size(); i++) {
      shapes.add(shapes.get(i).through(layers.get(i), i));
    }
    return List.copyOf(shapes);
  }

  /** How many classes it tells apart. */
  public int classes() {
    return ((Layer.Dense) layers.get(layers.size() - 1)).units();
  }

  /**
   * The map of the flat parameters: for each layer that has any, its weight, then its bias, or
   * batch normalization's factor, summand, mean and variance.
   */
  public List<ParameterTensor> tensors() {
    List<ParameterTensor> tensors = new ArrayList<>();
    List<Shape> shapes = shapes();
    int offset = 0;
    for (int i = 0; i < layers.size(); i++) {
      int rows = weightRows(layers.get(i));
      if (rows > 0) {
        int columns = weightColumns(layers.get(i), shapes.get(i));
        tensors.add(new ParameterTensor(i + "_W", Role.WEIGHT, i, offset, rows, columns));
        offset += rows * columns;
        tensors.add(new ParameterTensor(i + "_b", Role.BIAS, i, offset, 1, rows));
        offset += rows;
      }
      if (layers.get(i) instanceof Layer.Stock stock) {
        for (Layer.Parameter p : stock.parameters()) {
          String name = i + "_" + p.name();
          tensors.add(new ParameterTensor(name, p.role(), i, offset, p.rows(), p.columns()));
          offset += p.size();
        }
      }
      if (layers.get(i).kind() == Layer.Kind.BATCH_NORMALIZATION) {
        int channels = shapes.get(i).channels();
        for (Map.Entry<Role, String> part : NORMALIZATION.entrySet()) {
          String name = i + "_" + part.getValue();
          tensors.add(new ParameterTensor(name, part.getKey(), i, offset, 1, channels));
          offset += channels;
        }
      }
    }
    return List.copyOf(tensors);
  }

  /** How many parameters it has, biases included. */
  public int parameters() {
    List<ParameterTensor> tensors = tensors();
    return tensors.get(tensors.size() - 1).end();
  }

  private static int weightRows(Layer layer) {
    return switch (layer.kind()) {
      case DENSE -> ((Layer.Dense) layer).units();
      case CONVOLUTION -> ((Layer.Convolution) layer).filters();
      case POOLING, BATCH_NORMALIZATION, STOCK -> 0;
    };
  }

  private static int weightColumns(Layer layer, Shape shape) {
    return switch (layer.kind()) {
      case DENSE -> shape.size();
      case CONVOLUTION -> {
        int kernel = ((Layer.Convolution) layer).kernel();
        yield shape.channels() * kernel * kernel;
      }
      case POOLING, BATCH_NORMALIZATION, STOCK -> 0;
    };
  }
}
