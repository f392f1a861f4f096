package dev.pare.sparsify;

import dev.pare.candidate.Prune;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Subnetwork;
import dev.pare.structure.ResidualBlocks;
import dev.pare.structure.ResidualBlocks.Block;
import dev.pare.train.ExampleGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Takes residual blocks out of a network, one after the other: each time the one without which the
 * loss on calibration examples is least, the first of equals, or one drawn at random.
 *
 * <p>Blocks make up for each other, so what a block is worth is measured anew after each that went.
 * Of {@code N} that the teacher could lose {@code round(s·N)} go; those gone before count.
 */
public final class BlockPruning {
  private BlockPruning() {}

  /**
   * The network without as many blocks as the settings say.
   *
   * @throws UnsupportedNetworkException if neither it nor the teacher has a block that could go
   */
  public static Subnetwork prune(Prune settings, Network network, CalibrationSource calibration) {
    int left = ResidualBlocks.removable(network.architecture()).size();
    int total = Math.max(left, ResidualBlocks.removable(calibration.teacher()).size());
    if (total == 0) {
      check(network.architecture());
    }
    long wanted = Math.round(settings.sparsity() * total) - (total - left);
    SplittableRandom random = new SplittableRandom(calibration.seed());
    Network smaller = network;
    List<Integer> layers = new ArrayList<>(Subnetwork.all(network).layers());
    for (long gone = 0; gone < wanted; gone++) {
      List<Block> blocks = ResidualBlocks.removable(smaller.architecture());
      Block block =
          settings.saliency().equals(Prune.Saliency.RANDOM)
              ? blocks.get(random.nextInt(blocks.size()))
              : least(smaller, blocks, calibration);
      smaller = ResidualBlocks.without(smaller, List.of(block));
      layers.subList(block.source() + 1, block.shortcut() + 1).clear();
    }
    return new Subnetwork(smaller, layers, Map.of());
  }

  /** The block without which the loss is least. */
  private static Block least(Network network, List<Block> blocks, CalibrationSource calibration) {
    Block best = blocks.get(0);
    double least = Double.NaN;
    for (Block block : blocks) {
      Network smaller = ResidualBlocks.without(network, List.of(block));
      double loss =
          ExampleGradients.score(
                  smaller.architecture(), smaller.parameters(), calibration.examples())
              .loss();
      if (block == blocks.get(0) || Double.compare(loss, least) < 0) {
        best = block;
        least = loss;
      }
    }
    return best;
  }

  /**
   * @throws UnsupportedNetworkException if no block of a network can go, saying why
   */
  static void check(Architecture architecture) {
    boolean shortcuts = architecture.layers().stream().anyMatch(Shortcut.class::isInstance);
    if (!shortcuts) {
      throw new UnsupportedNetworkException(
          "granularity = layer: the network has no shortcuts, without which no layer can go");
    }
    if (ResidualBlocks.removable(architecture).isEmpty()) {
      throw new UnsupportedNetworkException(
          "granularity = layer: each shortcut of the network changes what it adds, in its size or"
              + " by its activation");
    }
  }
}
