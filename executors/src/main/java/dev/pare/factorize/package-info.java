/**
 * Low rank: weights as products of narrow matrices, by singular value decomposition, singular value
 * thresholding or alternating least squares, with or without a sparse matrix beside them; and
 * networks made of such factors. All of it in double precision, on the calling thread, the same
 * bits every time.
 *
 * <p>Depends on candidate, data, model, train and sparsify; not on Spark or ND4J.
 */
@NullMarked
package dev.pare.factorize;

import org.jspecify.annotations.NullMarked;
