package dev.pare.export;

import dev.pare.graph.Shape;

/**
 * What flows from a node to others.
 *
 * @param shape of one example
 * @param flat whether it is {@code [batch, channels · height · width]}, not {@code [batch,
 *     channels, height, width]}
 */
record Value(String name, Shape shape, boolean flat) {
  /** The same in the same layout by another name. */
  Value named(String other) {
    return new Value(other, shape, flat);
  }
}
