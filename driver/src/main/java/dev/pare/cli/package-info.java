/** The commands. The only package that prints. */
@NullMarked
package dev.pare.cli;

import org.jspecify.annotations.NullMarked;
