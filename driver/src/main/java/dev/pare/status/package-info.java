/**
 * Where a sweep stands, while it runs and after: for the terminal, for Spark's metrics, and for
 * whoever asks from elsewhere.
 */
@NullMarked
package dev.pare.status;

import org.jspecify.annotations.NullMarked;
