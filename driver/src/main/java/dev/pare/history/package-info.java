/**
 * What each run of a sweep left behind, so that runs can be compared over time. Files only: no
 * Spark.
 */
@NullMarked
package dev.pare.history;

import org.jspecify.annotations.NullMarked;
