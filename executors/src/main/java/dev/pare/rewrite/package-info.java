/**
 * Compressed networks of the same function in fewer bytes, and of tables and biases in fewer: what
 * is done to a network before it is written.
 *
 * <p>{@link dev.pare.rewrite.EquivalentNetworks} leaves out and reorders channels, {@link
 * dev.pare.rewrite.FoldedNormalization} folds normalization into weights, and {@link
 * dev.pare.rewrite.WrittenNetwork} has a network's file. Depends on candidate, graph, codec, data,
 * structure and artifact; not on Spark or ND4J.
 */
@NullMarked
package dev.pare.rewrite;

import org.jspecify.annotations.NullMarked;
