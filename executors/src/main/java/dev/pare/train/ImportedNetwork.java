package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Network;
import org.jspecify.annotations.Nullable;

/**
 * A network from a file.
 *
 * @param comparison by how much its outputs differ from those of the library that wrote the file,
 *     for people; null if that is Pare
 */
public record ImportedNetwork(Network network, @Nullable String comparison) {
  public ImportedNetwork {
    requireNonNull(network, "network is null");
  }
}
