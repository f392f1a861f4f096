/** A real Zeppelin server on this machine, of the artifacts that the build resolves. */
@NullMarked
package dev.pare.zeppelin;

import org.jspecify.annotations.NullMarked;
