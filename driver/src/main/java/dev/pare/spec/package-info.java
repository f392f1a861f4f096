/** HOCON to a checked sweep specification, with every problem reported at once. */
@NullMarked
package dev.pare.spec;

import org.jspecify.annotations.NullMarked;
