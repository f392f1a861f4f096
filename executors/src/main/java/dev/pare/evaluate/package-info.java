/** Metrics and their intervals, and the operations that networks take. */
@NullMarked
package dev.pare.evaluate;

import org.jspecify.annotations.NullMarked;
