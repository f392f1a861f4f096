/**
 * Which weights go: saliencies ({@code SaliencyCriterion}), what goes as one ({@code
 * PruningGroups}), how many of each layer ({@code Allocation}), when ({@code Pruning}); and
 * networks without what has gone ({@code ReducedNetwork}). Which layers a technique can treat is in
 * {@code PruningChecks}.
 */
@NullMarked
package dev.pare.sparsify;

import org.jspecify.annotations.NullMarked;
