/**
 * Networks with a part taken out or exchanged: channels, heads of attention, residual blocks,
 * activations.
 *
 * <p>What is left computes what the whole network would with the part's contribution at zero.
 * Depends on model.
 */
@NullMarked
package dev.pare.structure;

import org.jspecify.annotations.NullMarked;
