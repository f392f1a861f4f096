/**
 * Networks as C: whatever a .pare file holds as a header and a source file of C99, without
 * allocation and without the C library.
 *
 * <p>{@link dev.pare.csource.CExport} goes through the network's layers; each is a line of {@link
 * dev.pare.csource.Writers} and a function that adds statements to a {@link
 * dev.pare.csource.Program}. What these call are the functions of this package's resources, files
 * of C each of which includes what it needs; a program has those that it uses. Activations share
 * one array, in which the {@link dev.pare.csource.Arena} gives each its place for as long as it is
 * needed. {@link dev.pare.csource.Integers} says which nodes are computed in integers, as {@link
 * dev.pare.kernel.IntegerLayer} has it, and which make levels of 8 bits.
 */
@NullMarked
package dev.pare.csource;

import org.jspecify.annotations.NullMarked;
