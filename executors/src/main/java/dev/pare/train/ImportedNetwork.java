package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Network;

/**
 * A network from another library's file, whose outputs were compared with that library's.
 *
 * @param comparison by how much they differ, for people
 */
public record ImportedNetwork(Network network, String comparison) {
  public ImportedNetwork {
    requireNonNull(network, "network is null");
    requireNonNull(comparison, "comparison is null");
  }
}
