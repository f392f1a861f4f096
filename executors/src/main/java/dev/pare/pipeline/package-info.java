/** The stages of a candidate in order, over a store of their products. No Spark. */
@NullMarked
package dev.pare.pipeline;

import org.jspecify.annotations.NullMarked;
