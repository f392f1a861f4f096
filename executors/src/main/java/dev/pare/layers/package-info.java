/**
 * Pare's own layers: forward and backward passes over a batch, on heap arrays and one thread.
 *
 * <p>{@link dev.pare.layers.LayerGraph} runs an architecture; each kind of layer is a {@code
 * LayerPass}. Matrix products are OpenBLAS's, through {@link dev.pare.layers.Blas}; everything else
 * is loops that the compiler makes wide. Depends on model.
 */
@NullMarked
package dev.pare.layers;

import org.jspecify.annotations.NullMarked;
