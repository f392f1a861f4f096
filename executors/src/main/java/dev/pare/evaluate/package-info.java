/** Metrics and their intervals. */
@NullMarked
package dev.pare.evaluate;

import org.jspecify.annotations.NullMarked;
