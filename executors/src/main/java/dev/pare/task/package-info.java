/**
 * What Spark ships to executors, and what an executor's JVM keeps. The only package here that
 * imports Spark.
 */
@NullMarked
package dev.pare.task;

import org.jspecify.annotations.NullMarked;
