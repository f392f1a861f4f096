package dev.pare.graph;

/** What a network can be continued by: a layer, or a node that says what its layer reads. */
public interface Step {
  /**
   * The node that this becomes.
   *
   * @param index its index in the network
   */
  Node at(int index);
}
