/**
 * What follows from how channels flow through a network, once for any graph: which go together
 * ({@code ChannelGroups}), which weights make and read one ({@code ChannelWeights}), which are
 * constant or without outgoing weights ({@code DeadChannels}), and the network in which some are
 * left, in any order ({@code KeptChannels}). Also networks with other parts taken out or exchanged:
 * heads of attention, residual blocks, activations.
 *
 * <p>What is left computes what the whole network would with the part's contribution at zero.
 * Depends on data and model.
 */
@NullMarked
package dev.pare.structure;

import org.jspecify.annotations.NullMarked;
