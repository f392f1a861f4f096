/**
 * The form of a network: a directed acyclic graph of layers, its parameters, and what each layer
 * answers about itself. Of java.base alone, as everything that runs a network needs it.
 *
 * <p>A network's parameters are one flat array of floats: layer after layer, each weight tensor
 * row-major with one row an output unit, then its bias. {@link
 * dev.pare.graph.Architecture#tensors()} is the map of it.
 */
@NullMarked
package dev.pare.graph;

import org.jspecify.annotations.NullMarked;
