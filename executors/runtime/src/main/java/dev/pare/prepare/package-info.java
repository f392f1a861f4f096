/**
 * What turns a row of raw values into the features that a network reads, and its outputs into
 * classes with names. Fitted once on training data, kept in the .pare file.
 *
 * <p>{@link dev.pare.prepare.Preparation} is all of it. Depends on java.base alone.
 */
@NullMarked
package dev.pare.prepare;

import org.jspecify.annotations.NullMarked;
