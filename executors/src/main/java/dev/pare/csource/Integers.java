package dev.pare.csource;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.Convolution;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.IntegerLayer;
import dev.pare.kernel.Requantization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which nodes of a network are computed in integers, and which make levels of a quantization. */
final class Integers {
  private final Architecture architecture;
  private final Map<Integer, IntegerLayer> layers;
  private final Map<Integer, Requantization> sums = new HashMap<>();

  /** Of integer layers the maximum pooling that alone reads what they make. */
  private final Map<Integer, Integer> pools = new HashMap<>();

  /** Of nodes that are computed with an earlier one, and of that one, what they make. */
  private final Map<Integer, Quantization> made = new HashMap<>();

  /** Of nodes that are computed with an earlier one, that one. */
  private final Map<Integer, Integer> doneBy = new HashMap<>();

  Integers(CompressedNetwork network) {
    architecture = network.architecture();
    layers = IntegerLayer.all(network);
    for (int i = 0; i < architecture.nodes().size(); i++) {
      IntegerLayer layer = layers.get(i);
      if (layer != null) {
        int node = i;
        layer.output().ifPresent(output -> made(node, pooled(layer), output));
      } else if (isSumOfLevels(i)) {
        int node = i;
        Requantization.after(architecture, i)
            .ifPresent(
                sum -> {
                  sums.put(node, sum);
                  made(node, sum.last(), sum.output());
                });
      }
    }
  }

  /** The last node that is computed with an integer layer that makes levels. */
  private int pooled(IntegerLayer layer) {
    List<Integer> readers = architecture.readers(layer.last());
    boolean isPooled =
        layer.layer() instanceof Convolution
            && readers.size() == 1
            && architecture.layers().get(readers.get(0)) instanceof Pooling pooling
            && pooling.pool() == Pooling.Pool.MAX;
    if (isPooled) {
      pools.put(layer.node(), readers.get(0));
    }
    return isPooled ? readers.get(0) : layer.last();
  }

  private void made(int node, int last, Quantization output) {
    made.put(node, output);
    for (int at = node; at != last; ) {
      at = architecture.readers(at).get(0);
      made.put(at, output);
      doneBy.put(at, node);
    }
  }

  /** Whether each number is the sum of two numbers that levels stand for, or of one. */
  private boolean isSumOfLevels(int node) {
    Layer layer = architecture.layers().get(node);
    List<Shape> shapes = architecture.inputShapes(node);
    boolean isSum =
        layer instanceof Shortcut
            || layer instanceof Arithmetic arithmetic
                && arithmetic.operation() == Arithmetic.Operation.ADD
                && shapes.get(0).equals(shapes.get(1));
    return isSum
        && architecture.nodes().get(node).inputs().stream()
            .allMatch(source -> levels(source).isPresent());
  }

  /** What computes a node in integers, if that can be. */
  Optional<IntegerLayer> layer(int node) {
    return Optional.ofNullable(layers.get(node));
  }

  /** What becomes of a sum of what levels stand for, if that is levels again. */
  Optional<Requantization> sum(int node) {
    return Optional.ofNullable(sums.get(node));
  }

  /** The maximum pooling of what an integer layer makes that is computed with it, if there is. */
  Optional<Integer> pool(int node) {
    return Optional.ofNullable(pools.get(node));
  }

  /** Whether any layer is computed with such. */
  boolean hasPools() {
    return !pools.isEmpty();
  }

  /** The earlier node that a node is computed with, if there is one. */
  Optional<Integer> doneBy(int node) {
    return Optional.ofNullable(doneBy.get(node));
  }

  /** The last of the nodes that are computed with one, or this. */
  int lastOf(int node) {
    IntegerLayer layer = layers.get(node);
    Requantization sum = sums.get(node);
    Integer pool = pools.get(node);
    if (pool != null) {
      return pool;
    }
    return layer != null ? layer.last() : sum != null ? sum.last() : node;
  }

  /**
   * The quantization whose levels a node makes, if it makes such.
   *
   * @param node or {@link Node#NETWORK_INPUT}
   */
  Optional<Quantization> levels(int node) {
    Quantization known = made.get(node);
    return known != null ? Optional.of(known) : IntegerLayer.levels(architecture, node);
  }
}
