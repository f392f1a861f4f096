package dev.pare.graph;

import java.io.Serializable;
import java.util.List;

/**
 * What one example takes on its way through a network, counted before anything is allocated for it,
 * so that no network runs that a few bytes of a file make larger than any machine.
 *
 * @param numbers in the buffers of all layers, of 4 bytes each
 * @param operations multiply-adds of matrix products, and all else that takes time as such
 */
public record ExampleCost(double numbers, double operations) implements Serializable {
  /** Nothing. */
  public static final ExampleCost NONE = new ExampleCost(0, 0);

  /** Half of it is a ResNet-50 on images of 224×224; 256 MiB. */
  private static final double MOST_NUMBERS = 1 << 26;

  /** Twice a VGG-16 on images of 224×224. */
  private static final double MOST_OPERATIONS = 1L << 35;

  /** Multiply-adds of a matrix product in the time of one number in another loop. */
  public static final double SLOW = 64;

  /** Numbers in the room of one that is a row of its own, as attention has them. */
  static final double ROW = 8;

  /** Examples whose largest numbers a sparse activation finds at once, though there be only one. */
  static final double TOP_K_BLOCK = 16;

  static ExampleCost of(InputShape input) {
    return new ExampleCost(input.size(), 0);
  }

  /** Of a layer, by what it reads and what it makes of it. */
  static ExampleCost of(Layer layer, List<Shape> inputs, Shape output) {
    return new ExampleCost(output.size(), multiplyAdds(layer.whole(), inputs, output))
        .plus(layer.extraCost(inputs, output));
  }

  private static double multiplyAdds(Layer layer, List<Shape> inputs, Shape output) {
    double all = 0;
    for (Parameter parameter : layer.parameters(inputs)) {
      if (parameter.role().isWeight()) {
        all += (double) parameter.size() * layer.uses(inputs, output);
      }
    }
    return all;
  }

  public ExampleCost plus(ExampleCost other) {
    return new ExampleCost(numbers + other.numbers, operations + other.operations);
  }

  /**
   * @param layer the last one that is counted
   * @throws IllegalArgumentException if it is too much
   */
  public void check(int layer) {
    check(layer, "numbers", numbers, MOST_NUMBERS);
    check(layer, "operations", operations, MOST_OPERATIONS);
  }

  private static void check(int layer, String what, double count, double most) {
    if (!(count <= most)) {
      throw new IllegalArgumentException(
          "layer %d: up to here an example takes %.3g %s, at most %.3g are possible"
              .formatted(layer, count, what, most));
    }
  }
}
