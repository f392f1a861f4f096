/** A real Spark cluster on this machine, of Spark's own daemons. */
@NullMarked
package dev.pare.cluster;

import org.jspecify.annotations.NullMarked;
