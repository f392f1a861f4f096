/** The stage tree to Spark jobs to outcomes, as they finish. */
@NullMarked
package dev.pare.schedule;

import org.jspecify.annotations.NullMarked;
