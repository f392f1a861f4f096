/** Metrics and their intervals, and the operations and the time that networks take. */
@NullMarked
package dev.pare.evaluate;

import org.jspecify.annotations.NullMarked;
