package dev.pare.examine;

import dev.pare.graph.Network;
import java.util.List;

/**
 * Something to be known of networks. The teacher is measured once for all files.
 *
 * @param <R> what is known of one network
 */
interface Measure<R> {
  /** Measures a network. */
  R of(Network network);

  /** What a file's numbers say beside its teacher's. */
  List<Finding> findings(R teacher, R file);
}
