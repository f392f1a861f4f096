/** A sweep specification to candidates to the tree of stages they share. */
@NullMarked
package dev.pare.plan;

import org.jspecify.annotations.NullMarked;
