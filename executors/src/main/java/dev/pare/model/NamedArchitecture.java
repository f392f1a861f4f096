package dev.pare.model;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Pooling;
import dev.pare.graph.Pooling.Pool;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An architecture by its name; what it reads and how many classes it tells apart come from the
 * data.
 *
 * @param name the family
 * @param widths of its layers from input to output, as the family says; empty for one without any,
 *     and for an {@link Name#MLP} that is softmax regression
 * @param sizes whatever else the family lets one choose, all of {@link Name#sizes()}
 */
public record NamedArchitecture(Name name, List<Integer> widths, Map<Size, Integer> sizes)
    implements Serializable {
  private static final float EPSILON = 1e-5f;

  public NamedArchitecture {
    requireNonNull(name, "name is null");
    widths = List.copyOf(widths);
    EnumMap<Size, Integer> ordered = new EnumMap<>(Size.class);
    ordered.putAll(sizes);
    sizes = Collections.unmodifiableMap(ordered);
    if (!sizes.keySet().equals(name.sizes().keySet())) {
      throw new IllegalArgumentException(sizes + ": must be " + name.sizes().keySet());
    }
    for (Map.Entry<Size, Integer> size : sizes.entrySet()) {
      if (size.getValue() < 1) {
        throw new IllegalArgumentException(size + ": must be at least 1");
      }
    }
    Optional<String> problem = widthsProblem(name, widths, sizes);
    if (problem.isPresent()) {
      throw new IllegalArgumentException("widths = " + widths + ": " + problem.get());
    }
  }

  /**
   * What is wrong with widths, in words that follow on them.
   *
   * @param sizes all that the family has
   */
  public static Optional<String> widthsProblem(
      Name name, List<Integer> widths, Map<Size, Integer> sizes) {
    if (widths.size() < name.leastWidths || widths.size() > name.mostWidths) {
      return Optional.of("must be " + name.widthsRule());
    }
    for (int i = 0; i < widths.size(); i++) {
      if (widths.get(i) < 1) {
        return Optional.of("must be at least 1");
      }
      if (name == Name.RESNET && i > 0 && widths.get(i) < widths.get(i - 1)) {
        return Optional.of("must not fall from one to the next");
      }
    }
    if (name == Name.ATTENTION && widths.get(0) % sizes.getOrDefault(Size.HEADS, 1) != 0) {
      return Optional.of("the first must be a multiple of heads, " + sizes.get(Size.HEADS));
    }
    return Optional.empty();
  }

  /** A family with its usual sizes. */
  public NamedArchitecture(Name name, List<Integer> widths) {
    this(name, widths, name.sizes());
  }

  /** A family with its usual widths and sizes. */
  public static NamedArchitecture of(Name name) {
    return new NamedArchitecture(name, name.usualWidths());
  }

  /** A number that some families let one choose. */
  public enum Size {
    /** Residual blocks of each width, or blocks of attention. */
    BLOCKS,
    /** Heads of each self-attention. */
    HEADS,
    /** Side of the square patches that an image is cut into, in pixels. */
    PATCH
  }

  /** The families. */
  public enum Name {
    /** Dense layers with ReLU of any widths. */
    MLP(0, Integer.MAX_VALUE, List.of(), Map.of()),
    /** Dense layers of 300 and 100 units with ReLU (LeCun et al. 1998, with today's activation). */
    LENET_300_100(0, 0, List.of(), Map.of()),
    /**
     * Caffe's variant of LeNet-5: convolutions of 20 and 50 filters of 5×5, each followed by 2×2
     * maximum pooling and no activation, then 500 dense units with ReLU. 431,080 parameters on
     * 28×28 with ten classes.
     */
    LENET_5(0, 0, List.of(), Map.of()),
    /**
     * A residual network as He et al. (2016) have for small images: 3×3 convolutions with batch
     * normalization, for each of the widths so many blocks of two with a shortcut, the image halved
     * from a width to the next, then the mean of each channel. A width is a number of filters, not
     * less than the one before.
     */
    RESNET(1, 16, List.of(16, 32, 64), Map.of(Size.BLOCKS, 1)),
    /** LSTMs of any widths over the rows of an image; the last step decides. */
    LSTM(1, 16, List.of(128), Map.of()),
    /**
     * A small transformer (Vaswani et al. 2017; on patches as Dosovitskiy et al. 2021): patches
     * with learnt positions, blocks of self-attention and two dense layers, each with layer
     * normalization before and a shortcut around it, then the mean over patches. The widths are how
     * many numbers a patch becomes and how many units the hidden layer of a block has.
     */
    ATTENTION(2, 2, List.of(64, 128), Map.of(Size.BLOCKS, 2, Size.HEADS, 4, Size.PATCH, 7));

    private final int leastWidths;
    private final int mostWidths;
    private final List<Integer> usualWidths;
    private final Map<Size, Integer> sizes;

    Name(int leastWidths, int mostWidths, List<Integer> usualWidths, Map<Size, Integer> sizes) {
      this.leastWidths = leastWidths;
      this.mostWidths = mostWidths;
      this.usualWidths = usualWidths;
      this.sizes = sizes;
    }

    /** Widths where none are given. */
    public List<Integer> usualWidths() {
      return usualWidths;
    }

    /** How many widths a network of the family has, in words. */
    private String widthsRule() {
      if (mostWidths == 0) {
        return "left out: this architecture's widths are fixed";
      }
      return "a list of "
          + (leastWidths == mostWidths ? leastWidths : leastWidths + " to " + mostWidths)
          + " whole numbers";
    }

    /** The sizes that can be chosen, with their usual values. */
    public Map<Size, Integer> sizes() {
      return sizes;
    }
  }

  /**
   * The architecture for these data.
   *
   * @param classes at least 1
   * @throws IllegalArgumentException if the input does not suit the layers
   */
  public Architecture resolve(InputShape input, int classes) {
    return resolve(input, classes, Activation.SOFTMAX);
  }

  /**
   * The architecture for these data.
   *
   * @param outputs at least 1
   * @param activation of the outputs
   * @throws IllegalArgumentException if the input does not suit the layers
   */
  public Architecture resolve(InputShape input, int outputs, Activation activation) {
    List<Step> layers = new ArrayList<>();
    switch (name) {
      case MLP -> hidden(layers, widths);
      case LENET_300_100 -> hidden(layers, List.of(300, 100));
      case LENET_5 -> {
        layers.add(new Convolution(20, 5, 1, Activation.IDENTITY));
        layers.add(new Pooling(Pool.MAX, 2, 2));
        layers.add(new Convolution(50, 5, 1, Activation.IDENTITY));
        layers.add(new Pooling(Pool.MAX, 2, 2));
        hidden(layers, List.of(500));
      }
      case RESNET -> residual(layers, square(input, 1));
      case LSTM -> {
        for (int i = 0; i < widths.size(); i++) {
          boolean last = i == widths.size() - 1;
          layers.add(new Lstm(widths.get(i), last ? Lstm.Steps.LAST : Lstm.Steps.ALL));
        }
      }
      case ATTENTION -> attention(layers, square(input, size(Size.PATCH)));
    }
    layers.add(new Dense(outputs, activation));
    return new Architecture(input, layers);
  }

  private int size(Size size) {
    return requireNonNull(sizes.get(size), "size is null");
  }

  /** The side of a square input in pieces of so many pixels. */
  private static int square(InputShape input, int piece) {
    if (input.height() != input.width() || input.height() % piece != 0) {
      throw new IllegalArgumentException(
          "images of "
              + input.height()
              + "×"
              + input.width()
              + (piece == 1 ? " are no squares" : " are no squares of patches of " + piece));
    }
    return input.height() / piece;
  }

  private static void hidden(List<Step> layers, List<Integer> widths) {
    widths.forEach(width -> layers.add(new Dense(width, Activation.RELU)));
  }

  private void residual(List<Step> layers, int side) {
    convolution(layers, widths.get(0), 1);
    layers.add(new BatchNormalization(EPSILON, Activation.RELU));
    int left = side;
    for (int i = 0; i < widths.size(); i++) {
      for (int block = 0; block < size(Size.BLOCKS); block++) {
        int stride = i > 0 && block == 0 ? 2 : 1;
        left = (left - 1) / stride + 1;
        int before = layers.size() - 1;
        convolution(layers, widths.get(i), stride);
        layers.add(new BatchNormalization(EPSILON, Activation.RELU));
        convolution(layers, widths.get(i), 1);
        layers.add(new BatchNormalization(EPSILON, Activation.IDENTITY));
        layers.add(Shortcut.from(before, Activation.RELU));
      }
    }
    layers.add(new Pooling(Pool.AVERAGE, left, left));
  }

  private static void convolution(List<Step> layers, int filters, int stride) {
    layers.add(new Convolution(filters, 3, stride, 1, Activation.IDENTITY));
  }

  private void attention(List<Step> layers, int side) {
    int width = widths.get(0);
    int patch = size(Size.PATCH);
    layers.add(new Convolution(width, patch, patch, Activation.IDENTITY));
    layers.add(new Positions());
    for (int block = 0; block < size(Size.BLOCKS); block++) {
      int before = layers.size() - 1;
      layers.add(new LayerNormalization(EPSILON));
      layers.add(new SelfAttention(size(Size.HEADS)));
      layers.add(Shortcut.from(before, Activation.IDENTITY));
      int between = layers.size() - 1;
      layers.add(new LayerNormalization(EPSILON));
      layers.add(new Convolution(widths.get(1), 1, 1, Activation.RELU));
      layers.add(new Convolution(width, 1, 1, Activation.IDENTITY));
      layers.add(Shortcut.from(between, Activation.IDENTITY));
    }
    layers.add(new LayerNormalization(EPSILON));
    layers.add(new Pooling(Pool.AVERAGE, side, side));
  }
}
