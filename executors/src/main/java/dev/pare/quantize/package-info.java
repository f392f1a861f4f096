/**
 * Which values remain: quantizers, as variables that a student trains within, and the levels they
 * end with.
 *
 * <p>A quantizer starts from weights of which some are zero. Zeros stay zero; what a quantizer maps
 * to zero is as good as pruned afterwards.
 */
@NullMarked
package dev.pare.quantize;

import org.jspecify.annotations.NullMarked;
