package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shortcut;
import java.util.ArrayList;
import java.util.Collections;
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
      if (architecture.layers().get(i) instanceof Shortcut shortcut) {
        Block block = new Block(Collections.min(architecture.nodes().get(i).inputs()), i);
        // What makes the outputs stays.
        if (block.source() != Node.NETWORK_INPUT
            && i < architecture.layers().size() - 1
            && changesNothing(architecture, shortcut, block)
            && isWhole(architecture, block)) {
          blocks.add(block);
        }
      }
    }
    return List.copyOf(blocks);
  }

  private static boolean changesNothing(Architecture architecture, Shortcut shortcut, Block block) {
    boolean unchanged =
        switch (shortcut.activation()) {
          case IDENTITY -> true;
          case RELU -> isNeverNegative(architecture, block.source());
          case SIGMOID, TANH, SOFTMAX -> false;
        };
    return unchanged
        && architecture
            .outputShape(block.source())
            .equals(architecture.outputShape(block.shortcut()));
  }

  private static boolean isNeverNegative(Architecture architecture, int layer) {
    if (layer == Node.NETWORK_INPUT) {
      return false;
    }
    Node node = architecture.nodes().get(layer);
    // What passes signs on has one input; nothing else is asked about those of several.
    return node.layer()
        .isNeverNegative(
            node.inputs().size() == 1 && isNeverNegative(architecture, node.inputs().get(0)));
  }

  /** Whether nothing but the block's source leads into its inside, and its shortcut out of it. */
  private static boolean isWhole(Architecture architecture, Block block) {
    for (int i = block.source() + 1; i < block.shortcut(); i++) {
      boolean fromOutside =
          architecture.nodes().get(i).inputs().stream().anyMatch(from -> from < block.source());
      boolean toOutside =
          architecture.readers(i).stream().anyMatch(reader -> reader > block.shortcut());
      if (fromOutside || toOutside || architecture.layers().get(i) instanceof Shortcut) {
        return false;
      }
    }
    return block.shortcut() > block.source() + 1;
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
    List<Node> nodes = new ArrayList<>();
    // Where each layer's output comes from now.
    int[] moved = new int[count];
    for (int i = 0; i < count; i++) {
      if (gone[i]) {
        // Of a block's end, the source, as everything within the block has gone.
        moved[i] = moved[i - 1];
        continue;
      }
      nodes.add(architecture.nodes().get(i).moved(index -> moved[index]));
      moved[i] = nodes.size() - 1;
    }
    Architecture smaller = new Architecture(architecture.input(), nodes);
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
