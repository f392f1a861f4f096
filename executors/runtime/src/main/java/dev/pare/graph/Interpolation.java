package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Each channel in another size, as ONNX' {@code Resize} has it: a number of the output is the one
 * nearest to its place in the input, or lies on the line, or the bilinear surface, between its
 * neighbours.
 *
 * @param method what of the neighbours counts
 * @param coordinates where a place of the output is in the input
 * @param vertical along the height
 * @param horizontal along the width
 */
public record Interpolation(Method method, Coordinates coordinates, Side vertical, Side horizontal)
    implements Layer {
  /** What of the neighbours counts. */
  public enum Method {
    /** The one before. */
    FLOOR(0),
    /** The one behind. */
    CEILING(1),
    /** The nearest, of two the one before. */
    NEAREST_FLOOR(2),
    /** The nearest, of two the one behind. */
    NEAREST_CEILING(3),
    /** Both, by how near they are. */
    LINEAR(4);

    private final int code;

    Method(int code) {
      this.code = code;
    }

    /** The number that stands for this method in files; never reused. */
    public int code() {
      return code;
    }
  }

  /** Where the place i of the output is in the input, s being the scale. */
  public enum Coordinates {
    /** i / s. */
    ASYMMETRIC(0),
    /** (i + ½) / s − ½. */
    HALF_PIXEL(1),
    /** The same, but 0 of a single place. */
    PYTORCH_HALF_PIXEL(2),
    /** The first places and the last ones are the same. */
    ALIGN_CORNERS(3);

    private final int code;

    Coordinates(int code) {
      this.code = code;
    }

    /** The number that stands for these in files; never reused. */
    public int code() {
      return code;
    }
  }

  /**
   * How it is along one side.
   *
   * @param length places of the output
   * @param scale how many of them there are for each of the input, but for rounding
   */
  public record Side(int length, float scale) implements Serializable {
    public Side {
      Sizes.atLeastOne("length", length);
      if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException("scale = " + scale + ": must be positive and finite");
      }
    }
  }

  /**
   * The neighbours of each place of the output along one side.
   *
   * @param first the one before, or the only one
   * @param second the one behind, or the only one
   * @param share how much the second counts, the first counting for the rest
   */
  public record Neighbours(int[] first, int[] second, float[] share) {}

  public Interpolation {
    requireNonNull(method, "method is null");
    requireNonNull(coordinates, "coordinates is null");
    requireNonNull(vertical, "vertical is null");
    requireNonNull(horizontal, "horizontal is null");
  }

  /**
   * The neighbours of places in an input of that many places.
   *
   * @param side {@link #vertical} or {@link #horizontal}
   */
  public Neighbours neighbours(Side side, int input) {
    int[] first = new int[side.length()];
    int[] second = new int[first.length];
    float[] share = new float[first.length];
    for (int i = 0; i < first.length; i++) {
      // In single precision, as ONNX Runtime has it: which one is nearest may depend on it.
      float at = coordinate(i, side, input);
      if (method == Method.LINEAR) {
        at = Math.max(0, Math.min(input - 1, at));
        first[i] = (int) at;
        second[i] = Math.min(first[i] + 1, input - 1);
        share[i] = second[i] > first[i] ? at - first[i] : 0;
      } else {
        first[i] = Math.max(0, Math.min(input - 1, nearest(at)));
        second[i] = first[i];
      }
    }
    return new Neighbours(first, second, share);
  }

  private float coordinate(int at, Side side, int input) {
    return switch (coordinates) {
      case ASYMMETRIC -> at / side.scale();
      case HALF_PIXEL -> (at + 0.5f) / side.scale() - 0.5f;
      case PYTORCH_HALF_PIXEL -> side.length() > 1 ? (at + 0.5f) / side.scale() - 0.5f : 0;
      case ALIGN_CORNERS -> side.length() > 1 ? (float) at * (input - 1) / (side.length() - 1) : 0;
    };
  }

  private int nearest(float at) {
    return switch (method) {
      case FLOOR, LINEAR -> (int) Math.floor(at);
      case CEILING -> (int) Math.ceil(at);
      case NEAREST_FLOOR -> (int) Math.ceil(at - 0.5f);
      case NEAREST_CEILING -> (int) Math.floor(at + 0.5f);
    };
  }

  @Override
  public String title() {
    return method == Method.LINEAR ? "linear interpolation" : "nearest neighbours";
  }

  @Override
  public String summary() {
    return title() + " " + vertical.length() + "×" + horizontal.length();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(inputs.get(0).channels(), vertical.length(), horizontal.length());
  }

  @Override
  public boolean picksNumbers() {
    return method != Method.LINEAR;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return OptionalDouble.of(number);
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(0, ExampleCost.SLOW * output.size());
  }
}
