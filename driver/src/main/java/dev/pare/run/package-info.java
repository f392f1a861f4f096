/**
 * One run of a sweep, from its specification to its results: what the packages above do, in its
 * order. Programs start it by {@code dev.pare.Sweep}, which alone may depend on this.
 */
@NullMarked
package dev.pare.run;

import org.jspecify.annotations.NullMarked;
