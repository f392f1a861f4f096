/** Pare on the driver: the entry for programs and notebooks. Only {@code cli} may depend on it. */
@NullMarked
package dev.pare;

import org.jspecify.annotations.NullMarked;
