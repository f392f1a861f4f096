/**
 * Sparse training at a fixed density: while a student learns, its layers drop their smallest
 * weights and grow others in their place ({@code FixedDensity}), drawn at random, by their
 * gradients or by the moving averages of these ({@code GrowthCriterion}). Any layer with weights
 * will do.
 */
@NullMarked
package dev.pare.regrow;

import org.jspecify.annotations.NullMarked;
