/**
 * Networks: their architecture, their parameters, and the way into and out of DL4J.
 *
 * <p>A network's parameters are one flat array of floats in Pare's own layout: layer after layer,
 * each weight tensor row-major with one row an output unit, then its bias. {@link
 * dev.pare.graph.Architecture#tensors()} is the map of it.
 */
@NullMarked
package dev.pare.model;

import org.jspecify.annotations.NullMarked;
