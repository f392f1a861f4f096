package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The numbers of its input in another order or in another shape, or some of them: transposes,
 * reshapes, patches, crops. The output, or each channel of it, is read row-major as a tensor of
 * some sides; one step along a side of it is a step of a fixed length through the input.
 *
 * @param channels of the output; 0 where each channel is rearranged by itself, all alike
 * @param height of the output
 * @param width of the output
 * @param first where the first number is in the input, channel-major, or in its channel
 * @param sides of the tensor, with as many numbers as the output, or as one channel of it
 * @param strides how far it is in the input from one number to the next along each side
 */
public record Rearrangement(
    int channels, int height, int width, int first, List<Integer> sides, List<Integer> strides)
    implements Layer {
  /** Most sides of the tensor. */
  public static final int MOST_SIDES = 16;

  /** Longest stride that files can hold. */
  private static final int MOST_STEP = 1 << 29;

  public Rearrangement {
    sides = List.copyOf(sides);
    strides = List.copyOf(strides);
    Sizes.atLeastOne("height", height);
    Sizes.atLeastOne("width", width);
    if (channels < 0) {
      throw new IllegalArgumentException("channels = " + channels + ": must be at least 0");
    }
    if (sides.size() != strides.size() || sides.size() > MOST_SIDES) {
      throw new IllegalArgumentException(
          "%d sides with %d strides: must be as many, and at most %d"
              .formatted(sides.size(), strides.size(), MOST_SIDES));
    }
    if (first < 0) {
      throw new IllegalArgumentException("first = " + first + ": must be at least 0");
    }
    for (int stride : strides) {
      if (stride > MOST_STEP || stride < -MOST_STEP) {
        throw new IllegalArgumentException("stride = " + stride + ": must be within ±" + MOST_STEP);
      }
    }
    long numbers = 1;
    for (int side : sides) {
      Sizes.atLeastOne("side", side);
      numbers = Math.min(Math.multiplyExact(numbers, side), Integer.MAX_VALUE);
    }
    if (numbers != new Shape(Math.max(1, channels), height, width).size()) {
      throw new IllegalArgumentException(
          "sides %s for %d×%d×%d".formatted(sides, Math.max(1, channels), height, width));
    }
  }

  /** Whether each channel is rearranged by itself. */
  public boolean isWithinChannels() {
    return channels == 0;
  }

  /** Where each number of the output, or of one channel of it, is in the input. */
  public int[] places() {
    int[] places = new int[Math.max(1, channels) * height * width];
    int[] at = new int[sides.size()];
    int place = first;
    for (int i = 0; i < places.length; i++) {
      places[i] = place;
      for (int side = at.length - 1; side >= 0; side--) {
        place += strides.get(side);
        if (++at[side] < sides.get(side)) {
          break;
        }
        place -= strides.get(side) * sides.get(side);
        at[side] = 0;
      }
    }
    return places;
  }

  @Override
  public String title() {
    return "rearrangement";
  }

  @Override
  public String summary() {
    return isWithinChannels()
        ? "rearrangement to %d×%d".formatted(height, width)
        : "rearrangement to %d×%d×%d".formatted(channels, height, width);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    long least = first;
    long most = first;
    for (int i = 0; i < sides.size(); i++) {
      long way = (sides.get(i) - 1L) * strides.get(i);
      least = Math.addExact(least, Math.min(0, way));
      most = Math.addExact(most, Math.max(0, way));
    }
    int numbers = isWithinChannels() ? in.places() : in.size();
    if (least < 0 || most >= numbers) {
      throw new IllegalArgumentException(
          "a rearrangement of the numbers %d to %d of %d".formatted(least, most, numbers));
    }
    return new Shape(isWithinChannels() ? in.channels() : channels, height, width);
  }

  @Override
  public boolean picksNumbers() {
    return true;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return isWithinChannels() ? ChannelFlow.same(inputs, inputs.get(0)) : ChannelFlow.FIXED;
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return isWithinChannels() ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
