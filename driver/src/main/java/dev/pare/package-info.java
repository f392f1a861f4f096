/**
 * What programs and notebooks use of Pare: sweeps, their progress, tables and reports. Only {@code
 * cli} may depend on it.
 */
@NullMarked
package dev.pare;

import org.jspecify.annotations.NullMarked;
