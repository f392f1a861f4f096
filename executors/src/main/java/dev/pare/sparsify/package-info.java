/**
 * Which weights go: saliencies ({@code Scoring}), what goes as one ({@code Items}), how many of
 * each layer ({@code Allocation}), when ({@code Pruning}); and networks without what has gone
 * ({@code Reduction}). Which layers a technique can treat is in {@code Misfits}.
 */
@NullMarked
package dev.pare.sparsify;

import org.jspecify.annotations.NullMarked;
