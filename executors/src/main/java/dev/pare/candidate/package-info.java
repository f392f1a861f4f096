/**
 * What to do and what came of it: the settings of a candidate's stages, and the outcome of running
 * them.
 *
 * <p>Small immutable values that cross the wire between driver and executors. Depends on java.base
 * alone.
 */
@NullMarked
package dev.pare.candidate;

import org.jspecify.annotations.NullMarked;
