/**
 * Which settings mattered: how much of the variance of sizes and of scores follows from each, by
 * functional ANOVA.
 */
@NullMarked
package dev.pare.importance;

import org.jspecify.annotations.NullMarked;
