package dev.pare.structure;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual blocks of a network that can be taken out as a whole (Veit, Wilber and Belongie
 * 2016): what stands between a layer and the shortcut that adds its output.
 *
 * <p>A block can go if its shortcut changes nothing when it has nothing to add to: shapes before
 * and after are equal, and its activation is none, or a ReLU of what is not negative already. No
 * other shortcut may end within it or start from within it.
 */
public final class ResidualBlocks {
  private ResidualBlocks() {}

  /**
   * A block.
   *
   * @param source layer whose output its first layer reads and its shortcut adds
   * @param shortcut its last layer
   */
  public record Block(int source, int shortcut) {}

  /** The blocks that can go, from the input on. None has a layer in common with another. */
  public static List<Block> removable(Architecture architecture) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < architecture.layers().size(); i++) {
      if (architecture.layers().get(i) instanceof Layer.Shortcut shortcut
          && changesNothing(architecture, shortcut, i)
          && isWhole(architecture, shortcut.from(), i)) {
        blocks.add(new Block(shortcut.from(), i));
      }
    }
    return List.copyOf(blocks);
  }

  private static boolean changesNothing(
      Architecture architecture, Layer.Shortcut shortcut, int index) {
    List<Shape> shapes = architecture.shapes();
    boolean unchanged =
        switch (shortcut.activation()) {
          case IDENTITY -> true;
          case RELU -> isNeverNegative(architecture, shortcut.from());
          case SIGMOID, TANH, SOFTMAX -> false;
        };
    return unchanged && shapes.get(shortcut.from() + 1).equals(shapes.get(index + 1));
  }

  private static boolean isNeverNegative(Architecture architecture, int layer) {
    Layer of = architecture.layers().get(layer);
    return switch (of.kind()) {
      case DENSE -> isNeverNegative(((Layer.Dense) of).activation());
      case CONVOLUTION -> isNeverNegative(((Layer.Convolution) of).activation());
      case BATCH_NORMALIZATION -> isNeverNegative(((Layer.BatchNormalization) of).activation());
      case SHORTCUT -> isNeverNegative(((Layer.Shortcut) of).activation());
      case POOLING -> layer > 0 && isNeverNegative(architecture, layer - 1);
      case SPARSE_ACTIVATION -> true;
      case LSTM, POSITIONS, LAYER_NORMALIZATION, SELF_ATTENTION, FACTORED, STOCK -> false;
    };
  }

  private static boolean isNeverNegative(Activation activation) {
    return switch (activation) {
      case RELU, SIGMOID, SOFTMAX -> true;
      case IDENTITY, TANH -> false;
    };
  }

  /** Whether nothing but the block's own shortcut leads into its inside or out of it. */
  private static boolean isWhole(Architecture architecture, int source, int end) {
    for (int i = 0; i < architecture.layers().size(); i++) {
      if (i != end && architecture.layers().get(i) instanceof Layer.Shortcut other) {
        boolean endsWithin = i > source && i < end;
        boolean startsWithin = other.from() > source && other.from() < end;
        if (endsWithin || startsWithin) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The network without some of its blocks; shortcuts that started from a block's end start from
   * its source.
   *
   * @param blocks of {@link #removable}
   */
  public static Network without(Network network, List<Block> blocks) {
    Architecture architecture = network.architecture();
    if (!removable(architecture).containsAll(blocks)) {
      throw new IllegalArgumentException(blocks + " cannot all go from " + architecture);
    }
    int count = architecture.layers().size();
    boolean[] gone = new boolean[count];
    for (Block block : blocks) {
      for (int i = block.source() + 1; i <= block.shortcut(); i++) {
        gone[i] = true;
      }
    }
    List<Layer> layers = new ArrayList<>();
    // Where each layer's output comes from now.
    int[] moved = new int[count];
    for (int i = 0; i < count; i++) {
      Layer layer = architecture.layers().get(i);
      if (!gone[i]) {
        layers.add(
            layer instanceof Layer.Shortcut shortcut
                ? new Layer.Shortcut(moved[shortcut.from()], shortcut.activation())
                : layer);
      }
      moved[i] = layers.size() - 1;
    }
    Architecture smaller = new Architecture(architecture.input(), layers);
    float[] parameters = new float[smaller.parameters()];
    int at = 0;
    for (ParameterTensor tensor : architecture.tensors()) {
      if (!gone[tensor.layer()]) {
        System.arraycopy(network.parameters(), tensor.offset(), parameters, at, tensor.size());
        at += tensor.size();
      }
    }
    return new Network(smaller, parameters);
  }
}
