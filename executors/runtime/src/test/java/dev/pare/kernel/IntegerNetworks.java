package dev.pare.kernel;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.ChannelPooling;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.InputShape;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Step;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Networks with activations of 8 bits, which are computed in integers as far as can be. */
public final class IntegerNetworks {
  static final Quantization BYTES = new Quantization(1 / 255f, 0);
  static final Quantization SIGNED = new Quantization(0.031f, 117);
  static final Quantization POSITIVE = new Quantization(0.023f, 0);
  static final Dense OUTPUT = new Dense(4, Activation.SOFTMAX);

  private static Window window(int kernel, int stride, int dilation, int before, int after) {
    return new Window(kernel, stride, dilation, before, after);
  }

  static final Activation RELU = Activation.RELU;

  private IntegerNetworks() {}

  /** Chains of layers in integers. */
  public static Stream<Architecture> chains() {
    InputShape image = new InputShape(3, 9, 8, 255);
    Convolution uneven =
        new Convolution(5, window(3, 2, 1, 1, 0), window(2, 1, 2, 0, 1), Activation.IDENTITY);
    Convolution grouped =
        new Convolution(6, 3, window(3, 1, 1, 1, 1), window(3, 1, 1, 1, 1), Activation.RELU);
    Layer clip = new Elementwise(Elementwise.Function.CLIP, -0.4f, 1.5f);
    return Stream.of(
        new Architecture(
            image,
            List.of(
                BYTES,
                uneven,
                SIGNED,
                new Pooling(Pooling.Pool.MAX, 2, 1),
                new Convolution(6, 3, 1, 1, Activation.RELU),
                POSITIVE,
                new Dense(7, Activation.RELU),
                POSITIVE,
                OUTPUT)),
        new Architecture(
            image,
            List.of(
                BYTES,
                grouped,
                POSITIVE,
                new Convolution(6, 6, window(3, 1, 1, 1, 1), window(3, 1, 1, 1, 1), RELU),
                POSITIVE,
                new Pooling(Pooling.Pool.AVERAGE, 3, 2),
                new Quantization(0.017f, 0),
                new Convolution(4, 1, 1, Activation.IDENTITY),
                clip,
                SIGNED,
                OUTPUT)),
        // Some inputs more than sums in floats are exact for.
        new Architecture(
            new InputShape(3000, 1, 1, 1),
            List.of(new Quantization(0.01f, 128), new Dense(5, RELU), POSITIVE, OUTPUT)),
        new Architecture(
            new InputShape(400, 4, 4, 1),
            List.of(
                new Quantization(0.01f, 128),
                new Convolution(5, 3, 1, 1, Activation.IDENTITY),
                SIGNED,
                OUTPUT)));
  }

  /** Whole weights of 8 bits, and biases. */
  public static List<CompressedTensor> tensors(Architecture architecture, Random random) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      if (!place.isWeight()) {
        float[] biases = new float[place.size()];
        IntStream.range(0, biases.length).forEach(i -> biases[i] = random.nextFloat() - 0.5f);
        tensors.add(new FloatTensor(1, biases.length, biases));
        continue;
      }
      short[] levels = new short[place.size()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (short) (random.nextInt(3) == 0 ? 0 : random.nextInt(255) - 127);
      }
      float[] scales = new float[random.nextBoolean() ? 1 : place.rows()];
      float usual = (float) (0.02 / Math.sqrt(place.columns()));
      IntStream.range(0, scales.length)
          .forEach(i -> scales[i] = usual * (0.5f + random.nextFloat()));
      tensors.add(
          new UniformTensor(new LevelMatrix(place.rows(), place.columns(), levels), scales));
    }
    return tensors;
  }

  /** The same, in their network. */
  public static CompressedNetwork network(Architecture architecture, Random random) {
    return new CompressedNetwork(architecture, tensors(architecture, random));
  }

  /** Features as the architecture reads them. */
  public static float[] features(Architecture architecture, Random random) {
    float[] features = new float[architecture.input().size()];
    for (int i = 0; i < features.length; i++) {
      features[i] =
          architecture.input().divisor() == 1
              ? 2.6f * random.nextFloat() - 1.3f
              : random.nextInt(256);
    }
    return features;
  }

  /** What picks levels, and sums of them, of one scale and of several. */
  public static Stream<Architecture> graphs() {
    InputShape image = new InputShape(4, 6, 5, 255);
    Window three = window(3, 1, 1, 1, 1);
    Layer same = new Convolution(4, three, three, Activation.IDENTITY);
    Layer depthwise = new Convolution(4, 4, three, three, RELU);
    Layer six = new Elementwise(Elementwise.Function.CLIP, 0, 1.9f);
    Interpolation.Side twice = new Interpolation.Side(12, 2);
    Interpolation.Side across = new Interpolation.Side(10, 2);
    return Stream.of(
        // A residual block, with its ReLU and with one of its own; then one that shrinks.
        new Architecture(
            image,
            List.of(
                BYTES,
                same,
                SIGNED,
                Node.of(new Shortcut(RELU), 2, 0),
                POSITIVE,
                depthwise,
                SIGNED,
                Node.of(new Arithmetic(Arithmetic.Operation.ADD), 6, 4),
                six,
                SIGNED,
                new Convolution(6, window(3, 2, 1, 1, 1), window(3, 2, 1, 1, 1), RELU),
                POSITIVE,
                Node.of(new Shortcut(Activation.IDENTITY), 11, 9),
                SIGNED,
                OUTPUT)),
        new Architecture(
            image,
            List.of(
                SIGNED,
                new ZeroPadding(1, 0, 2, 1),
                new Reversal(),
                new ChannelSelection(List.of(2, 0, 3, 3)),
                new Crop(1, 1, 0, 1),
                new Rearrangement(0, 7, 5, 0, List.of(7, 5), List.of(1, 7)),
                Node.of(new Concatenation(), 5, 5),
                new Convolution(3, 2, 1, 0, RELU),
                SIGNED,
                new Interpolation(
                    Interpolation.Method.NEAREST_FLOOR,
                    Interpolation.Coordinates.HALF_PIXEL,
                    twice,
                    across),
                new Pooling(Pooling.Pool.MAX, window(2, 2, 4, 4, 4), window(3, 2, 1, 1, 1)),
                new ChannelPooling(Pooling.Pool.MAX),
                OUTPUT)),
        // Levels of two scales side by side, which are numbers, and of one after another.
        new Architecture(
            image,
            List.of(
                BYTES,
                Node.of(POSITIVE, 0),
                Node.of(new Concatenation(), 0, 1),
                new Convolution(3, 2, 1, 0, RELU),
                POSITIVE,
                Node.of(new Elementwise(Elementwise.Function.RELU, 0, 0), 4),
                Node.of(SIGNED, 5),
                Node.of(new Concatenation(), 4, 6),
                SIGNED,
                new Dense(5, RELU),
                SIGNED)));
  }

  /** Any such layers, one after the other, and joined with earlier ones. */
  public static Architecture random(Random random) {
    InputShape input =
        new InputShape(
            1 + random.nextInt(4),
            5 + random.nextInt(5),
            5 + random.nextInt(5),
            random.nextBoolean() ? 1 : 255);
    List<Step> steps = new ArrayList<>(List.of(quantization(random)));
    int count = 3 + random.nextInt(10);
    while (count-- > 0) {
      add(steps, finished(input, steps), random);
    }
    if (IntegerLayer.levels(finished(input, steps), steps.size() - 1).isEmpty()) {
      steps.add(quantization(random));
    }
    return finished(input, steps);
  }

  private static Architecture finished(InputShape input, List<Step> steps) {
    List<Step> finished = new ArrayList<>(steps);
    finished.add(OUTPUT);
    return new Architecture(input, finished);
  }

  private static Quantization quantization(Random random) {
    return List.of(BYTES, SIGNED, POSITIVE).get(random.nextInt(3));
  }

  private static void add(List<Step> steps, Architecture made, Random random) {
    int last = steps.size() - 1;
    Shape shape = made.outputShape(last);
    int other = random.nextInt(steps.size());
    boolean isOfLevels = IntegerLayer.levels(made, last).isPresent();
    boolean isSame = made.outputShape(other).equals(shape);
    // Sums of products of floats are not the same to the bit in any order.
    switch (isOfLevels ? random.nextInt(9) : 3 + random.nextInt(6)) {
      case 0, 1, 2 -> {
        boolean isDepthwise = random.nextBoolean();
        int filters = isDepthwise ? shape.channels() : 1 + random.nextInt(5);
        steps.add(
            new Convolution(
                filters,
                isDepthwise ? filters : 1,
                window(shape.height(), random),
                window(shape.width(), random),
                random.nextBoolean() ? RELU : Activation.IDENTITY));
        if (random.nextInt(4) == 0) {
          steps.add(new Elementwise(Elementwise.Function.CLIP, -0.3f, 1.1f));
        }
        if (random.nextInt(8) > 0) {
          steps.add(quantization(random));
        }
      }
      case 3 -> {
        boolean isMaximum = random.nextBoolean();
        Window v = window(shape.height(), random);
        Window h = window(shape.width(), random);
        steps.add(new Pooling(isMaximum ? Pooling.Pool.MAX : Pooling.Pool.AVERAGE, v, h));
        if (!isMaximum) {
          steps.add(quantization(random));
        }
      }
      case 4, 5 -> {
        if (isSame && other < last) {
          steps.add(
              Node.of(
                  new Shortcut(random.nextBoolean() ? RELU : Activation.IDENTITY), last, other));
          if (random.nextInt(4) > 0) {
            steps.add(quantization(random));
          }
        }
      }
      case 6 -> {
        if (isSame) {
          steps.add(Node.of(new Concatenation(), last, other));
        }
      }
      case 7 -> steps.add(random.nextBoolean() ? quantization(random) : new Reversal());
      default -> steps.add(new ZeroPadding(random.nextInt(2), 1, random.nextInt(3), 0));
    }
  }

  private static Window window(int side, Random random) {
    int kernel = Math.min(side, 1 + random.nextInt(3));
    int dilation = (kernel - 1) * 2 < side ? 1 + random.nextInt(2) : 1;
    int span = (kernel - 1) * dilation + 1;
    return window(
        kernel, 1 + random.nextInt(2), dilation, random.nextInt(span), random.nextInt(span));
  }
}
