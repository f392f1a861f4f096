/**
 * Training that ends in zeros: penalties by proximal steps ({@code Proximal}) and variational
 * dropout ({@code VariationalWeights}), behind {@link dev.pare.regularize.Regularization}, which
 * tells which layers they can treat.
 */
@NullMarked
package dev.pare.regularize;

import org.jspecify.annotations.NullMarked;
